//! Renders a parsed template over its names.

use super::super::super::unknown::{Mark, Unknowns, first_mark};
use super::parser::{Block, BlockKind, Call, Expression, Path, Program, Statement, original};
use super::value::{Arguments, Names, Value};

/// Steps after which a template of nested loops is given up.
const BUDGET: usize = 50_000;

const HELPERS: [&str; 8] = [
    "helperMissing",
    "blockHelperMissing",
    "each",
    "if",
    "unless",
    "with",
    "log",
    "lookup",
];

pub(super) fn render(
    program: &Program,
    names: &dyn Names,
    unknowns: &Unknowns,
) -> Result<String, String> {
    let mut renderer = Renderer {
        names,
        unknowns,
        contexts: vec![Value::Root],
        frames: Vec::new(),
        parameters: Vec::new(),
        budget: BUDGET,
    };
    renderer.program(program)
}

/// The `@` values of one round of a loop.
struct Frame {
    key: Value,
    index: f64,
    first: bool,
    last: bool,
}

struct Renderer<'a> {
    names: &'a dyn Names,
    unknowns: &'a Unknowns,
    /// The contexts from the root to the current one.
    contexts: Vec<Value>,
    frames: Vec<Frame>,
    parameters: Vec<(String, Value)>,
    budget: usize,
}

/// What a call has of its block: nothing for a plain mustache.
type Bodies<'b> = Option<(Option<&'b Program>, Option<&'b Program>)>;

type Rendered<T> = Result<T, String>;

impl Renderer<'_> {
    fn program(&mut self, program: &Program) -> Rendered<String> {
        let mut out = String::new();
        for statement in &program.body {
            self.budget = self
                .budget
                .checked_sub(1)
                .ok_or("the template never ends")?;
            match statement {
                Statement::Content(content) => {
                    // Loops multiply text, so text costs, too.
                    self.budget = self.budget.saturating_sub(content.value.len() / 100);
                    out.push_str(&content.value);
                }
                Statement::Comment(_) => {}
                Statement::Mustache { call, escaped, .. } => {
                    let value = self.call(call, None, false)?;
                    let text = self.text(&value);
                    if *escaped {
                        escape(&text, &mut out);
                    } else {
                        out.push_str(&text);
                    }
                }
                Statement::Block(block) => out.push_str(&self.block(block)?),
                Statement::Partial(_) => {
                    return Err("the template names a partial, and there are none".to_owned());
                }
                Statement::Decorator(_) => out.push(self.decorator().as_char()),
            }
        }
        Ok(out)
    }

    fn decorator(&self) -> Mark {
        let reason = "decorators of templates are not evaluated";
        self.unknowns.note("{{*…}}", reason)
    }

    fn optional(&mut self, program: Option<&Program>) -> Rendered<Value> {
        let text = program.map_or_else(|| Ok(String::new()), |program| self.program(program))?;
        Ok(Value::text(text))
    }

    fn block(&mut self, block: &Block) -> Rendered<String> {
        let bodies = (block.program.as_ref(), block.inverse.as_ref());
        match block.kind {
            BlockKind::Decorator => return Ok(self.decorator().as_char().to_string()),
            // No partial has any name, so what is rendered is what stands in its place.
            BlockKind::Partial => {
                return Ok(self.optional(bodies.0)?.write(self.names));
            }
            BlockKind::Plain => {}
        }
        let value = self.call(&block.call, Some(bodies), false)?;
        Ok(self.text(&value))
    }

    fn text(&self, value: &Value) -> String {
        match value {
            Value::Function(name) => {
                let reason = "the source text of a function";
                let mark = self.unknowns.note(format!("`{name}`"), reason);
                mark.as_char().to_string()
            }
            value => value.write(self.names),
        }
    }

    /// The value of a call; `nested` where it stands in parentheses.
    fn call(&mut self, call: &Call, bodies: Bodies, nested: bool) -> Rendered<Value> {
        let path = match &call.path {
            Expression::Path(path) => path.clone(),
            literal => Path {
                data: false,
                depth: 0,
                parts: vec![original(literal)],
                original: original(literal),
            },
        };
        let name = path.parts.first().cloned().unwrap_or_default();
        if let Some(mark) = first_mark(&path.original) {
            return Ok(Value::Unknown(mark));
        }
        let simple = path.parts.len() == 1 && path.depth == 0 && !scoped(&path);
        let parameter = simple && self.parameter(&name).is_some();
        let known = HELPERS.contains(&name.as_str());
        let applied = nested || !call.arguments.is_empty() || !call.hash.is_empty();
        if !parameter && (applied || (simple && known)) {
            return self.apply(call, &path, known, bodies);
        }
        let value = self.resolve(&path);
        let value = match value {
            Value::Function(function) => {
                let named: Option<&[(String, Value)]> = (simple && !parameter).then_some(&[]);
                self.invoke(function, &[], named)?
            }
            value => value,
        };
        match bodies {
            None => Ok(value),
            Some((program, inverse)) => self.section(value, program, inverse),
        }
    }

    /// `{{#name}}…{{/name}}` without arguments.
    fn section(
        &mut self,
        value: Value,
        program: Option<&Program>,
        inverse: Option<&Program>,
    ) -> Rendered<Value> {
        match &value {
            Value::Bool(true) => self.optional(program),
            Value::Bool(false) | Value::Undefined | Value::Null => self.optional(inverse),
            Value::List(items) if items.is_empty() => self.optional(inverse),
            Value::List(_) => self.each(&value, program, inverse),
            _ => self.within(value, &[], program),
        }
    }

    /// A call with arguments.
    fn apply(&mut self, call: &Call, path: &Path, known: bool, bodies: Bodies) -> Rendered<Value> {
        let mut values = Vec::new();
        for argument in &call.arguments {
            values.push(self.expression(argument)?);
        }
        let mut named = Vec::new();
        for (name, value) in &call.hash {
            let value = self.expression(value)?;
            named.retain(|(other, _)| other != name);
            named.push((name.clone(), value));
        }
        if known {
            let name = path.parts.first().map(String::as_str).unwrap_or_default();
            return self.helper(name, &values, &named, bodies);
        }
        match self.resolve(path) {
            Value::Function(function) => self.invoke(function, &values, Some(&named)),
            Value::Unknown(mark) => Ok(Value::Unknown(mark)),
            value if value.truth().unwrap_or(true) || matches!(value, Value::List(_)) => {
                Err(format!("`{}` is no helper", path.original))
            }
            _ if values.is_empty() => Ok(Value::Undefined),
            _ => Err(format!("there is no helper `{}`", path.original)),
        }
    }

    fn invoke(
        &self,
        function: &str,
        values: &[Value],
        named: Option<&[(String, Value)]>,
    ) -> Rendered<Value> {
        // This one calls another on what is the current context.
        if function == "is_not_default_branch" && self.contexts.last() != Some(&Value::Root) {
            return Err(format!("`{function}` works at the top of a template only"));
        }
        self.names.call(function, &Arguments { values, named })
    }

    /// The helpers that the language brings.
    fn helper(
        &mut self,
        name: &str,
        values: &[Value],
        named: &[(String, Value)],
        bodies: Bodies,
    ) -> Rendered<Value> {
        match (name, values) {
            ("log", _) => Ok(Value::Undefined),
            ("lookup", [value, ..]) if value.truth() == Ok(false) && !is_list(value) => {
                Ok(value.clone())
            }
            ("lookup", [value, field]) => match field {
                Value::Unknown(mark) => Ok(Value::Unknown(*mark)),
                field => Ok(value.property(&field.write(self.names), self.names)),
            },
            ("if" | "unless" | "each" | "with", [value]) => {
                let value = match value {
                    Value::Function(function) => self.invoke(function, &[], None)?,
                    value => value.clone(),
                };
                let Some((program, inverse)) = bodies else {
                    return Err(format!("`{name}` needs a block"));
                };
                match name {
                    "if" => self.choose(&value, named, program, inverse),
                    "unless" => self.choose(&value, named, inverse, program),
                    "each" => self.each(&value, program, inverse),
                    _ => self.with(value, program, inverse),
                }
            }
            _ => Err(format!(
                "`{name}` is called with {} arguments",
                values.len()
            )),
        }
    }

    fn choose(
        &mut self,
        value: &Value,
        named: &[(String, Value)],
        yes: Option<&Program>,
        no: Option<&Program>,
    ) -> Rendered<Value> {
        let zero = matches!(value, Value::Number(number) if *number == 0.0);
        let include_zero = named
            .iter()
            .any(|(name, value)| name == "includeZero" && value.truth().unwrap_or(false));
        match value.truth() {
            Ok(truth) => self.optional(if truth || (zero && include_zero) {
                yes
            } else {
                no
            }),
            Err(mark) => {
                // Either may be what is rendered; it is known only if they are the same.
                let (yes, no) = (self.optional(yes), self.optional(no));
                match (yes, no) {
                    (Ok(yes), Ok(no)) if yes == no => Ok(yes),
                    (Err(error), Err(_)) => Err(error),
                    _ => Ok(Value::Unknown(mark)),
                }
            }
        }
    }

    fn with(
        &mut self,
        value: Value,
        program: Option<&Program>,
        inverse: Option<&Program>,
    ) -> Rendered<Value> {
        let zero = matches!(value, Value::Number(number) if number == 0.0);
        match value.truth() {
            Ok(false) if !zero => self.optional(inverse),
            _ => {
                let parameters = [value.clone()];
                self.within(value, &parameters, program)
            }
        }
    }

    fn each(
        &mut self,
        value: &Value,
        program: Option<&Program>,
        inverse: Option<&Program>,
    ) -> Rendered<Value> {
        let number = |index: usize| {
            let index = u32::try_from(index).unwrap_or(u32::MAX);
            Value::Number(f64::from(index))
        };
        let items: Vec<(Value, Value)> = match value {
            Value::Unknown(mark) => return Ok(Value::Unknown(*mark)),
            Value::List(items) => {
                let items = items.iter().enumerate();
                items.map(|(at, item)| (number(at), item.clone())).collect()
            }
            Value::Root => {
                let names = self.names.names().iter();
                let item = |name: &&str| (Value::text(*name), self.names.get(name));
                names.map(item).collect()
            }
            Value::Object(list) => {
                let item = |(name, value): &(&str, Value)| (Value::text(*name), value.clone());
                list.iter().map(item).collect()
            }
            _ => Vec::new(),
        };
        if items.is_empty() {
            return self.optional(inverse);
        }
        let mut out = String::new();
        let count = items.len();
        for (at, (key, item)) in items.into_iter().enumerate() {
            self.budget = self
                .budget
                .checked_sub(1)
                .ok_or("the template never ends")?;
            self.frames.push(Frame {
                key: key.clone(),
                index: f64::from(u32::try_from(at).unwrap_or(u32::MAX)),
                first: at == 0,
                last: at + 1 == count,
            });
            let parameters = [item.clone(), key];
            let rendered = self.within(item, &parameters, program);
            self.frames.pop();
            out.push_str(&rendered?.write(self.names));
        }
        Ok(Value::text(out))
    }

    /// Renders a body over another context.
    fn within(
        &mut self,
        context: Value,
        parameters: &[Value],
        program: Option<&Program>,
    ) -> Rendered<Value> {
        let Some(program) = program else {
            return Ok(Value::text(""));
        };
        // The same context again is no step down, which `..` can tell.
        let deeper = self.contexts.last() != Some(&context);
        if deeper {
            self.contexts.push(context);
        }
        let before = self.parameters.len();
        for (name, value) in program.parameters.iter().zip(parameters) {
            self.parameters.push((name.clone(), value.clone()));
        }
        let rendered = self.program(program);
        self.parameters.truncate(before);
        if deeper {
            self.contexts.pop();
        }
        rendered.map(Value::text)
    }

    fn expression(&mut self, expression: &Expression) -> Rendered<Value> {
        Ok(match expression {
            Expression::Path(path) => match first_mark(&path.original) {
                Some(mark) => Value::Unknown(mark),
                None => self.resolve(path),
            },
            Expression::Text(text) => Value::text(text.as_str()),
            Expression::Number(number) => Value::Number(*number),
            Expression::Bool(value) => Value::Bool(*value),
            Expression::Undefined => Value::Undefined,
            Expression::Null => Value::Null,
            Expression::Call(call) => return self.call(call, None, true),
        })
    }

    fn parameter(&self, name: &str) -> Option<&Value> {
        let found = self
            .parameters
            .iter()
            .rev()
            .find(|(other, _)| other == name);
        found.map(|(_, value)| value)
    }

    fn resolve(&self, path: &Path) -> Value {
        let mut parts = path.parts.iter();
        let start = if path.data {
            parts
                .next()
                .map_or(Value::Undefined, |name| self.data(name, path.depth))
        } else if path.depth == 0
            && !scoped(path)
            && let Some(value) = path.parts.first().and_then(|name| self.parameter(name))
        {
            parts.next();
            value.clone()
        } else {
            let at = self.contexts.len().checked_sub(path.depth + 1);
            let context = at.and_then(|at| self.contexts.get(at));
            context.cloned().unwrap_or(Value::Undefined)
        };
        parts.fold(start, |value, name| {
            if value.is_nothing() {
                value
            } else {
                value.property(name, self.names)
            }
        })
    }

    fn data(&self, name: &str, depth: usize) -> Value {
        if depth > self.frames.len() {
            return Value::Undefined;
        }
        let frame = self
            .frames
            .get(..self.frames.len() - depth)
            .and_then(<[_]>::last);
        match (name, frame) {
            ("root", _) => Value::Root,
            ("key", Some(frame)) => frame.key.clone(),
            ("index", Some(frame)) => Value::Number(frame.index),
            ("first", Some(frame)) => Value::Bool(frame.first),
            ("last", Some(frame)) => Value::Bool(frame.last),
            _ => Value::Undefined,
        }
    }
}

fn is_list(value: &Value) -> bool {
    matches!(value, Value::List(_))
}

/// Whether a path is about the current context and not about a name: `./x`, `this.x`.
fn scoped(path: &Path) -> bool {
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    path.original.starts_with('.')
        || path
            .original
            .match_indices("this")
            .filter_map(|(at, found)| path.original.get(at + found.len()..))
            .any(|rest| !rest.starts_with(word))
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#x27;"),
            '`' => out.push_str("&#x60;"),
            '=' => out.push_str("&#x3D;"),
            c => out.push(c),
        }
    }
}
