//! Actions expressions: GitHub's own cross-language data, and the runner's answers to more.

use serde_json::{Map, Value, json};
use taglint::eval::expr::{self, ExprError, Phase};

use crate::vectors::{self, Tally};

/// The data's contexts: dictionaries are written `{"t": 2, "d": [{"k", "v"}]}`, arrays
/// `{"t": 1, "a": []}`, everything else as itself.
fn plain(value: &Value) -> Value {
    match value {
        Value::Object(map) => match map.get("t").and_then(Value::as_i64) {
            Some(2) => {
                let entries = map.get("d").and_then(Value::as_array);
                let pairs = entries.into_iter().flatten().filter_map(|entry| {
                    Some((entry.get("k")?.as_str()?.to_owned(), plain(entry.get("v")?)))
                });
                Value::Object(pairs.collect())
            }
            Some(1) => {
                let items = map.get("a").and_then(Value::as_array);
                Value::Array(items.into_iter().flatten().map(plain).collect())
            }
            _ => map
                .iter()
                .map(|(key, value)| (key.clone(), plain(value)))
                .collect::<Map<_, _>>()
                .into(),
        },
        Value::Array(items) => Value::Array(items.iter().map(plain).collect()),
        other => other.clone(),
    }
}

fn phase(phase: Phase) -> &'static str {
    match phase {
        Phase::Lexing => "lexing",
        Phase::Parsing => "parsing",
        Phase::Evaluation => "evaluation",
    }
}

/// Numbers compare as numbers; those that JSON cannot write compare by their text.
fn same(kind: &str, wanted: &Value, got: &Value) -> bool {
    let lower = got["type"].as_str() == Some(&kind.to_ascii_lowercase());
    let text = || got["string"].as_str().unwrap_or_default().to_owned();
    lower
        && match wanted {
            Value::Number(number) => number.as_f64() == got["value"].as_f64(),
            Value::String(name) if kind == "Number" => *name == text(),
            Value::Object(map) if map.contains_key("$number") => {
                map["$number"].as_str() == Some(&text())
            }
            other => numbers_as_floats(other) == numbers_as_floats(&got["value"]),
        }
}

fn numbers_as_floats(value: &Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64()),
        Value::Array(items) => items.iter().map(numbers_as_floats).collect(),
        Value::Object(map) => {
            let pairs = map.iter();
            pairs
                .map(|(key, value)| (key.clone(), numbers_as_floats(value)))
                .collect::<Map<_, _>>()
                .into()
        }
        other => other.clone(),
    }
}

fn describe(expr: &str, wanted: &Value, got: &Result<Value, ExprError>) -> String {
    let short: String = expr.chars().take(100).collect();
    format!("{short}  wanted {wanted}  got {got:?}")
}

#[test]
fn cross_language_data() {
    let Some(folder) = vectors::find("expressions") else {
        return;
    };
    let mut tally = Tally::default();
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    for file in files {
        let text = std::fs::read_to_string(&file).unwrap();
        let groups: Map<String, Value> = serde_json::from_str(&text).unwrap();
        for case in groups.values().flat_map(|cases| cases.as_array().unwrap()) {
            let expr = case["expr"].as_str().unwrap();
            let contexts = plain(case.get("contexts").unwrap_or(&json!({})));
            let got = expr::evaluate_to_json(expr, &contexts);
            let agrees = match (&got, case.get("err")) {
                (Err(error), Some(wanted)) => wanted["kind"] == phase(error.phase),
                (Ok(value), None) => {
                    let wanted = &case["result"];
                    same(wanted["kind"].as_str().unwrap(), &wanted["value"], value)
                }
                _ => false,
            };
            tally.case(agrees, || {
                describe(expr, case.get("err").unwrap_or(&case["result"]), &got)
            });
        }
    }
    tally.finish("expressions");
}

#[test]
fn runner_answers() {
    let Some(data) = vectors::json("expressions-computed.json") else {
        return;
    };
    let mut tally = Tally::default();
    for case in data["vectors"].as_array().unwrap() {
        let expr = case["expr"].as_str().unwrap();
        let contexts = match case.get("contexts_ref") {
            Some(name) => &data["contexts"][name.as_str().unwrap()],
            None => &case["contexts"],
        };
        let got = expr::evaluate_to_json(expr, contexts);
        let wanted = &case["expected"];
        let agrees = match (&got, wanted.get("error")) {
            // These answers tell only what fails before the evaluation from what fails in it.
            (Err(error), Some(wanted)) => {
                (*wanted == "evaluation") == (error.phase == Phase::Evaluation)
            }
            (Ok(value), None) => {
                same(wanted["kind"].as_str().unwrap(), &wanted["value"], value)
                    && wanted
                        .get("string")
                        .is_none_or(|text| *text == value["string"])
            }
            _ => false,
        };
        tally.case(agrees, || describe(expr, wanted, &got));
    }
    tally.finish("expressions-computed");
}
