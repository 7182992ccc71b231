//! Evaluation of `reduce` and `foreach`, and of what binds names.

use super::environment::{Bound, Environment};
use super::evaluate::{Flow, Item, Machine, Out, Stop};
use super::path;
use super::syntax::{Filter, Fold, Pattern};
use super::value::Value;

impl<'p> Machine<'p> {
    /// The last result of a filter, as an item.
    fn last(
        &self,
        filter: &'p Filter,
        environment: &Environment<'p>,
        input: Item,
    ) -> Result<Item, Stop> {
        let mut last = input.made(Value::Null);
        self.eval(filter, environment, input, &mut |item| {
            last = item;
            Ok(())
        })?;
        self.made(last.value.clone())?;
        Ok(last)
    }

    pub(super) fn reduce(
        &self,
        fold: &'p Fold,
        environment: &Environment<'p>,
        input: Item,
        out: Out<'_>,
    ) -> Flow {
        self.eval(&fold.start, environment, input.clone(), &mut |start| {
            let mut state = start;
            self.values(&fold.source, environment, &input.value, &mut |value| {
                self.bind(&fold.pattern, &value, environment, &input, &mut |inner| {
                    let before = Item {
                        value: Value::Null,
                        track: state.track.clone(),
                    };
                    let before = std::mem::replace(&mut state, before);
                    state = self.last(&fold.update, inner, before)?;
                    Ok(())
                })
            })?;
            out(state)
        })
    }

    pub(super) fn foreach(
        &self,
        fold: &'p Fold,
        environment: &Environment<'p>,
        input: Item,
        out: Out<'_>,
    ) -> Flow {
        self.eval(&fold.start, environment, input.clone(), &mut |start| {
            let mut state = start;
            self.values(&fold.source, environment, &input.value, &mut |value| {
                self.bind(&fold.pattern, &value, environment, &input, &mut |inner| {
                    let before = state.clone();
                    self.eval(&fold.update, inner, before, &mut |item| {
                        self.made(item.value.clone())?;
                        state = item.clone();
                        match &fold.extract {
                            Some(extract) => self.eval(extract, inner, item, out),
                            None => out(item),
                        }
                    })
                })
            })
        })
    }

    /// Binds the names of a pattern, once for each way that it can be taken.
    pub(super) fn bind(
        &self,
        pattern: &'p Pattern,
        value: &Value,
        environment: &Environment<'p>,
        input: &Item,
        out: &mut dyn FnMut(&Environment<'p>) -> Flow,
    ) -> Flow {
        match pattern {
            Pattern::Variable(name) => out(&environment.with(Bound::Variable(name, value.clone()))),
            Pattern::Array(patterns) => {
                self.bind_items(patterns, 0, value, environment, input, out)
            }
            Pattern::Object(entries) => self.bind_entries(entries, value, environment, input, out),
        }
    }

    pub(super) fn bind_items(
        &self,
        patterns: &'p [Pattern],
        at: usize,
        value: &Value,
        environment: &Environment<'p>,
        input: &Item,
        out: &mut dyn FnMut(&Environment<'p>) -> Flow,
    ) -> Flow {
        self.spend(1)?;
        let Some(pattern) = patterns.get(at) else {
            return out(environment);
        };
        let own = path::element(value, &Value::count(at))?;
        self.bind(pattern, &own, environment, input, &mut |inner| {
            self.bind_items(patterns, at + 1, value, inner, input, out)
        })
    }

    pub(super) fn bind_entries(
        &self,
        entries: &'p [(Option<String>, Filter, Option<Pattern>)],
        value: &Value,
        environment: &Environment<'p>,
        input: &Item,
        out: &mut dyn FnMut(&Environment<'p>) -> Flow,
    ) -> Flow {
        self.spend(1)?;
        let Some(((bound, key, pattern), rest)) = entries.split_first() else {
            return out(environment);
        };
        self.values(key, environment, &input.value, &mut |key| {
            let own = path::element(value, &key)?;
            let environment = match bound {
                Some(name) => environment.with(Bound::Variable(name, own.clone())),
                None => environment.clone(),
            };
            match pattern {
                Some(pattern) => self.bind(pattern, &own, &environment, input, &mut |inner| {
                    self.bind_entries(rest, value, inner, input, out)
                }),
                None => self.bind_entries(rest, value, &environment, input, out),
            }
        })
    }
}
