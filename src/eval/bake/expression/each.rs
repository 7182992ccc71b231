//! Loops over lists and objects.

use std::rc::Rc;

use super::{Locals, key_text};
use crate::eval::bake::error::{At, Fault, Outcome};
use crate::eval::bake::scope::Scope;
use crate::eval::bake::syntax::{For, Names};
use crate::eval::bake::value::{Entries, Shape, Value};
use crate::eval::unknown::Mark;
use crate::eval::value::Truth;

impl Scope<'_> {
    /// Does something for each item; gives the mark where the collection itself is not known.
    pub(super) fn each(
        &self,
        names: &Names,
        collection: &Value,
        at: At,
        locals: &Locals<'_>,
        work: &mut dyn FnMut(&Locals<'_>) -> Outcome<()>,
    ) -> Outcome<Option<Mark>> {
        let mut one = |key: Value, value: Value| -> Outcome<()> {
            self.budget.spend(1)?;
            let mut entries = vec![(Rc::clone(&names.value), value)];
            if let Some(name) = &names.key {
                entries.push((Rc::clone(name), key));
            }
            work(&Locals {
                entries: &entries,
                outer: Some(locals),
            })
        };
        match collection {
            Value::Unknown(mark) => return Ok(Some(*mark)),
            Value::List(shape, items) => {
                for (index, item) in items.iter().enumerate() {
                    let key = match (shape, item) {
                        (_, Value::Unknown(_)) | (Shape::Set, _) => item.clone(),
                        _ => Value::Number(index as f64),
                    };
                    one(key, item.clone())?;
                }
            }
            Value::Map(_, entries) => {
                for (name, value) in entries.iter() {
                    one(Value::text(name), value.clone())?;
                }
            }
            other => {
                let kind = other.kind_name();
                let message = format!("`for` needs a list or an object, this is {kind}");
                return Err(Fault::at(at, message));
            }
        }
        Ok(None)
    }

    pub(super) fn for_each(&self, tree: &For, locals: &Locals<'_>) -> Outcome<Value> {
        let collection = self.evaluate(&tree.collection, locals)?;
        let at = tree.collection.at;
        let mut items = Vec::new();
        let mut groups: std::collections::BTreeMap<Rc<str>, Vec<Value>> = Default::default();
        let whole = self.each(&tree.names, &collection, at, locals, &mut |locals| {
            let mut doubt = None;
            if let Some(condition) = &tree.condition {
                match self.evaluate(condition, locals)?.to_truth() {
                    Some(Truth::True) => {}
                    Some(Truth::False) => return Ok(()),
                    Some(Truth::Unknown(mark)) => doubt = Some(mark),
                    None => {
                        let message = "the condition is neither true nor false";
                        return Err(Fault::at(condition.at, message));
                    }
                }
            }
            let value = self.evaluate(&tree.value, locals)?;
            // What may or may not be there is an unknown number of items.
            let value = doubt.map_or(value, Value::Unknown);
            let Some(key) = &tree.key else {
                items.push(value);
                return Ok(());
            };
            let name = self.evaluate(key, locals)?;
            let name = key_text(&name).map_err(|fault| fault.or_at(key.at))?;
            let group = groups.entry(Rc::clone(&name)).or_default();
            if !tree.grouped && !group.is_empty() {
                let message = format!("two items have the same key `{name}`");
                return Err(Fault::at(key.at, message));
            }
            group.push(value);
            Ok(())
        })?;
        if let Some(mark) = whole {
            return Ok(Value::Unknown(mark));
        }
        if tree.key.is_none() {
            return Ok(Value::tuple(items));
        }
        let entries: Entries = groups
            .into_iter()
            .map(|(name, mut values)| match values.pop() {
                Some(value) if !tree.grouped => (name, value),
                last => {
                    values.extend(last);
                    (name, Value::tuple(values))
                }
            })
            .collect();
        Ok(Value::object(entries))
    }
}
