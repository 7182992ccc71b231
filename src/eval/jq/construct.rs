//! Evaluation of what makes values: texts, arrays, objects.

use std::rc::Rc;

use super::environment::Environment;
use super::evaluate::{Flow, Item, Machine, Out};
use super::format;
use super::operator::{describe, fail};
use super::syntax::{Filter, Piece};
use super::value::{Fields, Value};

impl<'p> Machine<'p> {
    pub(super) fn text(
        &self,
        format: Option<&str>,
        pieces: &'p [Piece],
        environment: &Environment<'p>,
        input: Item,
        out: Out<'_>,
    ) -> Flow {
        let mut texts = vec![String::new()];
        for piece in pieces {
            match piece {
                Piece::Plain(plain) => texts.iter_mut().for_each(|text| text.push_str(plain)),
                Piece::Filter(filter) => {
                    let mut longer = Vec::new();
                    // The results of a later part change slowest.
                    for value in self.all(filter, environment, &input.value)? {
                        let shown = format::apply(format.unwrap_or("text"), &value)?;
                        for text in &texts {
                            self.spend(1 + (text.len() as u64) / 64)?;
                            longer.push(format!("{text}{shown}"));
                        }
                    }
                    texts = longer;
                }
            }
        }
        for text in texts {
            out(input.made(self.made(Value::text(text))?))?;
        }
        Ok(())
    }

    pub(super) fn array(
        &self,
        inner: Option<&'p Filter>,
        environment: &Environment<'p>,
        input: Item,
        out: Out<'_>,
    ) -> Flow {
        let items = match inner {
            Some(inner) => self.all(inner, environment, &input.value)?,
            None => Vec::new(),
        };
        out(input.made(self.made(Value::array(items))?))
    }

    pub(super) fn object(
        &self,
        entries: &'p [(Filter, Filter)],
        environment: &Environment<'p>,
        input: &Item,
        fields: Fields,
        out: Out<'_>,
    ) -> Flow {
        let Some(((key, value), rest)) = entries.split_first() else {
            return out(input.made(self.made(Value::object(fields))?));
        };
        self.values(key, environment, &input.value, &mut |key| {
            let Value::String(name) = &key else {
                return fail(format!(
                    "Object keys must be strings, not {}",
                    describe(&key)
                ));
            };
            self.values(value, environment, &input.value, &mut |value| {
                let mut fields = fields.clone();
                fields.insert(Rc::clone(name), value);
                self.object(rest, environment, input, fields, out)
            })
        })
    }
}
