//! Evaluation of indexes and slices.

use super::environment::Environment;
use super::evaluate::{Flow, Item, Machine, Out, Stop};
use super::path;
use super::syntax::Filter;
use super::value::Value;

/// What is sliced, from where and to where.
type Slice<'p> = (&'p Filter, &'p Option<Box<Filter>>, &'p Option<Box<Filter>>);

impl<'p> Machine<'p> {
    /// An index, a slice or `.[]`; `maybe` passes over what has none.
    pub(super) fn place(
        &self,
        filter: &'p Filter,
        maybe: bool,
        environment: &Environment<'p>,
        input: Item,
        out: Out<'_>,
    ) -> Flow {
        match filter {
            Filter::Index(of, by) => self.index(of, by, maybe, environment, input, out),
            Filter::Slice(of, from, to) => {
                self.slice((of, from, to), maybe, environment, input, out)
            }
            Filter::Each(of) => self.eval(of, environment, input, &mut |item| {
                if maybe && !matches!(item.value, Value::Array(_) | Value::Object(_)) {
                    return Ok(());
                }
                self.each(&item, out)
            }),
            _ => Err(Stop::Unknown),
        }
    }

    fn index(
        &self,
        of: &'p Filter,
        by: &'p Filter,
        maybe: bool,
        environment: &Environment<'p>,
        input: Item,
        out: Out<'_>,
    ) -> Flow {
        let value = input.value.clone();
        self.values(by, environment, &value, &mut |key| {
            self.eval(
                of,
                environment,
                input.clone(),
                &mut |item| match path::element(&item.value, &key) {
                    Err(Stop::Error(_)) if maybe => Ok(()),
                    value => out(item.step(key.clone(), value?)?),
                },
            )
        })
    }

    fn slice(
        &self,
        (of, from, to): Slice<'p>,
        maybe: bool,
        environment: &Environment<'p>,
        input: Item,
        out: Out<'_>,
    ) -> Flow {
        let bound = |bound: &'p Option<Box<Filter>>| match bound {
            Some(filter) => self.all(filter, environment, &input.value),
            None => Ok(vec![Value::Null]),
        };
        for to in &bound(to)? {
            for from in &bound(from)? {
                self.eval(of, environment, input.clone(), &mut |item| {
                    let value = match path::slice(&item.value, from, to) {
                        Err(Stop::Error(_)) if maybe => return Ok(()),
                        value => self.made(value?)?,
                    };
                    let key = Value::record([("start", from.clone()), ("end", to.clone())]);
                    out(item.step(key, value)?)
                })?;
            }
        }
        Ok(())
    }
}
