//! The names that templates of an entry are rendered over: `branch`, `sha`, `date` and so on.

use super::commit::Moment;
use super::date;
use super::event::{Event, Reference, Truth};
use super::template::{Arguments, Names, Value};
use crate::eval::unknown::first_mark;

/// The expressions of the action; for a schedule's pattern only those of time.
pub(crate) struct Expressions<'a> {
    pub(crate) event: &'a Event<'a>,
    pub(crate) times_only: bool,
}

const ALL: [&str; 8] = [
    "branch",
    "tag",
    "sha",
    "base_ref",
    "commit_date",
    "is_default_branch",
    "is_not_default_branch",
    "date",
];

const TIMES: [&str; 2] = ["date", "commit_date"];

impl Names for Expressions<'_> {
    fn names(&self) -> &'static [&'static str] {
        if self.times_only { &TIMES } else { &ALL }
    }

    fn get(&self, name: &str) -> Value {
        let found = self.names().iter().find(|known| **known == name);
        found.map_or(Value::Undefined, |name| Value::Function(name))
    }

    fn call(&self, function: &str, arguments: &Arguments) -> Result<Value, String> {
        let event = self.event;
        Ok(match function {
            "branch" => match &event.reference {
                Reference::Branch(name) => Value::text(name.as_str()),
                Reference::Unknown(mark) => Value::Unknown(*mark),
                _ => Value::text(""),
            },
            "tag" => match &event.reference {
                Reference::Tag(name) => Value::text(name.as_str()),
                Reference::Unknown(mark) => Value::Unknown(*mark),
                _ => Value::text(""),
            },
            "sha" => Value::text(event.short_sha()?),
            "base_ref" => Value::text(event.base_ref()),
            "is_default_branch" => truth(event.is_default_branch(), "true", "false"),
            "is_not_default_branch" => truth(event.is_default_branch(), "false", "true"),
            "commit_date" => time(event.commit_time(), function, arguments)?,
            _ => time(event.now(), function, arguments)?,
        })
    }
}

fn truth(truth: Truth, yes: &str, no: &str) -> Value {
    match truth {
        Truth::Yes => Value::text(yes),
        Truth::No => Value::text(no),
        Truth::Unknown(mark) => Value::Unknown(mark),
    }
}

/// Writes a time in the format and the zone that a template asks for.
fn time(moment: Moment, name: &str, arguments: &Arguments) -> Result<Value, String> {
    let ([format], Some(named)) = (arguments.values, arguments.named) else {
        return Err(format!(
            "`{{{{{name}}}}}` takes one format: `{{{{{name} 'YYYYMMDD'}}}}`"
        ));
    };
    let mut zone = Value::text("UTC");
    for (key, value) in named {
        if key != "tz" {
            return Err(format!("`{{{{{name}}}}}` knows no attribute `{key}`"));
        }
        zone = value.clone();
    }
    let mut unknown = None;
    let zone = match &zone {
        Value::Text(zone) if !zone.is_empty() => {
            unknown = unknown.or(first_mark(zone));
            zone.to_string()
        }
        Value::Unknown(mark) => {
            unknown = Some(*mark);
            String::new()
        }
        _ => {
            return Err(format!(
                "the time zone of `{{{{{name}}}}}` is no name of a zone"
            ));
        }
    };
    let format = match format {
        Value::Text(format) => {
            unknown = unknown.or(first_mark(format));
            format.to_string()
        }
        Value::Undefined | Value::Null | Value::Bool(false) => String::new(),
        Value::Number(number) if *number == 0.0 => String::new(),
        Value::Unknown(mark) => {
            unknown = Some(*mark);
            String::new()
        }
        _ => return Err(format!("the format of `{{{{{name}}}}}` is no text")),
    };
    if let Some(mark) = unknown {
        return Ok(Value::Unknown(mark));
    }
    Ok(match moment {
        Moment::At(time) => Value::text(date::format(time, &zone, &format)),
        Moment::Invalid => Value::text("Invalid date"),
        Moment::Unknown(mark) => Value::Unknown(mark),
    })
}
