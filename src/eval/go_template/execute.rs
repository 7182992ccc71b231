//! Runs a template once: each condition that is not known is decided by a plan.

use std::cell::RefCell;
use std::rc::Rc;

use super::parser::Parsed;
use super::syntax::{Branch, Head, Node, Operand, Pipeline};
use super::value::Value;
use super::{Access, Host, TemplateError, builtin, time};
use crate::eval::unknown::{Mark, Unknowns};

/// Longer runs, deeper ones, and longer texts are given up.
const MAX_STEPS: usize = 50_000;
const MAX_DEPTH: usize = 64;
const MAX_TEXT: usize = 1 << 20;

/// Conditions that are not known, and how each was taken.
pub(super) type Taken = Vec<(Mark, bool)>;

/// What a run of a template works with.
pub(super) struct Run<'a> {
    parsed: &'a Parsed,
    host: &'a dyn Host,
    pub(super) unknowns: &'a Unknowns,
    plan: &'a [bool],
    taken: RefCell<Taken>,
    data: Value,
    variables: Vec<(String, Value)>,
    text: String,
    steps: usize,
    depth: usize,
}

/// How a list of parts ends.
#[derive(PartialEq)]
enum Flow {
    On,
    Break,
    Continue,
}

type Outcome<T> = Result<T, TemplateError>;

pub(super) fn execute(
    parsed: &Parsed,
    data: &Value,
    host: &dyn Host,
    unknowns: &Unknowns,
    plan: &[bool],
) -> (Outcome<String>, Taken) {
    let mut run = Run {
        parsed,
        host,
        unknowns,
        plan,
        taken: RefCell::default(),
        data: data.clone(),
        variables: vec![(String::new(), data.clone())],
        text: String::new(),
        steps: 0,
        depth: 0,
    };
    let result = run.list(&parsed.nodes);
    let text = result.map(|_| std::mem::take(&mut run.text));
    (text, run.taken.into_inner())
}

impl Run<'_> {
    /// Decides what is not known, the same way each time in one run.
    pub(super) fn decide(&self, mark: Mark) -> bool {
        let mut taken = self.taken.borrow_mut();
        if let Some((_, choice)) = taken.iter().find(|(known, _)| *known == mark) {
            return *choice;
        }
        let choice = self.plan.get(taken.len()).copied().unwrap_or(true);
        taken.push((mark, choice));
        choice
    }

    /// Whether a value counts as true.
    pub(super) fn truth(&self, value: &Value) -> bool {
        value.truth().unwrap_or_else(|mark| self.decide(mark))
    }

    /// A part of something unknown is unknown by itself.
    fn part(&self, mark: Mark, part: &str) -> Value {
        let (what, reason) = match self.unknowns.get(mark) {
            Some(unknown) => (format!("{}.{part}", unknown.what), unknown.reason),
            None => (part.to_owned(), "part of something unknown".to_owned()),
        };
        Value::Unknown(self.unknowns.note(what, reason))
    }

    fn step(&mut self) -> Outcome<()> {
        self.steps += 1;
        if self.steps > MAX_STEPS || self.text.len() > MAX_TEXT {
            return Err(TemplateError::new("the template runs for too long"));
        }
        Ok(())
    }

    fn list(&mut self, nodes: &[Node]) -> Outcome<Flow> {
        for node in nodes {
            self.step()?;
            let flow = self.node(node)?;
            if flow != Flow::On {
                return Ok(flow);
            }
        }
        Ok(Flow::On)
    }

    fn node(&mut self, node: &Node) -> Outcome<Flow> {
        match node {
            Node::Text(text) => self.text.push_str(text),
            Node::Print(pipeline) => {
                let value = self.pipeline(pipeline)?;
                if pipeline.variables.is_empty() {
                    self.text.push_str(&value.print());
                }
            }
            Node::If(branch) => return self.branch(branch, false),
            Node::With(branch) => return self.branch(branch, true),
            Node::Range(branch) => return self.range(branch),
            Node::Template(name, data) => {
                let data = match data {
                    Some(pipeline) => self.pipeline(pipeline)?,
                    None => Value::Nil,
                };
                self.template(name, data)?;
            }
            Node::Break => return Ok(Flow::Break),
            Node::Continue => return Ok(Flow::Continue),
        }
        Ok(Flow::On)
    }

    fn branch(&mut self, branch: &Branch, with: bool) -> Outcome<Flow> {
        let known = self.variables.len();
        let value = self.pipeline(&branch.pipeline)?;
        let flow = if self.truth(&value) {
            let before = self.data.clone();
            if with {
                self.data = value;
            }
            let flow = self.list(&branch.then);
            self.data = before;
            flow
        } else {
            self.list(&branch.otherwise)
        };
        self.variables.truncate(known);
        flow
    }

    fn range(&mut self, branch: &Branch) -> Outcome<Flow> {
        let known = self.variables.len();
        let value = self.pipeline(&branch.pipeline)?;
        let items: Vec<(Value, Value)> = match &value {
            Value::List(items) => {
                let numbers = (0..).map(Value::Int);
                numbers.zip(items.iter().cloned()).collect()
            }
            Value::Map(map) => {
                let entries = map.entries.iter();
                let pair =
                    |(key, value): (&String, &Value)| (Value::text(key.as_str()), value.clone());
                entries.map(pair).collect()
            }
            Value::Int(count) if *count <= 10_000 => (0..*count)
                .map(|n| (Value::Int(n), Value::Int(n)))
                .collect(),
            Value::Unknown(mark) => {
                // How many items there are is not known: all that they give is one unknown text.
                self.variables.truncate(known);
                let text = self.part(*mark, "range").print();
                self.text.push_str(&text);
                return Ok(Flow::On);
            }
            Value::Nil => Vec::new(),
            other => {
                let message = format!("range can't iterate over {}", other.print());
                return Err(TemplateError::new(message));
            }
        };
        let before = self.data.clone();
        let mut flow = Ok(Flow::On);
        if items.is_empty() {
            flow = self.list(&branch.otherwise);
        }
        for (key, item) in items {
            self.variables.truncate(known);
            match branch.pipeline.variables.as_slice() {
                [only] => self.set(only, item.clone(), branch.pipeline.assigns),
                [first, second] => {
                    self.set(first, key, branch.pipeline.assigns);
                    self.set(second, item.clone(), branch.pipeline.assigns);
                }
                _ => {}
            }
            self.data = item;
            match self.list(&branch.then) {
                Ok(Flow::Break) => break,
                Ok(_) => {}
                Err(error) => {
                    flow = Err(error);
                    break;
                }
            }
        }
        self.data = before;
        self.variables.truncate(known);
        flow
    }

    fn template(&mut self, name: &str, data: Value) -> Outcome<()> {
        let parsed = self.parsed;
        let Some(nodes) = parsed.defined.get(name) else {
            return Err(TemplateError::new(format!("template {name:?} not defined")));
        };
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(TemplateError::new("templates call one another too deeply"));
        }
        let variables = std::mem::replace(&mut self.variables, vec![(String::new(), data.clone())]);
        let before = std::mem::replace(&mut self.data, data);
        let result = self.list(nodes);
        self.variables = variables;
        self.data = before;
        self.depth -= 1;
        result.map(|_| ())
    }

    fn set(&mut self, name: &str, value: Value, assigns: bool) {
        let mut known = self.variables.iter_mut().rev();
        match known.find(|(own, _)| assigns && own == name) {
            Some((_, own)) => *own = value,
            None => self.variables.push((name.to_owned(), value)),
        }
    }

    fn pipeline(&mut self, pipeline: &Pipeline) -> Outcome<Value> {
        let mut value = None;
        for command in &pipeline.commands {
            self.step()?;
            value = Some(self.command(command, value)?);
        }
        let value = value.unwrap_or(Value::Nil);
        // `range` gives its variables one item after another.
        if let [only] = pipeline.variables.as_slice() {
            self.set(only, value.clone(), pipeline.assigns);
        }
        Ok(value)
    }

    fn command(&mut self, command: &[Operand], last: Option<Value>) -> Outcome<Value> {
        let Some((first, rest)) = command.split_first() else {
            return Ok(Value::Nil);
        };
        match &first.head {
            Head::Function(name) if first.fields.is_empty() => self.function(name, rest, last),
            _ if first.fields.is_empty() && (!rest.is_empty() || last.is_some()) => {
                Err(TemplateError::new("can't give argument to non-function"))
            }
            _ => {
                let mut arguments = Vec::new();
                for operand in rest {
                    arguments.push(self.operand(operand)?);
                }
                arguments.extend(last);
                self.fields(first, arguments)
            }
        }
    }

    /// Calls a function; `and` and `or` look at no more arguments than they need.
    fn function(
        &mut self,
        name: &str,
        operands: &[Operand],
        last: Option<Value>,
    ) -> Outcome<Value> {
        if matches!(name, "and" | "or") {
            let mut value = None;
            for operand in operands {
                let own = self.operand(operand)?;
                if self.truth(&own) == (name == "or") {
                    return Ok(own);
                }
                value = Some(own);
            }
            return last.or(value).ok_or_else(|| {
                TemplateError::new(format!(
                    "wrong number of args for {name}: want at least 1 got 0"
                ))
            });
        }
        let mut arguments = Vec::new();
        for operand in operands {
            arguments.push(self.operand(operand)?);
        }
        arguments.extend(last);
        let failed = |error: TemplateError| {
            TemplateError::new(format!("error calling {name}: {}", error.message))
        };
        // A program's own function of that name stands in front of the language's.
        let value = if self.host.knows(name) {
            self.host.call(name, &arguments, self.unknowns)
        } else {
            builtin::call(self, name, &arguments)
        };
        value.map_err(failed)
    }

    fn operand(&mut self, operand: &Operand) -> Outcome<Value> {
        self.fields(operand, Vec::new())
    }

    /// The value of an operand; arguments go to its last field, which is a method then.
    fn fields(&mut self, operand: &Operand, arguments: Vec<Value>) -> Outcome<Value> {
        let mut value = match &operand.head {
            Head::Dot => self.data.clone(),
            Head::Variable(name) => {
                let mut known = self.variables.iter().rev();
                let found = known.find(|(own, _)| own == name);
                found.map_or(Value::Nil, |(_, value)| value.clone())
            }
            Head::Function(name) => self.function(name, &[], None)?,
            Head::Constant(value) => value.clone(),
            Head::Pipeline(pipeline) => self.pipeline(pipeline)?,
        };
        let count = operand.fields.len();
        for (index, name) in operand.fields.iter().enumerate() {
            let arguments = if index + 1 == count {
                arguments.as_slice()
            } else {
                &[]
            };
            value = self.field(&value, name, arguments)?;
        }
        Ok(value)
    }

    fn field(&self, value: &Value, name: &str, arguments: &[Value]) -> Outcome<Value> {
        let found = match value {
            Value::Unknown(mark) => return Ok(self.part(*mark, name)),
            Value::Time(at) => return time::method(*at, name, arguments),
            Value::Map(map) => map.entries.get(name).cloned(),
            Value::Hosted => self.host.entry(name, Access::Field),
            Value::Nil => {
                let message = format!("nil data; no entry for key {name:?}");
                return Err(TemplateError::new(message));
            }
            other => {
                let kind = other.type_name();
                let message = format!("can't evaluate field {name} in type {kind}");
                return Err(TemplateError::new(message));
            }
        };
        if !arguments.is_empty() {
            let message = format!("{name} is not a method but has arguments");
            return Err(TemplateError::new(message));
        }
        found.ok_or_else(|| TemplateError::new(format!("map has no entry for key {name:?}")))
    }

    /// An entry of the host's mapping by `index`.
    pub(super) fn hosted(&self, name: &str) -> Value {
        let found = self.host.entry(name, Access::Index);
        found.unwrap_or_else(|| Value::Text(Rc::from("")))
    }
}
