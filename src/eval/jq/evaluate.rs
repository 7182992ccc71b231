//! Evaluation: what each part of a program gives for a value. Functions by name are in
//! [`super::function`].

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use super::environment::{Bound, Environment};
use super::json::DEEPEST;
use super::operator::{self, describe, fail};
use super::syntax::{Filter, Operator, Update};
use super::value::{Fields, Value};
use super::{format, function, json};

/// How deep evaluation may nest.
const DEPTH: u32 = 3_000;
/// How many steps a program may take, and how much it may make.
const FUEL: u64 = 400_000;
/// How large a value may be.
const WEIGHT: u32 = 200_000;
/// How long a path may be.
const PATH: usize = 300;

/// Why evaluation does not go on.
#[derive(Debug, Clone)]
pub(super) enum Stop {
    /// An error that `try` catches.
    Error(Value),
    /// The way out to a label.
    Break(usize),
    /// What follows depends on what is not known, or is not evaluated here.
    Unknown,
}

pub(super) type Flow = Result<(), Stop>;
pub(super) type Out<'o> = &'o mut dyn FnMut(Item) -> Flow;

/// The way to a value from where a path expression began.
#[derive(Debug, Clone)]
pub(super) enum Track {
    /// Nobody asks.
    Off,
    /// The value was not reached by a path.
    Lost,
    At(Option<Rc<Link>>),
}

#[derive(Debug)]
pub(super) struct Link {
    key: Value,
    before: Option<Rc<Link>>,
    length: usize,
}

impl Track {
    /// The keys from the start.
    pub(super) fn keys(&self) -> Option<Vec<Value>> {
        let Self::At(link) = self else { return None };
        let mut keys = Vec::new();
        let mut next = link.as_ref();
        while let Some(link) = next {
            keys.push(link.key.clone());
            next = link.before.as_ref();
        }
        keys.reverse();
        Some(keys)
    }
}

/// A value on its way through a program.
#[derive(Debug, Clone)]
pub(super) struct Item {
    pub(super) value: Value,
    pub(super) track: Track,
}

impl Item {
    pub(super) fn of(value: Value) -> Self {
        Self {
            value,
            track: Track::Off,
        }
    }

    /// A value that was made and not reached.
    pub(super) fn made(&self, value: Value) -> Self {
        let track = match self.track {
            Track::Off => Track::Off,
            _ => Track::Lost,
        };
        Self { value, track }
    }

    /// The value at a key of this one.
    pub(super) fn step(&self, key: Value, value: Value) -> Result<Self, Stop> {
        let track = match &self.track {
            Track::Off => Track::Off,
            Track::Lost => {
                return fail(format!(
                    "Invalid path expression with result {}",
                    json::compact(&self.value).unwrap_or_default()
                ));
            }
            Track::At(before) => {
                let length = before.as_ref().map_or(0, |link| link.length) + 1;
                if length > PATH {
                    return Err(Stop::Unknown);
                }
                Track::At(Some(Rc::new(Link {
                    key,
                    before: before.clone(),
                    length,
                })))
            }
        };
        Ok(Self { value, track })
    }
}

/// What a program runs in.
pub(super) struct Machine<'p> {
    fuel: Cell<u64>,
    depth: Cell<u32>,
    labels: Cell<usize>,
    /// The inputs that were not read yet, last first.
    pub(super) inputs: RefCell<Vec<Result<Value, json::Fault>>>,
    pub(super) variables: &'p HashMap<String, Option<String>>,
    /// Whether the inputs are known at all.
    pub(super) input_known: bool,
}

impl<'p> Machine<'p> {
    pub(super) fn new(
        inputs: Vec<Result<Value, json::Fault>>,
        variables: &'p HashMap<String, Option<String>>,
    ) -> Self {
        Self {
            fuel: Cell::new(FUEL),
            depth: Cell::new(0),
            labels: Cell::new(0),
            inputs: RefCell::new(inputs),
            variables,
            input_known: true,
        }
    }

    pub(super) fn spend(&self, cost: u64) -> Flow {
        let left = self.fuel.get().checked_sub(cost).ok_or(Stop::Unknown)?;
        self.fuel.set(left);
        Ok(())
    }

    /// A value that was made here, if it is not too large.
    pub(super) fn made(&self, value: Value) -> Result<Value, Stop> {
        let extent = value.extent();
        if extent.weight > WEIGHT || extent.depth > DEEPEST {
            return Err(Stop::Unknown);
        }
        self.spend(u64::from(extent.weight) / 8)?;
        Ok(value)
    }

    pub(super) fn label(&self) -> usize {
        self.labels.set(self.labels.get() + 1);
        self.labels.get()
    }

    /// Gives all results of a filter to `out`.
    pub(super) fn eval(
        &self,
        filter: &'p Filter,
        environment: &Environment<'p>,
        input: Item,
        out: Out<'_>,
    ) -> Flow {
        self.spend(1)?;
        let depth = self.depth.get();
        if depth >= DEPTH {
            return Err(Stop::Unknown);
        }
        self.depth.set(depth + 1);
        let flow = match filter {
            Filter::Identity => out(input),
            Filter::Null => out(input.made(Value::Null)),
            Filter::Bool(truth) => out(input.made(Value::Bool(*truth))),
            Filter::Number(value, written) => {
                let number = json::number(written).unwrap_or(Value::number(*value));
                out(input.made(number))
            }
            Filter::Variable(name) => match environment.variable(name) {
                Some(value) => out(input.made(value)),
                None => Err(Stop::Unknown),
            },
            Filter::Environment(name) => self.environment(name, &input, out),
            Filter::Pipe(left, right) => self.eval(left, environment, input, &mut |item| {
                self.eval(right, environment, item, out)
            }),
            Filter::Comma(left, right) => self
                .eval(left, environment, input.clone(), out)
                .and_then(|()| self.eval(right, environment, input, out)),
            Filter::Everything => function::everything(self, input, out),
            Filter::Maybe(inner) => self.place(inner, true, environment, input, out),
            Filter::Index(..) | Filter::Slice(..) | Filter::Each(_) => {
                self.place(filter, false, environment, input, out)
            }
            Filter::Text(format, pieces) => {
                self.text(format.as_deref(), pieces, environment, input, out)
            }
            Filter::Format(name) => format::apply(name, &input.value)
                .and_then(|text| out(input.made(Value::text(text)))),
            Filter::Array(inner) => self.array(inner.as_deref(), environment, input, out),
            Filter::Object(entries) => {
                self.object(entries, environment, &input, Fields::new(), out)
            }
            Filter::Negative(inner) => {
                let mut negate = |value: Value| match value {
                    Value::Number(number, _) => out(input.made(Value::number(-number))),
                    other => fail(format!("{} cannot be negated", describe(&other))),
                };
                self.values(inner, environment, &input.value, &mut negate)
            }
            Filter::Operation(operator, left, right) => {
                self.operation(*operator, left, right, environment, input, out)
            }
            Filter::And(left, right) => self.logic(left, right, false, environment, input, out),
            Filter::Or(left, right) => self.logic(left, right, true, environment, input, out),
            Filter::If(condition, then, otherwise) => {
                let mut branch = |truth: Value| {
                    if truth.is_true() {
                        return self.eval(then, environment, input.clone(), out);
                    }
                    match otherwise {
                        Some(otherwise) => self.eval(otherwise, environment, input.clone(), out),
                        None => out(input.clone()),
                    }
                };
                self.values(condition, environment, &input.value, &mut branch)
            }
            Filter::Otherwise(left, right) => self.otherwise(left, right, environment, input, out),
            Filter::Try(body, handler) => {
                self.attempt(body, handler.as_deref(), environment, input, out)
            }
            Filter::Reduce(fold) => self.reduce(fold, environment, input, out),
            Filter::Foreach(fold) => self.foreach(fold, environment, input, out),
            Filter::Bind(source, pattern, body) => {
                let mut bound = |value: Value| {
                    self.bind(pattern, &value, environment, &input, &mut |inner| {
                        self.eval(body, inner, input.clone(), out)
                    })
                };
                self.values(source, environment, &input.value, &mut bound)
            }
            Filter::Define(definition, rest) => {
                let inner = environment.with(Bound::Function(definition));
                self.eval(rest, &inner, input, out)
            }
            Filter::Label(name, body) => {
                let label = self.label();
                let inner = environment.with(Bound::Label(name, label));
                match self.eval(body, &inner, input, out) {
                    Err(Stop::Break(at)) if at == label => Ok(()),
                    flow => flow,
                }
            }
            Filter::Break(name) => Err(environment.label(name).map_or(Stop::Unknown, Stop::Break)),
            Filter::Update(update, target, with) => {
                super::update::run(self, *update, target, with, environment, &input, out)
            }
            Filter::Call(name, arguments) => {
                function::call(self, name, arguments, environment, input, out)
            }
        };
        self.depth.set(depth);
        flow
    }

    /// The results of a filter as values alone.
    pub(super) fn values(
        &self,
        filter: &'p Filter,
        environment: &Environment<'p>,
        input: &Value,
        out: &mut dyn FnMut(Value) -> Flow,
    ) -> Flow {
        self.eval(filter, environment, Item::of(input.clone()), &mut |item| {
            out(item.value)
        })
    }

    /// All results of a filter at once.
    pub(super) fn all(
        &self,
        filter: &'p Filter,
        environment: &Environment<'p>,
        input: &Value,
    ) -> Result<Vec<Value>, Stop> {
        let mut all = Vec::new();
        self.values(filter, environment, input, &mut |value| {
            all.push(value);
            Ok(())
        })?;
        Ok(all)
    }

    fn environment(&self, name: &str, input: &Item, out: Out<'_>) -> Flow {
        match self.variables.get(name) {
            Some(Some(text)) => out(input.made(Value::text(text.as_str()))),
            Some(None) => out(input.made(Value::Null)),
            None => Err(Stop::Unknown),
        }
    }

    /// `.[]`
    pub(super) fn each(&self, item: &Item, out: Out<'_>) -> Flow {
        match &item.value {
            Value::Array(array) => {
                for (at, value) in array.items.iter().enumerate() {
                    self.spend(1)?;
                    out(item.step(Value::count(at), value.clone())?)?;
                }
                Ok(())
            }
            Value::Object(object) => {
                for (name, value) in &object.fields {
                    self.spend(1)?;
                    out(item.step(Value::String(Rc::clone(name)), value.clone())?)?;
                }
                Ok(())
            }
            other => fail(format!("Cannot iterate over {}", described(other))),
        }
    }

    fn operation(
        &self,
        operator: Operator,
        left: &'p Filter,
        right: &'p Filter,
        environment: &Environment<'p>,
        input: Item,
        out: Out<'_>,
    ) -> Flow {
        self.values(right, environment, &input.value, &mut |right| {
            self.values(left, environment, &input.value, &mut |left| {
                self.compared(&left, &right)?;
                let value = operator::apply(operator, &left, &right)?;
                out(input.made(self.made(value)?))
            })
        })
    }

    /// What looking into two values costs.
    pub(super) fn compared(&self, left: &Value, right: &Value) -> Flow {
        let weight = left.extent().weight.min(right.extent().weight);
        self.spend(u64::from(weight) / 8)
    }

    /// `and`, or `or`: the left side alone decides where it is `decisive`.
    fn logic(
        &self,
        left: &'p Filter,
        right: &'p Filter,
        decisive: bool,
        environment: &Environment<'p>,
        input: Item,
        out: Out<'_>,
    ) -> Flow {
        self.values(left, environment, &input.value, &mut |left| {
            if left.is_true() == decisive {
                return out(input.made(Value::Bool(decisive)));
            }
            self.values(right, environment, &input.value, &mut |right| {
                out(input.made(Value::Bool(right.is_true())))
            })
        })
    }

    /// `//`: all results of the left side that are true, or else the right side.
    fn otherwise(
        &self,
        left: &'p Filter,
        right: &'p Filter,
        environment: &Environment<'p>,
        input: Item,
        out: Out<'_>,
    ) -> Flow {
        let mut any = false;
        let mut passed = None;
        let flow = self.eval(left, environment, input.clone(), &mut |item| {
            if !item.value.is_true() {
                return Ok(());
            }
            any = true;
            out(item).inspect_err(|stop| passed = Some(stop.clone()))
        });
        match (flow, passed) {
            (_, Some(stop)) => Err(stop),
            (Ok(()), None) if !any => self.eval(right, environment, input, out),
            (flow, None) => flow,
        }
    }

    fn attempt(
        &self,
        body: &'p Filter,
        handler: Option<&'p Filter>,
        environment: &Environment<'p>,
        input: Item,
        out: Out<'_>,
    ) -> Flow {
        // What goes wrong after the body is not caught here.
        let mut passed = None;
        let flow = self.eval(body, environment, input.clone(), &mut |item| {
            out(item).inspect_err(|stop| passed = Some(stop.clone()))
        });
        match (flow, passed, handler) {
            (_, Some(stop), _) => Err(stop),
            (Err(Stop::Error(error)), None, Some(handler)) => {
                self.eval(handler, environment, input.made(error), out)
            }
            (Err(Stop::Error(_)), None, None) => Ok(()),
            (flow, None, _) => flow,
        }
    }

    /// The paths that a filter leads to, with their values.
    pub(super) fn paths(
        &self,
        filter: &'p Filter,
        environment: &Environment<'p>,
        input: &Value,
        out: &mut dyn FnMut(Vec<Value>, Value) -> Flow,
    ) -> Flow {
        let start = Item {
            value: input.clone(),
            track: Track::At(None),
        };
        self.eval(filter, environment, start, &mut |item| {
            let Some(keys) = item.track.keys() else {
                return fail(format!(
                    "Invalid path expression with result {}",
                    json::compact(&item.value).unwrap_or_default()
                ));
            };
            out(keys, item.value)
        })
    }
}

/// A value as the message about iterating names it: null stands by itself.
fn described(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        other => describe(other),
    }
}

/// What an assignment makes of the value at a path.
pub(super) fn combine(update: Update, old: &Value, new: &Value) -> Result<Value, Stop> {
    match update {
        Update::Operation(operator) => operator::apply(operator, old, new),
        Update::Otherwise if old.is_true() => Ok(old.clone()),
        _ => Ok(new.clone()),
    }
}
