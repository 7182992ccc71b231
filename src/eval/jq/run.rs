//! A call of `jq` from its inputs to what it prints.

use std::collections::HashMap;

use super::command::{Call, Named};
use super::environment::{Bound, Environment};
use super::evaluate::{Item, Machine, Stop};
use super::json::{self, Fault, Layout, Reader};
use super::parse;
use super::syntax::Filter;
use super::value::{Fields, Value};
use crate::eval::unknown;

/// The stack of an evaluation, which nests as deep as the program recurs.
const STACK: usize = 256 << 20;
/// How long what is read may be.
const LONGEST: usize = 2_000_000;

/// What a call finds around it.
pub trait World {
    /// The text of a file, or of standard input.
    fn read(&mut self, file: Option<&str>) -> Option<String>;
    /// A variable of the environment: `None` where it is not known, and then whether it is set.
    fn variable(&mut self, name: &str) -> Option<Option<String>>;
}

/// What a call prints, and how it ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// Standard output.
    pub text: String,
    /// The exit status.
    pub status: u8,
}

/// All that an evaluation needs, as text.
struct Job<'c> {
    call: &'c Call,
    program: Filter,
    variables: HashMap<String, Option<String>>,
    texts: Vec<String>,
    /// The texts that named values are read from.
    named: Vec<String>,
}

impl Call {
    /// Evaluates the call; nothing where the result is not known.
    pub fn run(&self, world: &mut dyn World) -> Option<Ended> {
        let program = match (&self.program, self.from_file) {
            (Some(file), true) => world.read(Some(file))?,
            (Some(program), false) => program.clone(),
            (None, true) => return None,
            (None, false) => ".".to_owned(),
        };
        if !unknown::is_known(&program) {
            return None;
        }
        let (program, names) = parse::program(&program)?;
        let mut variables = HashMap::new();
        for name in names {
            if let Some(value) = world.variable(&name) {
                variables.insert(name, value);
            }
        }
        let mut texts = Vec::new();
        if self.files.is_empty() {
            // A program that reads nothing does not need to know its input.
            match world.read(None) {
                Some(text) => texts.push(text),
                None if self.null_input => {}
                None => return None,
            }
        }
        for file in &self.files {
            let file = (file != "-").then_some(file.as_str());
            texts.push(world.read(file)?);
        }
        let mut named = Vec::new();
        for (_, value) in &self.named {
            named.push(match value {
                Named::Text(text) | Named::Json(text) => text.clone(),
                Named::Slurped(file) | Named::Raw(file) => world.read(Some(file))?,
            });
        }
        if texts.iter().chain(&named).map(String::len).sum::<usize>() > LONGEST {
            return None;
        }
        let job = Job {
            call: self,
            program,
            variables,
            texts,
            named,
        };
        std::thread::scope(|scope| {
            std::thread::Builder::new()
                .stack_size(STACK)
                .spawn_scoped(scope, || job.run())
                .ok()?
                .join()
                .ok()?
        })
    }
}

fn read_all(text: &str) -> Result<Vec<Value>, Fault> {
    let mut reader = Reader::new(text);
    let mut values = Vec::new();
    while let Some(value) = reader.next() {
        values.push(value?);
    }
    Ok(values)
}

impl Job<'_> {
    fn run(&self) -> Option<Ended> {
        let environment = self.bound()?;
        let inputs = self.inputs()?;
        let mut machine = Machine::new(inputs, &self.variables);
        if self.call.null_input {
            machine.input_known = !self.texts.is_empty();
        }
        let mut ended = Ended {
            text: String::new(),
            status: 0,
        };
        let mut last = None;
        if self.call.null_input {
            self.one(&machine, &environment, Value::Null, &mut ended, &mut last)?;
        } else {
            loop {
                let input = machine.inputs.borrow_mut().pop();
                match input {
                    None => break,
                    Some(Ok(value)) => {
                        // The last input decides.
                        ended.status = 0;
                        self.one(&machine, &environment, value, &mut ended, &mut last)?;
                    }
                    Some(Err(Fault::Unknown)) => return None,
                    Some(Err(Fault::Broken)) => {
                        ended.status = 2;
                        break;
                    }
                }
            }
        }
        if self.call.exit_status && ended.status == 0 {
            ended.status = match last {
                None => 4,
                Some(true) => 0,
                Some(false) => 1,
            };
        }
        Some(ended)
    }

    /// Runs the program for one input.
    fn one<'p>(
        &'p self,
        machine: &Machine<'p>,
        environment: &Environment<'p>,
        input: Value,
        ended: &mut Ended,
        last: &mut Option<bool>,
    ) -> Option<()> {
        let layout = Layout {
            indent: self.call.indent.clone(),
            sorted: self.call.sorted,
            ascii: self.call.ascii,
        };
        let flow = machine.eval(&self.program, environment, Item::of(input), &mut |item| {
            *last = Some(item.value.is_true());
            match &item.value {
                Value::String(text) if self.call.raw && !self.call.ascii => {
                    ended.text.push_str(text);
                }
                other => {
                    let text = json::print(other, &layout).ok_or(Stop::Unknown)?;
                    ended.text.push_str(&text);
                }
            }
            if !self.call.joined {
                ended.text.push('\n');
            }
            if ended.text.len() > LONGEST {
                return Err(Stop::Unknown);
            }
            Ok(())
        });
        match flow {
            Ok(()) => Some(()),
            Err(Stop::Error(_)) => {
                ended.status = 5;
                Some(())
            }
            Err(Stop::Break(_)) => {
                ended.status = 5;
                Some(())
            }
            Err(Stop::Unknown) => None,
        }
    }

    /// The variables of the command line.
    fn bound(&self) -> Option<Environment<'_>> {
        let mut environment = Environment::default();
        let mut fields = Fields::new();
        for ((name, kind), text) in self.call.named.iter().zip(&self.named) {
            let value = value_of(kind, text)?;
            fields.insert(name.as_str().into(), value.clone());
            environment = environment.with(Bound::Variable(name, value));
        }
        let mut positional = Vec::new();
        for kind in &self.call.positional {
            let (Named::Text(text) | Named::Json(text) | Named::Slurped(text) | Named::Raw(text)) =
                kind;
            positional.push(value_of(kind, text)?);
        }
        let all = Value::record([
            ("positional", Value::array(positional)),
            ("named", Value::object(fields)),
        ]);
        Some(environment.with(Bound::Variable("ARGS", all)))
    }

    /// The inputs, last first.
    fn inputs(&self) -> Option<Vec<Result<Value, Fault>>> {
        let mut inputs = Vec::new();
        if self.call.raw_input {
            let text = self.texts.concat();
            if self.call.slurp {
                inputs.push(Ok(Value::text(text)));
            } else {
                // An unknown part may be more than one line.
                if !unknown::is_known(&text) {
                    return None;
                }
                inputs.extend(
                    text.split_terminator('\n')
                        .map(|line| Ok(Value::text(line))),
                );
            }
        } else if self.call.slurp {
            let mut all = Vec::new();
            let mut fault = None;
            for text in &self.texts {
                match read_all(text) {
                    Ok(values) => all.extend(values),
                    Err(own) => fault = Some(own),
                }
            }
            inputs.push(match fault {
                Some(fault) => Err(fault),
                None => Ok(Value::array(all)),
            });
        } else {
            for text in &self.texts {
                let mut reader = Reader::new(text);
                while let Some(value) = reader.next() {
                    inputs.push(value);
                }
            }
        }
        inputs.reverse();
        Some(inputs)
    }
}

fn value_of(kind: &Named, text: &str) -> Option<Value> {
    match kind {
        Named::Text(_) | Named::Raw(_) => Some(Value::text(text)),
        Named::Json(_) => Reader::only(text).ok(),
        Named::Slurped(_) => Some(Value::array(read_all(text).ok()?)),
    }
}
