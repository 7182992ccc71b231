//! Renders a parsed template over its names.

use super::scope::scoped;
use super::tree::{Block, BlockKind, Call, Expression, Path, Program, Statement, original};
use super::value::{Arguments, Names, Value};
use crate::eval::unknown::{Mark, Unknowns, first_mark};

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
pub(super) struct Frame {
    pub(super) key: Value,
    pub(super) index: f64,
    pub(super) first: bool,
    pub(super) last: bool,
}

pub(super) struct Renderer<'a> {
    pub(super) names: &'a dyn Names,
    unknowns: &'a Unknowns,
    /// The contexts from the root to the current one.
    pub(super) contexts: Vec<Value>,
    pub(super) frames: Vec<Frame>,
    pub(super) parameters: Vec<(String, Value)>,
    pub(super) budget: usize,
}

/// What a call has of its block: nothing for a plain mustache.
pub(super) type Bodies<'b> = Option<(Option<&'b Program>, Option<&'b Program>)>;

pub(super) type Rendered<T> = Result<T, String>;

impl Renderer<'_> {
    pub(super) fn program(&mut self, program: &Program) -> Rendered<String> {
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

    pub(super) fn optional(&mut self, program: Option<&Program>) -> Rendered<Value> {
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
    pub(super) fn call(&mut self, call: &Call, bodies: Bodies, nested: bool) -> Rendered<Value> {
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

    pub(super) fn invoke(
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
