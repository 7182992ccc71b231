//! The functions that bake brings, by name.

mod calendar;
mod collection;
mod constraint;
pub(super) mod digest;
mod encoding;
mod format;
mod list;
mod logic;
mod number;
mod pattern;
mod set;
mod text;

use std::rc::Rc;

use super::budget::Budget;
use super::error::{Fault, Outcome};
use super::scope::Scope;
use super::value::{Entries, Shape, Value};
use crate::eval::unknown::{self, Mark};

pub(super) use encoding::from_json;

/// A function: how many arguments it takes, whether they may be null, and what it does.
#[derive(Clone, Copy)]
pub(super) struct Builtin {
    least: usize,
    most: usize,
    nulls: bool,
    run: fn(&Call<'_>) -> Returned,
}

/// A name and its function.
type Named = (&'static str, Builtin);

const TABLES: &[&[Named]] = &[
    text::FUNCTIONS,
    pattern::FUNCTIONS,
    format::FUNCTIONS,
    list::FUNCTIONS,
    collection::FUNCTIONS,
    set::FUNCTIONS,
    number::FUNCTIONS,
    logic::FUNCTIONS,
    encoding::FUNCTIONS,
    digest::FUNCTIONS,
    calendar::FUNCTIONS,
    constraint::FUNCTIONS,
];

/// The function of this name.
pub(super) fn find(name: &str) -> Option<Builtin> {
    // Functions that evaluate their arguments themselves stand elsewhere, but their names are taken.
    TABLES
        .iter()
        .flat_map(|table| table.iter())
        .find(|(own, _)| *own == name)
        .map(|(_, builtin)| *builtin)
}

/// Whether bake brings a function of this name.
pub(super) fn exists(name: &str) -> bool {
    matches!(name, "can" | "try" | "convert") || find(name).is_some()
}

/// Calls a function.
pub(super) fn call(
    builtin: Builtin,
    name: &str,
    values: &[Value],
    scope: &Scope<'_>,
) -> Outcome<Value> {
    if !(builtin.least..=builtin.most).contains(&values.len()) {
        let given = values.len();
        return Err(Fault::new(format!(
            "`{name}` does not take {given} arguments"
        )));
    }
    if !builtin.nulls && values.iter().any(Value::is_null) {
        return Err(Fault::new(format!(
            "an argument of `{name}` must not be null"
        )));
    }
    let call = Call {
        name,
        values,
        budget: &scope.budget,
        scope,
    };
    call.budget.spend(4)?;
    match (builtin.run)(&call) {
        Ok(value) => Ok(value),
        Err(Stop::Unknown(mark)) => Ok(Value::Unknown(mark)),
        Err(Stop::Fault(fault)) => Err(fault),
    }
}

const fn exactly(count: usize, run: fn(&Call<'_>) -> Returned) -> Builtin {
    between(count, count, run)
}

const fn between(least: usize, most: usize, run: fn(&Call<'_>) -> Returned) -> Builtin {
    Builtin {
        least,
        most,
        nulls: false,
        run,
    }
}

const fn with_nulls(least: usize, most: usize, run: fn(&Call<'_>) -> Returned) -> Builtin {
    Builtin {
        least,
        most,
        nulls: true,
        run,
    }
}

/// As many arguments as one likes.
const MANY: usize = usize::MAX;

/// One call.
struct Call<'c> {
    name: &'c str,
    values: &'c [Value],
    budget: &'c Budget,
    scope: &'c Scope<'c>,
}

/// Why a function gives no known value.
enum Stop {
    Fault(Fault),
    Unknown(Mark),
}

type Returned = Result<Value, Stop>;

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl Call<'_> {
    fn fault(&self, what: &str) -> Stop {
        Stop::Fault(Fault::new(format!("`{}`: {what}", self.name)))
    }

    fn value(&self, index: usize) -> &Value {
        self.values.get(index).unwrap_or(&Value::NULL)
    }

    /// An argument as text, which may hold unknown parts.
    fn text(&self, index: usize) -> Result<Rc<str>, Stop> {
        let value = self.value(index);
        value.to_text().ok_or_else(|| {
            let kind = value.kind_name();
            self.fault(&format!("a string is required, this is {kind}"))
        })
    }

    /// An argument as text that is known.
    fn known_text(&self, index: usize) -> Result<Rc<str>, Stop> {
        let text = self.text(index)?;
        match unknown::first_mark(&text) {
            Some(mark) => Err(Stop::Unknown(mark)),
            None => Ok(text),
        }
    }

    fn number(&self, index: usize) -> Result<f64, Stop> {
        let value = self.value(index);
        match value.to_number() {
            Some(number) => number.map_err(Stop::Unknown),
            None => {
                let kind = value.kind_name();
                Err(self.fault(&format!("a number is required, this is {kind}")))
            }
        }
    }

    fn whole(&self, index: usize) -> Result<i64, Stop> {
        let number = self.number(index)?;
        if number.fract() != 0.0 || number.abs() > 1e15 {
            return Err(self.fault("a whole number is required"));
        }
        Ok(number as i64)
    }

    /// An argument as a list whose items may be unknown.
    fn items(&self, index: usize) -> Result<(Shape, &Rc<Vec<Value>>), Stop> {
        match self.value(index) {
            Value::List(shape, items) => {
                self.budget.spend(items.len())?;
                Ok((*shape, items))
            }
            Value::Unknown(mark) => Err(Stop::Unknown(*mark)),
            other => {
                let kind = other.kind_name();
                Err(self.fault(&format!("a list is required, this is {kind}")))
            }
        }
    }

    /// An argument as a list that has exactly these items.
    fn known_items(&self, index: usize) -> Result<&Rc<Vec<Value>>, Stop> {
        let (_, items) = self.items(index)?;
        for item in items.iter() {
            if let Value::Unknown(mark) = item {
                return Err(Stop::Unknown(*mark));
            }
        }
        Ok(items)
    }

    fn entries(&self, index: usize) -> Result<&Rc<Entries>, Stop> {
        match self.value(index) {
            Value::Map(_, entries) => {
                self.budget.spend(entries.len())?;
                Ok(entries)
            }
            Value::Unknown(mark) => Err(Stop::Unknown(*mark)),
            other => {
                let kind = other.kind_name();
                Err(self.fault(&format!("a map is required, this is {kind}")))
            }
        }
    }

    /// A text as result.
    fn give(&self, text: &str) -> Returned {
        self.budget.text(text.len())?;
        Ok(Value::text(text))
    }

    /// A result that is not known, with the reason.
    fn unknown(&self, reason: &str) -> Stop {
        Stop::Unknown(self.scope.note(&format!("{}(…)", self.name), reason))
    }
}

#[cfg(test)]
mod tests;
