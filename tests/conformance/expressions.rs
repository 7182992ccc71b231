//! Expressions of GitHub Actions, against GitHub's own data and against the runner.

use serde_json::{Value as Json, json};
use taglint::eval::expr::{ExprError, JsonContexts, Phase, evaluate};
use taglint::eval::value::{Truth, Value};

use crate::vectors::{self, Tally};

/// Data as GitHub writes contexts: `{"t": 2, "d": [{"k", "v"}]}` is a mapping, `{"t": 1, "a": […]}`
/// a sequence, and so on.
fn revive(json: &Json) -> Json {
    match json {
        Json::Array(items) => items.iter().map(revive).collect(),
        Json::Object(entries) => match entries.get("t").and_then(Json::as_u64) {
            Some(0) => entries.get("s").cloned().unwrap_or(json!("")),
            Some(1) => revive(entries.get("a").unwrap_or(&json!([]))),
            Some(2 | 5) => Json::Object(
                entries
                    .get("d")
                    .and_then(Json::as_array)
                    .into_iter()
                    .flatten()
                    .filter_map(|pair| Some((pair["k"].as_str()?.to_owned(), revive(&pair["v"]))))
                    .collect(),
            ),
            Some(3) => entries.get("b").cloned().unwrap_or(json!(false)),
            Some(4) => entries.get("n").cloned().unwrap_or(json!(0)),
            _ => entries
                .iter()
                .map(|(name, value)| (name.clone(), revive(value)))
                .collect(),
        },
        other => other.clone(),
    }
}

/// JSON with every number as a double, and NaN and the infinities as the vectors write them.
fn plain(value: &Value) -> Json {
    match value {
        Value::Number(number) if !number.is_finite() => {
            json!({ "$number": value.to_text().as_ref() })
        }
        Value::Number(number) => json!(number + 0.0),
        Value::Array(array) => array.items.iter().map(plain).collect(),
        Value::Object(object) => object
            .iter()
            .map(|(name, value)| (name.to_owned(), plain(value)))
            .collect(),
        other => other.to_json(),
    }
}

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

fn phase(error: &ExprError) -> &'static str {
    match error.phase {
        Phase::Lexing => "lexing",
        Phase::Parsing => "parsing",
        Phase::Evaluation => "evaluation",
    }
}

/// The name of a type as the vectors write it.
fn kind(value: &Value) -> &'static str {
    match value {
        Value::Unknown(_) => "Unknown",
        Value::Null => "Null",
        Value::Bool(_) => "Boolean",
        Value::Number(_) => "Number",
        Value::String(_) => "String",
        Value::Array(_) => "Array",
        Value::Object(_) => "Object",
    }
}

#[test]
fn githubs_own_data() {
    let Some(folder) = vectors::find("expressions") else {
        return;
    };
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let mut tally = Tally::default();
    for name in names {
        let file = vectors::json(&format!("expressions/{name}")).unwrap();
        for (group, cases) in file.as_object().unwrap() {
            for case in cases.as_array().unwrap() {
                let expr = case["expr"].as_str().unwrap();
                let contexts = JsonContexts::from(&revive(&case["contexts"]));
                let got = evaluate(expr, &contexts);
                let agrees = match (&got, &case["err"]) {
                    (Err(error), Json::Object(wanted)) => wanted["kind"] == phase(error),
                    (Ok(value), Json::Null) => {
                        case["result"]["kind"] == kind(value)
                            && plain(value) == doubles(&revive(&case["result"]["value"]))
                    }
                    _ => false,
                };
                tally.case(agrees, || {
                    format!("{name} {group}: {expr}\n    got {got:?}\n    of {case}")
                });
            }
        }
    }
    tally.finish("expressions");
}

#[test]
fn the_runner() {
    let Some(file) = vectors::json("expressions-computed.json") else {
        return;
    };
    let mut tally = Tally::default();
    for case in file["vectors"].as_array().unwrap() {
        let expr = case["expr"].as_str().unwrap();
        let reference = case["contexts_ref"].as_str().unwrap();
        let contexts = JsonContexts::from(&file["contexts"][reference]);
        let wanted = &case["expected"];
        let got = evaluate(expr, &contexts);
        let agrees = match (&got, &wanted["error"]) {
            // The runner knows no lexing apart from parsing.
            (Err(error), Json::String(_)) => {
                (wanted["error"] == "evaluation") == (error.phase == Phase::Evaluation)
            }
            (Ok(value), Json::Null) => {
                wanted["kind"] == kind(value)
                    && plain(value) == doubles(&wanted["value"])
                    && wanted["string"] == value.to_text().as_ref()
                    && wanted["truthy"] == (value.truth() == Truth::True)
            }
            _ => false,
        };
        tally.case(agrees, || {
            format!("{expr}\n    got {got:?}\n    of {wanted}")
        });
    }
    tally.finish("expressions-computed");
}
