//! Operators.

use super::Locals;
use crate::eval::bake::error::{At, Fault, Outcome};
use crate::eval::bake::scope::Scope;
use crate::eval::bake::syntax::{Expr, Operator};
use crate::eval::bake::value::{Value, equal};
use crate::eval::value::Truth;

impl Scope<'_> {
    pub(super) fn not(&self, inner: &Expr, locals: &Locals<'_>) -> Outcome<Value> {
        Ok((!self.truth(inner, locals)?).into())
    }

    pub(super) fn negate(&self, inner: &Expr, locals: &Locals<'_>) -> Outcome<Value> {
        let value = self.evaluate(inner, locals)?;
        Ok(match operand(&value, inner.at)? {
            Ok(number) => Value::Number(-number),
            Err(unknown) => unknown,
        })
    }

    fn truth(&self, expr: &Expr, locals: &Locals<'_>) -> Outcome<Truth> {
        let value = self.evaluate(expr, locals)?;
        value.to_truth().ok_or_else(|| {
            let kind = value.kind_name();
            Fault::at(expr.at, format!("a bool is required here, this is {kind}"))
        })
    }

    pub(super) fn binary(
        &self,
        operator: Operator,
        sides: &[Expr; 2],
        locals: &Locals<'_>,
    ) -> Outcome<Value> {
        let [left, right] = sides;
        match operator {
            Operator::And => Ok(match self.truth(left, locals)? {
                Truth::False => Truth::False.into(),
                truth => truth.and(self.truth(right, locals)?).into(),
            }),
            Operator::Or => Ok(match self.truth(left, locals)? {
                Truth::True => Truth::True.into(),
                truth => truth.or(self.truth(right, locals)?).into(),
            }),
            Operator::Equal | Operator::NotEqual => {
                let same = equal(
                    &self.evaluate(left, locals)?,
                    &self.evaluate(right, locals)?,
                );
                let negated = operator == Operator::NotEqual;
                Ok(if negated { !same } else { same }.into())
            }
            _ => {
                let a = self.evaluate(left, locals)?;
                let b = self.evaluate(right, locals)?;
                match (operand(&a, left.at)?, operand(&b, right.at)?) {
                    (Ok(a), Ok(b)) => calculate(operator, a, b),
                    (Err(unknown), _) | (_, Err(unknown)) => Ok(unknown),
                }
            }
        }
    }
}

/// The number that an operand is, or the unknown that the result will be.
fn operand(value: &Value, at: At) -> Outcome<Result<f64, Value>> {
    match value.to_number() {
        Some(number) => Ok(number.map_err(Value::Unknown)),
        None => {
            let kind = value.kind_name();
            Err(Fault::at(
                at,
                format!("a number is required here, this is {kind}"),
            ))
        }
    }
}

fn calculate(operator: Operator, a: f64, b: f64) -> Outcome<Value> {
    let number = match operator {
        Operator::Less => return Ok(Value::Bool(a < b)),
        Operator::LessOrEqual => return Ok(Value::Bool(a <= b)),
        Operator::Greater => return Ok(Value::Bool(a > b)),
        Operator::GreaterOrEqual => return Ok(Value::Bool(a >= b)),
        Operator::Add => a + b,
        Operator::Subtract => a - b,
        Operator::Multiply => a * b,
        Operator::Divide => a / b,
        _ => a % b,
    };
    if !number.is_finite() {
        return Err(Fault::new("the result is no number: a division by zero?"));
    }
    Ok(Value::Number(number))
}
