//! Compose's interpolation, `.env` files and projects against what compose-go made of them.

use std::collections::{BTreeMap, HashMap};

use taglint::eval::compose::{dotenv, interpolate::interpolate};

use crate::vectors::{self, Tally};

#[test]
fn templates_are_interpolated() {
    let Some(data) = vectors::json("compose-interpolation.json") else {
        return;
    };
    let mut tally = Tally::default();
    for case in data["vectors"].as_array().unwrap() {
        let template = case["template"].as_str().unwrap();
        let set: HashMap<&str, &str> = case["env"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str().unwrap()))
            .collect();
        let lookup = |name: &str| set.get(name).map(|value| (*value).to_owned());
        let got = interpolate(template, &lookup);
        let wanted = &case["expected"];
        let agrees = match &got {
            Ok(done) => wanted["value"].as_str() == Some(done.text.as_str()),
            Err(_) => wanted.get("error").is_some(),
        };
        tally.case(agrees, || {
            format!("{template:?} with {set:?}: wanted {wanted}, got {got:?}")
        });
    }
    tally.finish("compose-interpolation");
}

#[test]
fn env_files_are_read() {
    let Some(data) = vectors::json("compose-dotenv.json") else {
        return;
    };
    let mut tally = Tally::default();
    for case in data["vectors"].as_array().unwrap() {
        let text = case["src"].as_str().unwrap();
        let lookup = |name: &str| case["env"][name].as_str().map(str::to_owned);
        let got = dotenv::read(text, &lookup).map(|settings| {
            let pair = |setting: dotenv::Setting| (setting.name, setting.value);
            settings.into_iter().map(pair).collect::<BTreeMap<_, _>>()
        });
        let wanted = &case["expected"];
        let agrees = match (&got, wanted["error"].as_str()) {
            (Ok(got), None) => serde_json::json!(got) == wanted["vars"],
            // Only the parser's own errors have a line, and that line must be the same.
            (Err(error), Some(wanted)) if wanted.starts_with("line ") => error.message == wanted,
            (Err(_), Some(_)) => true,
            _ => false,
        };
        tally.case(agrees, || format!("{text:?}: wanted {wanted}, got {got:?}"));
    }
    tally.finish("compose-dotenv");
}
