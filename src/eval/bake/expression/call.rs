//! Calls: of functions that HCL brings, and of functions that the definition defines.

use std::rc::Rc;

use super::Locals;
use crate::eval::bake::error::{Fault, Outcome};
use crate::eval::bake::function;
use crate::eval::bake::scope::{Function, Scope};
use crate::eval::bake::syntax::Expr;
use crate::eval::bake::value::{Value, convert};
use crate::eval::bake::variable::kind_of;

impl Scope<'_> {
    pub(super) fn call(
        &self,
        name: &Rc<str>,
        arguments: &[Expr],
        spread: bool,
        locals: &Locals<'_>,
    ) -> Outcome<Value> {
        match (&**name, arguments) {
            ("can", [one]) => return Ok(Value::Bool(self.evaluate(one, locals).is_ok())),
            ("try", [_, ..]) => return self.first_that_works(arguments, locals),
            ("convert", [value, kind]) => {
                let value = self.evaluate(value, locals)?;
                return Ok(convert(&value, &kind_of(kind)?)?);
            }
            _ => {}
        }
        let mut values = Vec::with_capacity(arguments.len());
        for argument in arguments {
            values.push(self.evaluate(argument, locals)?);
        }
        if spread {
            match values.pop() {
                Some(Value::List(_, items)) => values.extend(items.iter().cloned()),
                Some(Value::Unknown(mark)) => return Ok(Value::Unknown(mark)),
                _ => return Err(Fault::new("only a list can be spread over arguments")),
            }
        }
        match (function::find(name), self.function(name)) {
            (Some(builtin), _) => function::call(builtin, name, &values, self),
            (None, Some(own)) => self.call_own(name, own, values),
            (None, None) => Err(Fault::new(format!("there is no function named `{name}`"))),
        }
    }

    fn first_that_works(&self, arguments: &[Expr], locals: &Locals<'_>) -> Outcome<Value> {
        let mut last = Fault::new("`try` needs an argument");
        for argument in arguments {
            match self.evaluate(argument, locals) {
                Ok(value) => return Ok(value),
                Err(fault) => last = fault,
            }
        }
        Err(last)
    }

    fn call_own(&self, name: &str, own: &Function, values: Vec<Value>) -> Outcome<Value> {
        let fits = match own.rest {
            Some(_) => values.len() >= own.parameters.len(),
            None => values.len() == own.parameters.len(),
        };
        if !fits {
            let (wanted, given) = (own.parameters.len(), values.len());
            return Err(Fault::new(format!(
                "`{name}` takes {wanted} arguments, not {given}"
            )));
        }
        let mut values = values.into_iter();
        let mut entries: Vec<(Rc<str>, Value)> = own
            .parameters
            .iter()
            .map(Rc::clone)
            .zip(values.by_ref())
            .collect();
        if let Some(rest) = &own.rest {
            entries.push((Rc::clone(rest), Value::tuple(values.collect())));
        }
        let locals = Locals {
            entries: &entries,
            outer: None,
        };
        self.evaluate(&own.result, &locals)
    }
}
