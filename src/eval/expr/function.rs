//! The functions of the expression language.

use std::rc::Rc;

use super::{Contexts, ExprError, Phase};
use crate::eval::unknown::{self, Mark};
use crate::eval::value::{Truth, Value, equal, fold};

/// The memory, in bytes of UTF-16, that the texts of one call may take: GitHub's own bound.
const MAX_MEMORY: usize = 1_048_576;
/// What a text takes besides its characters.
const TEXT_OVERHEAD: usize = 26;
/// Text longer than this cannot fit, whatever its characters.
const MAX_TEXT: usize = 2 * MAX_MEMORY;

/// A function by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Function {
    /// `contains(where, what)`
    Contains,
    /// `startsWith(text, start)`
    StartsWith,
    /// `endsWith(text, end)`
    EndsWith,
    /// `format(template, …)`
    Format,
    /// `join(list, separator)`
    Join,
    /// `toJSON(value)`
    ToJson,
    /// `fromJSON(text)`
    FromJson,
    /// `hashFiles(pattern, …)`
    HashFiles,
    /// `case(condition, value, …, default)`
    Case,
    /// `always()`
    Always,
    /// `success()`
    Success,
    /// `failure()`
    Failure,
    /// `cancelled()`
    Cancelled,
}

impl Function {
    /// The function of this name, any case.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "contains" => Self::Contains,
            "startswith" => Self::StartsWith,
            "endswith" => Self::EndsWith,
            "format" => Self::Format,
            "join" => Self::Join,
            "tojson" => Self::ToJson,
            "fromjson" => Self::FromJson,
            "hashfiles" => Self::HashFiles,
            "case" => Self::Case,
            "always" => Self::Always,
            "success" => Self::Success,
            "failure" => Self::Failure,
            "cancelled" => Self::Cancelled,
            _ => return None,
        })
    }

    /// The least and the greatest number of arguments.
    #[must_use]
    pub fn arity(self) -> (usize, usize) {
        match self {
            Self::Contains | Self::StartsWith | Self::EndsWith => (2, 2),
            Self::Format | Self::HashFiles => (1, 255),
            Self::Join => (1, 2),
            Self::ToJson | Self::FromJson => (1, 1),
            Self::Case => (3, 255),
            Self::Always | Self::Success | Self::Failure | Self::Cancelled => (0, 255),
        }
    }

    /// Whether it asks how the run went so far.
    #[must_use]
    pub fn is_status(self) -> bool {
        matches!(
            self,
            Self::Always | Self::Success | Self::Failure | Self::Cancelled
        )
    }
}

fn fails(message: impl Into<String>) -> ExprError {
    ExprError {
        phase: Phase::Evaluation,
        message: message.into(),
        offset: 0,
    }
}

fn memory(value: &Value) -> usize {
    match value {
        Value::String(text) => 2 * text.chars().count() + TEXT_OVERHEAD,
        _ => TEXT_OVERHEAD,
    }
}

fn truth(value: Truth) -> Value {
    match value {
        Truth::True => Value::Bool(true),
        Truth::False => Value::Bool(false),
        Truth::Unknown(mark) => Value::Unknown(mark),
    }
}

/// Calls a function whose arguments are all evaluated.
pub(super) fn call(
    function: Function,
    arguments: &[Value],
    contexts: &dyn Contexts,
) -> Result<Value, ExprError> {
    let memory: usize = arguments.iter().map(memory).sum();
    if memory > MAX_MEMORY {
        return Err(fails("the texts take more memory than GitHub allows"));
    }
    let argument = |index: usize| arguments.get(index).cloned().unwrap_or(Value::Null);
    let (first, second) = (argument(0), argument(1));
    Ok(match function {
        Function::Contains => truth(contains(&first, &second)),
        Function::StartsWith => truth(edge(&first, &second, Edge::Start)),
        Function::EndsWith => truth(edge(&first, &second, Edge::End)),
        Function::Format => format(&first, arguments.get(1..).unwrap_or_default())?,
        Function::Join => join(&first, arguments.get(1))?,
        Function::ToJson => match first {
            Value::Unknown(mark) => Value::Unknown(mark),
            value => Value::text(&value.to_json_text()),
        },
        Function::FromJson => from_json(&first)?,
        Function::Case => case(arguments)?,
        Function::HashFiles
        | Function::Always
        | Function::Success
        | Function::Failure
        | Function::Cancelled => {
            let name = format!("{function:?}");
            let value = contexts.function(&name, arguments);
            value.ok_or_else(|| fails(format!("`{name}` is not available here")))?
        }
    })
}

fn contains(list: &Value, item: &Value) -> Truth {
    match (list, item) {
        (Value::Unknown(mark), _) => Truth::Unknown(*mark),
        (Value::Array(array), item) => {
            let found = array.items.iter().map(|known| equal(known, item));
            let found = found.fold(Truth::False, Truth::or);
            match (found, array.open) {
                (Truth::False, Some(mark)) => Truth::Unknown(mark),
                (found, _) => found,
            }
        }
        (Value::Object(_), _) | (_, Value::Array(_) | Value::Object(_)) => Truth::False,
        (text, item) => {
            let (text, item) = (text.to_text(), item.to_text());
            match (unknown::first_mark(&text), unknown::first_mark(&item)) {
                (_, Some(mark)) => Truth::Unknown(mark),
                (found, None) if fold(&text).contains(&fold(&item)) => {
                    let _ = found;
                    Truth::True
                }
                (Some(mark), None) => Truth::Unknown(mark),
                (None, None) => Truth::False,
            }
        }
    }
}

#[derive(Clone, Copy)]
enum Edge {
    Start,
    End,
}

fn edge(text: &Value, edge: &Value, side: Edge) -> Truth {
    if !text.is_primitive() || !edge.is_primitive() {
        return Truth::False;
    }
    let (text, edge) = (fold(&text.to_text()), fold(&edge.to_text()));
    if let Some(mark) = unknown::first_mark(&edge) {
        return Truth::Unknown(mark);
    }
    let holds = match side {
        Edge::Start => text.starts_with(&edge),
        Edge::End => text.ends_with(&edge),
    };
    match unknown::first_mark(&text) {
        None => Truth::from(holds),
        Some(_) if holds => Truth::True,
        Some(mark) => {
            // The known characters at that side decide where they already differ.
            let is_mark = |c: char| Mark::from_char(c).is_some();
            let known = match side {
                Edge::Start => text.split(is_mark).next(),
                Edge::End => text.rsplit(is_mark).next(),
            };
            let known = known.unwrap_or_default();
            let agrees = match side {
                Edge::Start => edge.starts_with(known),
                Edge::End => edge.ends_with(known),
            };
            if agrees {
                Truth::Unknown(mark)
            } else {
                Truth::False
            }
        }
    }
}

fn format(template: &Value, arguments: &[Value]) -> Result<Value, ExprError> {
    let template = template.to_text();
    if let Some(mark) = unknown::first_mark(&template) {
        return Ok(Value::Unknown(mark));
    }
    let mut text = String::new();
    let mut rest = &*template;
    while let Some(at) = rest.find(['{', '}']) {
        text.push_str(rest.get(..at).unwrap_or_default());
        rest = rest.get(at..).unwrap_or_default();
        if let Some(after) = rest.strip_prefix("{{") {
            text.push('{');
            rest = after;
        } else if let Some(after) = rest.strip_prefix("}}") {
            text.push('}');
            rest = after;
        } else {
            let inner = rest
                .strip_prefix('{')
                .and_then(|inner| inner.split_once('}'));
            let Some((number, after)) = inner else {
                return Err(fails(format!("`format` has a lone brace in `{template}`")));
            };
            let digits = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
            let index = number.parse::<usize>().ok().filter(|_| digits);
            let Some(index) = index else {
                return Err(fails(format!("`format` cannot read `{{{number}}}`")));
            };
            let Some(argument) = arguments.get(index) else {
                return Err(fails(format!("`format` has no argument {index}")));
            };
            text.push_str(&argument.to_text());
            rest = after;
        }
        if text.len() > MAX_TEXT {
            return Err(fails("the text takes more memory than GitHub allows"));
        }
    }
    text.push_str(rest);
    Ok(Value::text(&text))
}

fn join(list: &Value, separator: Option<&Value>) -> Result<Value, ExprError> {
    let separator = match separator {
        Some(value) if value.is_primitive() => value.to_text(),
        _ => Rc::from(","),
    };
    match list {
        Value::Array(array) => {
            let mut text = String::new();
            for (index, item) in array.items.iter().enumerate() {
                if index > 0 {
                    text.push_str(&separator);
                }
                text.push_str(&item.to_text());
                if text.len() > MAX_TEXT {
                    return Err(fails("the text takes more memory than GitHub allows"));
                }
            }
            text.extend(array.open.map(Mark::as_char));
            Ok(Value::text(&text))
        }
        Value::Object(_) => Ok(Value::text("")),
        primitive => Ok(Value::String(primitive.to_text())),
    }
}

fn from_json(text: &Value) -> Result<Value, ExprError> {
    if let Value::Unknown(mark) = text {
        return Ok(Value::Unknown(*mark));
    }
    let text = text.to_text();
    if let Some(mark) = unknown::first_mark(&text) {
        return Ok(Value::Unknown(mark));
    }
    let parsed: Result<serde_json::Value, _> = serde_json::from_str(&text);
    match parsed {
        Ok(json) => Ok(Value::from(json)),
        Err(error) => Err(fails(format!("`fromJSON` cannot read the text: {error}"))),
    }
}

fn case(arguments: &[Value]) -> Result<Value, ExprError> {
    let mut pairs = arguments.chunks_exact(2);
    for pair in &mut pairs {
        match pair {
            [Value::Bool(true), value] => return Ok(value.clone()),
            [Value::Bool(false), _] => {}
            [Value::Unknown(mark), _] => return Ok(Value::Unknown(*mark)),
            _ => return Err(fails("a condition of `case` must be a boolean")),
        }
    }
    Ok(pairs.remainder().first().cloned().unwrap_or(Value::Null))
}
