//! What is composed of expressions whose value the runner has told has the value that follows.

use serde_json::{Value as Json, json};
use taglint::eval::expr::{JsonContexts, evaluate};
use taglint::eval::value::{Truth, Value};

use crate::chance::Chance;
use crate::{say, shared};

/// How often each vector is wrapped.
const ROUNDS: usize = 10;

/// An expression with what is known of its value.
#[derive(Clone)]
struct Known {
    text: String,
    value: Json,
    string: String,
    truthy: bool,
}

impl Known {
    fn bool(text: String, value: bool) -> Self {
        Self {
            text,
            value: json!(value),
            string: value.to_string(),
            truthy: value,
        }
    }

    fn same(self, text: String) -> Self {
        Self { text, ..self }
    }

    /// Whether JSON can say what the value is, and the value says of itself all that it is.
    fn is_exact(&self) -> bool {
        match &self.value {
            Json::Number(number) => self.string.parse().ok() == number.as_f64(),
            Json::Array(_) | Json::Object(_) => false,
            _ => true,
        }
    }

    fn wrapped(self, chance: &mut Chance) -> Self {
        let e = self.text.clone();
        match chance.below(11) {
            0 => self.same(format!("({e})")),
            1 => Self::bool(format!("!({e})"), !self.truthy),
            2 if self.truthy => Self::bool(format!("({e}) && true"), true),
            2 => self.same(format!("({e}) && true")),
            3 if self.truthy => self.same(format!("({e}) || false")),
            3 => Self::bool(format!("({e}) || false"), false),
            4 => self.same(format!("true && ({e})")),
            5 => self.same(format!("false || ({e})")),
            6 if self.is_exact() => self.same(format!("fromJSON(toJSON({e}))")),
            7 if self.is_exact() => Self::bool(format!("({e}) == ({e})"), true),
            8 if self.is_exact() => Self::bool(format!("startsWith({e}, {e})"), true),
            9 => {
                let string = format!("<{}>{{}}", self.string);
                Self {
                    text: format!("format('<{{0}}>{{{{}}}}', {e})"),
                    value: json!(string),
                    string,
                    truthy: true,
                }
            }
            _ => Self {
                text: format!("format('{{0}}', {e})"),
                value: json!(self.string),
                truthy: !self.string.is_empty(),
                string: self.string,
            },
        }
    }
}

/// JSON with every number as a double.
fn doubles(json: &Json) -> Json {
    match json {
        Json::Number(number) => json!(number.as_f64().map(|number| number + 0.0)),
        Json::Array(items) => items.iter().map(doubles).collect(),
        Json::Object(entries) => entries
            .iter()
            .map(|(name, value)| (name.clone(), doubles(value)))
            .collect(),
        other => other.clone(),
    }
}

fn is(value: &Value, known: &Known) -> bool {
    doubles(&value.to_json()) == doubles(&known.value)
        && value.to_text().as_ref() == known.string
        && (value.truth() == Truth::True) == known.truthy
}

#[test]
fn composed_expressions_have_the_value_that_follows() {
    let Some(path) = shared("vectors/expressions-computed.json") else {
        return;
    };
    let file: Json = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let mut chance = Chance::new();
    let (mut compared, mut wrong) = (0, Vec::new());
    for case in file["vectors"].as_array().unwrap() {
        let wanted = &case["expected"];
        // Not a number and the infinities have no JSON.
        if !wanted["error"].is_null() || wanted["value"].to_string().contains("$number") {
            continue;
        }
        let contexts =
            JsonContexts::from(&file["contexts"][case["contexts_ref"].as_str().unwrap()]);
        for _ in 0..ROUNDS {
            let mut known = Known {
                text: case["expr"].as_str().unwrap().to_owned(),
                value: wanted["value"].clone(),
                string: wanted["string"].as_str().unwrap().to_owned(),
                truthy: wanted["truthy"].as_bool().unwrap(),
            };
            for _ in 0..=chance.below(5) {
                // Some wraps name an expression twice.
                if known.text.len() < 2_000 {
                    known = known.wrapped(&mut chance);
                }
            }
            compared += 1;
            match evaluate(&known.text, &contexts) {
                Ok(value) if is(&value, &known) => {}
                got => wrong.push(format!("{} gives {got:?}, not {}", known.text, known.value)),
            }
        }
    }
    say(&format!(
        "composed expressions: {compared} compared, {} differ",
        wrong.len()
    ));
    assert!(compared > 10_000, "{compared}");
    assert!(wrong.is_empty(), "{:#?}", &wrong[..wrong.len().min(10)]);
}
