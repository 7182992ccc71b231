//! Steps into values: `.name`, `[index]`, `.*`, `[*]`; and references to other blocks.

use super::Locals;
use crate::eval::bake::error::{At, Fault, Outcome};
use crate::eval::bake::scope::Scope;
use crate::eval::bake::syntax::{Expr, Node, Step};
use crate::eval::bake::value::{Shape, Value};
use crate::eval::unknown;

impl Scope<'_> {
    pub(super) fn traversal(
        &self,
        base: &Expr,
        steps: &[Step],
        locals: &Locals<'_>,
    ) -> Outcome<Value> {
        if let Node::Variable(kind) = &base.node
            && Self::is_block_kind(kind)
            && locals.get(kind).is_none()
        {
            return match steps {
                [Step::Name(name, _), Step::Name(attribute, _), rest @ ..] => {
                    let value = self.block_attribute(kind, name, attribute)?;
                    self.steps(value, rest, locals)
                }
                [Step::Name(name, _), rest @ ..] => {
                    let value = self.block_object(kind, name)?;
                    self.steps(value, rest, locals)
                }
                _ => Err(Fault::new(format!(
                    "`{kind}` needs the name of one after it"
                ))),
            };
        }
        let value = self.evaluate(base, locals)?;
        self.steps(value, steps, locals)
    }

    fn steps(&self, value: Value, steps: &[Step], locals: &Locals<'_>) -> Outcome<Value> {
        let mut value = value;
        let mut steps = steps;
        while let [step, rest @ ..] = steps {
            steps = rest;
            value = match step {
                Step::Name(name, at) => self.member(&value, &Value::text(name), *at)?,
                Step::Index(index) => {
                    let key = self.evaluate(index, locals)?;
                    self.member(&value, &key, index.at)?
                }
                Step::NameSplat => {
                    let names = rest
                        .iter()
                        .take_while(|step| matches!(step, Step::Name(..)))
                        .count();
                    let (into, after) = rest.split_at(names);
                    steps = after;
                    self.splat(&value, into, locals)?
                }
                Step::FullSplat => {
                    steps = &[];
                    self.splat(&value, rest, locals)?
                }
            };
        }
        Ok(value)
    }

    fn splat(&self, value: &Value, into: &[Step], locals: &Locals<'_>) -> Outcome<Value> {
        let single = std::slice::from_ref(value);
        let items = match value {
            Value::Unknown(mark) => return Ok(Value::Unknown(*mark)),
            Value::Null(_) => &[],
            Value::List(_, items) => items.as_slice(),
            _ => single,
        };
        let items: Outcome<_> = items
            .iter()
            .map(|item| {
                self.budget.spend(1)?;
                self.budget
                    .deeper(|| self.steps(item.clone(), into, locals))
            })
            .collect();
        Ok(Value::tuple(items?))
    }

    /// One member of a list or an object.
    pub(in crate::eval::bake) fn member(
        &self,
        value: &Value,
        key: &Value,
        at: At,
    ) -> Outcome<Value> {
        let missing = |what: String| Err(Fault::at(at, what));
        match (value, key) {
            (Value::Unknown(mark), _) | (_, Value::Unknown(mark)) => Ok(Value::Unknown(*mark)),
            (Value::Null(_), _) => missing("null has no members".to_owned()),
            (Value::Map(_, entries), _) => {
                let Some(name) = key.to_text() else {
                    return missing(format!("{} is no key", key.kind_name()));
                };
                if let Some(value) = entries.get(&name) {
                    return Ok(value.clone());
                }
                let keys = entries.keys().find_map(|key| unknown::first_mark(key));
                match unknown::first_mark(&name).or(keys) {
                    Some(mark) => Ok(Value::Unknown(mark)),
                    None => missing(format!("there is no member named `{name}`")),
                }
            }
            (Value::List(shape, items), _) => {
                let index = match key.to_number() {
                    Some(Ok(number)) if *shape != Shape::Set => number,
                    Some(Err(mark)) => return Ok(Value::Unknown(mark)),
                    _ => return missing(format!("{} is no index here", key.kind_name())),
                };
                let found = (index >= 0.0 && index.fract() == 0.0).then_some(index as usize);
                // An item that is not known may stand for several, so all after it are moved.
                let before = items.iter().take(found.map_or(0, |index| index + 1));
                for item in before {
                    if let Value::Unknown(mark) = item {
                        return Ok(Value::Unknown(*mark));
                    }
                }
                match found.and_then(|index| items.get(index)) {
                    Some(item) => Ok(item.clone()),
                    None => missing(format!("there is no item {index}")),
                }
            }
            _ => missing(format!("{} has no members", value.kind_name())),
        }
    }
}
