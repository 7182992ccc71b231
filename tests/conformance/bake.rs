//! `docker buildx bake --print` against the printed definitions of the real one.

use std::collections::BTreeSet;
use std::rc::Rc;

use serde_json::{Map, Value};
use taglint::eval::bake::{self, BakeFile, Definition, Request};
use taglint::eval::unknown::Unknowns;

use crate::vectors::{self, Tally};

/// What decides which tags are published from which build.
const DECISIVE: [&str; 6] = [
    "tags",
    "context",
    "dockerfile",
    "target",
    "platforms",
    "output",
];

fn texts(value: &Value) -> Vec<String> {
    let items = value.as_array().into_iter().flatten();
    items
        .map(|item| item.as_str().unwrap().to_owned())
        .collect()
}

fn run(case: &Value) -> Result<Rc<Definition>, String> {
    let files = case["files"].as_object().unwrap();
    let named = texts(&case["f"]);
    let names: Vec<&str> = match named.is_empty() {
        true => bake::DEFAULT_FILES.to_vec(),
        false => named.iter().map(String::as_str).collect(),
    };
    let files: Vec<BakeFile<'_>> = names
        .iter()
        .filter_map(|name| {
            let text = files.get(*name)?.as_str()?;
            Some(BakeFile { name, text })
        })
        .collect();
    let request = Request {
        files: &files,
        targets: &texts(&case["targets"]),
        set: &texts(&case["set"]),
        environment: &|name| case["env"][name].as_str().map(str::to_owned),
        unknowns: &Unknowns::default(),
    };
    bake::evaluate(&request).map_err(|error| error.message)
}

/// The printed definition with nothing but what decides.
fn decisive(printed: &Value) -> Value {
    let mut printed = printed.clone();
    let targets = printed["target"].as_object_mut();
    for target in targets.into_iter().flat_map(Map::values_mut) {
        let target = target.as_object_mut().unwrap();
        target.retain(|name, _| DECISIVE.contains(&name.as_str()));
    }
    printed
}

/// Groups that a matrix gives are in random order.
fn sorted_groups(mut printed: Value) -> Value {
    let groups = printed["group"].as_object_mut();
    for group in groups.into_iter().flat_map(Map::values_mut) {
        if group["targets"].is_array() {
            let sorted: BTreeSet<String> = texts(&group["targets"]).into_iter().collect();
            group["targets"] = sorted.into_iter().collect();
        }
    }
    printed
}

fn compare(file: &str) {
    let Some(data) = vectors::json(file) else {
        return;
    };
    let (mut decides, mut whole) = (Tally::default(), Tally::default());
    for case in data["vectors"].as_array().unwrap() {
        let wanted = &case["expected"];
        let got = run(case);
        let shown = got.as_ref().map(|definition| definition.to_json());
        let same = |part: &dyn Fn(&Value) -> Value| match (&shown, wanted.get("error")) {
            (Ok(shown), None) => sorted_groups(part(shown)) == sorted_groups(part(wanted)),
            (Err(_), Some(_)) => true,
            _ => false,
        };
        let describe = || format!("{}\n    wanted {wanted}\n    got {shown:?}", case["name"]);
        decides.case(same(&decisive), describe);
        whole.case(same(&Value::clone), describe);
    }
    whole.finish(&format!("{file}, whole definitions"));
    decides.finish(&format!("{file}, tags and builds"));
}

#[test]
fn definitions_of_bakes_own_tests() {
    compare("bake.tests.json");
}

#[test]
fn definitions_of_many_kinds() {
    compare("bake-computed.json");
}
