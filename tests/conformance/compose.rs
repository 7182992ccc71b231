//! Compose's interpolation, `.env` files and projects against what compose-go made of them.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Value, json};
use taglint::eval::compose::{self, Project, Request, dotenv, interpolate::interpolate};
use taglint::files::Files;

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
        let got = dotenv::read(text, &lookup, &|_| None).map(|settings| {
            let pair = |setting: dotenv::Setting| (setting.name, setting.value);
            settings.into_iter().map(pair).collect::<BTreeMap<_, _>>()
        });
        let wanted = &case["expected"];
        let agrees = match (&got, wanted["error"].as_str()) {
            (Ok(got), None) => serde_json::json!(got) == wanted["vars"],
            // Only the parser's own errors have a line; it must be the same, and so what is wrong.
            (Err(error), Some(wanted)) if wanted.starts_with("line ") => {
                let plain = |text: &str| text.split('"').next().unwrap().to_owned();
                plain(&error.message) == plain(wanted)
            }
            (Err(_), Some(_)) => true,
            _ => false,
        };
        tally.case(agrees, || format!("{text:?}: wanted {wanted}, got {got:?}"));
    }
    tally.finish("compose-dotenv");
}

/// A case's files.
struct Tree(HashMap<String, String>);

impl Files for Tree {
    fn read(&self, path: &str) -> Option<String> {
        self.0.get(path).cloned()
    }

    fn holds(&self, path: &str) -> Option<bool> {
        Some(self.0.contains_key(path))
    }
}

/// A project as the vectors write it, which name the root `$DIR`.
fn written(project: &Project) -> Value {
    let mut services = serde_json::Map::new();
    let mut disabled = Vec::new();
    for service in &project.services {
        if !service.enabled {
            disabled.push(json!(service.name));
            continue;
        }
        let image = service.image.as_ref().map(|image| image.text.as_str());
        let mut out = json!({ "image": image.unwrap_or_default() });
        if let Some(build) = &service.build {
            let context = match build.context.as_str() {
                "." => "$DIR".to_owned(),
                path if path.contains("://") || path.starts_with('/') => path.to_owned(),
                path => format!("$DIR/{path}"),
            };
            out["build"] = json!({ "context": context });
            let mut set = |key: &str, value: Value| {
                if !matches!(&value, Value::Null) && value != json!({}) && value != json!([]) {
                    out["build"][key] = value;
                }
            };
            let tags = build.tags.iter().map(|tag| tag.text.as_str());
            set("dockerfile", json!(build.dockerfile_path()));
            set("target", json!(build.target));
            set("args", json!(build.args));
            set("tags", json!(tags.collect::<Vec<_>>()));
        }
        if !service.profiles.is_empty() {
            out["profiles"] = json!(service.profiles);
        }
        services.insert(service.name.clone(), out);
    }
    json!({ "services": services, "disabled": disabled })
}

#[test]
fn projects_are_loaded() {
    let Some(data) = vectors::json("compose-project-computed.json") else {
        return;
    };
    let mut tally = Tally::default();
    for case in data["vectors"].as_array().unwrap() {
        let strings = |value: &Value| -> Vec<String> {
            let items = value.as_array().unwrap().iter();
            items
                .map(|item| item.as_str().unwrap().to_owned())
                .collect()
        };
        let pairs = |value: &Value| {
            let pairs = value.as_object().unwrap().iter();
            let pairs =
                pairs.map(|(name, value)| (name.clone(), value.as_str().unwrap().to_owned()));
            pairs.collect::<BTreeMap<_, _>>()
        };
        let environment = pairs(&case["env"]);
        let tree = Tree(pairs(&case["tree"]).into_iter().collect());
        let got = compose::load(&Request {
            files: &tree,
            folder: "",
            compose_files: &strings(&case["files"]),
            env_files: &strings(&case["env_files"]),
            environment: &|name| environment.get(name).cloned(),
            fallback: &|_| None,
            profiles: &strings(&case["profiles"]),
            lenient: false,
        });
        let wanted = &case["expected"];
        let agrees = match &got {
            Ok(project) => written(project) == *wanted,
            Err(_) => wanted.get("error").is_some(),
        };
        tally.case(agrees, || {
            let got = got.as_ref().map(written);
            format!("{}: wanted {wanted}, got {got:?}", case["name"])
        });
    }
    tally.finish("compose-project-computed");
}
