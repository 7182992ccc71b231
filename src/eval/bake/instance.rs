//! The targets that a block stands for: one, or one for each combination of its matrix.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::attribute::Field;
use super::budget::{INSTANCES, NAMES};
use super::error::{Fault, Outcome};
use super::expression::Locals;
use super::scope::{Scope, Slot};
use super::syntax::Block;
use super::value::Value;
use crate::eval::unknown::{self, Mark};

/// One combination of a matrix: a value for each of its names.
type Row = Vec<(Rc<str>, Value)>;

/// One target or group.
pub(super) struct Instance {
    pub(super) name: Rc<str>,
    /// The values that the matrix gives it.
    pub(super) locals: Row,
    pub(super) fields: RefCell<BTreeMap<&'static str, Slot<Option<Field>>>>,
    /// Present where the matrix is not known, so that neither its names nor its values are.
    pub(super) open: Option<Mark>,
}

impl Scope<'_> {
    /// The instances of every block.
    pub(super) fn expand_blocks(&self) -> Outcome<()> {
        let mut all = Vec::with_capacity(self.module.blocks.len());
        let mut count = 0;
        for block in &self.module.blocks {
            let names = self.expand(block).map_err(|fault| fault.or_at(block.at))?;
            count += names.len();
            if count > NAMES {
                return Err(Fault::at(block.at, "there are too many targets"));
            }
            all.push(names);
        }
        // Set once: nothing else sets it.
        let _ = self.instances.set(all);
        Ok(())
    }

    fn expand(&self, block: &Block) -> Outcome<Vec<Instance>> {
        let label = block.labels.first().map_or("", |label| &**label);
        check_name(label)?;
        let (matrix, name) = (block.body.attribute("matrix"), block.body.attribute("name"));
        if &*block.kind == "group" {
            if name.is_some() || matrix.is_some() {
                return Err(Fault::new("a group has neither `name` nor `matrix`"));
            }
            return Ok(vec![instance(label, Vec::new())]);
        }
        let rows = match matrix {
            None if name.is_some() => return Err(Fault::new("`name` needs a `matrix`")),
            None => vec![Vec::new()],
            Some(matrix) => match self.evaluate(matrix, &Locals::default())? {
                Value::Unknown(mark) => {
                    let mut all = instance(&mark.as_char().to_string(), Vec::new());
                    all.open = Some(mark);
                    return Ok(vec![all]);
                }
                matrix => self.rows(&matrix)?,
            },
        };
        let mut instances: Vec<Instance> = Vec::with_capacity(rows.len());
        for row in rows {
            let locals = Locals {
                entries: &row,
                outer: None,
            };
            let name = match name {
                Some(name) => {
                    let text = self.evaluate(name, &locals)?.to_text();
                    text.ok_or_else(|| Fault::at(name.at, "a name must be a string"))?
                }
                None => label.into(),
            };
            check_name(&name)?;
            let mut name = name;
            while instances.iter().any(|known| known.name == name) {
                // Names that are not known may well differ: they stay two.
                let Some(mark) = unknown::first_mark(&name) else {
                    return Err(Fault::new(format!("two targets have the name `{name}`")));
                };
                name = format!("{name}{}", mark.as_char()).into();
                self.budget.spend(instances.len() / 8 + 1)?;
            }
            instances.push(instance(&name, row));
        }
        Ok(instances)
    }

    /// The combinations of a matrix.
    fn rows(&self, matrix: &Value) -> Outcome<Vec<Row>> {
        let entries = match matrix {
            Value::Map(_, entries) => entries,
            _ => return Err(Fault::new("a matrix must be a map")),
        };
        let mut rows: Vec<Row> = vec![Vec::new()];
        for (name, values) in entries.iter() {
            let single = std::slice::from_ref(values);
            let of_map: Vec<Value>;
            let values = match values {
                Value::List(_, items) => items.as_slice(),
                Value::Map(_, entries) => {
                    of_map = entries.values().cloned().collect();
                    &of_map
                }
                // Some values, not known which: one row stands for all of them.
                Value::Unknown(_) => single,
                _ => return Err(Fault::new("the values of a matrix must be lists")),
            };
            let count = rows.len().saturating_mul(values.len());
            if count > INSTANCES {
                return Err(Fault::new(format!(
                    "a matrix gives at least {count} targets; more than {INSTANCES} are not evaluated"
                )));
            }
            rows = values
                .iter()
                .flat_map(|value| {
                    rows.iter().map(move |row| {
                        let mut row = row.clone();
                        row.push((Rc::clone(name), value.clone()));
                        row
                    })
                })
                .collect();
            self.budget.spend(rows.len())?;
        }
        Ok(rows)
    }
}

fn instance(name: &str, locals: Row) -> Instance {
    Instance {
        name: name.into(),
        locals,
        fields: RefCell::default(),
        open: None,
    }
}

/// A name is letters, digits, `_` and `-`; what is not known of it may be.
pub(super) fn check_name(name: &str) -> Outcome<()> {
    let fits = |c: char| {
        c.is_ascii_alphanumeric() || matches!(c, '_' | '-') || Mark::from_char(c).is_some()
    };
    if name.is_empty() || !name.chars().all(fits) {
        return Err(Fault::new(format!(
            "`{name}` is no valid name: only letters, digits, `_` and `-` are allowed"
        )));
    }
    Ok(())
}
