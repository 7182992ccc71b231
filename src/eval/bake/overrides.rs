//! `--set target.attribute=value`.

use std::rc::Rc;

use serde_json::Value as Json;

use super::attribute::{self, Field};
use super::config::{Config, Fields};
use super::entry::{self, Entry, Family};
use super::error::{Fault, Outcome};
use super::path;
use super::value::{Text, Value};
use crate::eval::unknown;

/// One attribute of one target, overridden.
#[derive(Debug)]
struct Override {
    target: Rc<str>,
    /// The attribute, and for maps the key after it.
    key: String,
    values: Vec<String>,
    append: bool,
}

/// All that is overridden, in order.
#[derive(Debug, Default)]
pub(super) struct Overrides(Vec<Override>);

/// Attributes that take a list; the others take the last value given.
const LISTS: [&str; 12] = [
    "output",
    "cache-to",
    "cache-from",
    "tags",
    "platform",
    "secrets",
    "ssh",
    "attest",
    "entitlements",
    "network",
    "annotations",
    "policy",
];

impl Overrides {
    /// Reads the settings.
    pub(super) fn read(
        settings: &[String],
        config: &Config,
        environment: &dyn Fn(&str) -> Option<String>,
    ) -> Outcome<Self> {
        let mut all = Self::default();
        for setting in settings {
            let (key, value) = match setting.split_once('=') {
                Some((key, value)) => (key, Some(value)),
                None => (setting.as_str(), None),
            };
            let append = key.ends_with('+');
            let key = key.strip_suffix('+').unwrap_or(key);
            let refused = |what: &str| Fault::new(format!("`--set {setting}`: {what}"));
            let Some((pattern, rest)) = key.split_once('.') else {
                return Err(refused("target.attribute=value is expected"));
            };
            let (attribute, member) = match rest.split_once('.') {
                Some((attribute, member)) => (attribute, Some(member)),
                None => (rest, None),
            };
            if value.is_none() && attribute != "args" {
                return Err(refused("target.attribute=value is expected"));
            }
            if matches!(attribute, "args" | "contexts") && member.is_none() {
                return Err(refused("a name is missing after the attribute"));
            }
            let value = match (value, member) {
                (Some(value), _) => Some(value.to_owned()),
                (None, Some(member)) => environment(member),
                (None, None) => None,
            };
            let names = expand(config, pattern)?;
            let Some(value) = value else { continue };
            for target in names {
                all.add(target, rest, attribute, &value, append);
            }
        }
        Ok(all)
    }

    fn add(&mut self, target: Rc<str>, key: &str, attribute: &str, value: &str, append: bool) {
        let list = LISTS.contains(&attribute);
        let known = self
            .0
            .iter_mut()
            .find(|known| known.target == target && known.key == key);
        match known {
            Some(known) => {
                if !list {
                    known.values.clear();
                }
                known.values.push(value.to_owned());
                known.append = append;
            }
            None => self.0.push(Override {
                target,
                key: key.to_owned(),
                values: vec![value.to_owned()],
                append,
            }),
        }
    }

    /// Lays the overrides of a target over its attributes.
    pub(super) fn apply(&self, name: &str, fields: &mut Fields) -> Outcome<()> {
        for one in self.0.iter().filter(|one| &*one.target == name) {
            one.apply(fields)?;
        }
        Ok(())
    }
}

/// The targets that a pattern names. What is not known of it may be any.
fn expand(config: &Config, pattern: &str) -> Outcome<Vec<Rc<str>>> {
    if config.target(pattern).is_some() {
        return Ok(vec![pattern.into()]);
    }
    let mut names = Vec::new();
    for target in &config.targets {
        match path::matches(pattern, &target.name) {
            Some(true) => names.push(Rc::clone(&target.name)),
            Some(false) => {}
            None => return Err(Fault::new(format!("the pattern `{pattern}` is not valid"))),
        }
    }
    if names.is_empty() && unknown::is_known(pattern) {
        return Err(Fault::new(format!("no target matches `{pattern}`")));
    }
    Ok(names)
}

impl Override {
    fn apply(&self, fields: &mut Fields) -> Outcome<()> {
        let (attribute, member) = match self.key.split_once('.') {
            Some((attribute, member)) => (attribute, Some(member)),
            None => (self.key.as_str(), None),
        };
        let last = self.values.last().map_or("", String::as_str);
        let value = || Field::Text(text(last));
        match attribute {
            "context" => fields.set("context", value()),
            "dockerfile" => fields.set("dockerfile", value()),
            "target" => fields.set("target", value()),
            "call" => fields.set("call", value()),
            "network" => {
                // Listed among the lists, read as one value: nothing is left of it.
                fields.set("network", Field::Text(text("")));
            }
            "shm-size" => fields.set("shm-size", value()),
            "args" => self.map("args", member, fields)?,
            "contexts" => self.map("contexts", member, fields)?,
            "labels" => self.map("labels", member, fields)?,
            "extra-hosts" => self.map("extra-hosts", member, fields)?,
            "tags" => self.texts("tags", self.append, fields),
            "platform" => self.texts("platforms", self.append, fields),
            "entitlements" => self.texts("entitlements", true, fields),
            "annotations" => self.texts("annotations", true, fields),
            "no-cache-filter" | "ulimits" => {
                // Read as a list, though only one value is kept: nothing is left of it.
                let name = if attribute == "ulimits" {
                    "ulimits"
                } else {
                    "no-cache-filter"
                };
                if !self.append {
                    fields.take_texts(name);
                }
            }
            "output" => self.entries("output", Family::Output, self.append, fields)?,
            "cache-from" => self.entries("cache-from", Family::Cache, self.append, fields)?,
            "cache-to" => self.entries("cache-to", Family::Cache, self.append, fields)?,
            "secrets" => self.entries("secret", Family::Secret, self.append, fields)?,
            "ssh" => self.entries("ssh", Family::Ssh, self.append, fields)?,
            "policy" => self.entries("policy", Family::Policy, self.append, fields)?,
            "attest" => self.entries("attest", Family::Attest, true, fields)?,
            "no-cache" => fields.set("no-cache", self.flag(last)?),
            "pull" => fields.set("pull", self.flag(last)?),
            "push" => {
                if let Field::Flag(flag) = self.flag(last)? {
                    let outputs = take_entries("output", fields);
                    let push = flag.map_err(|mark| mark.as_char().to_string());
                    fields.set("output", Field::Entries(set_push(outputs, push)));
                }
            }
            "load" => {
                if let Field::Flag(Ok(true)) = self.flag(last)? {
                    let outputs = take_entries("output", fields);
                    fields.set("output", Field::Entries(set_load(outputs)));
                }
            }
            "resources" => {
                let Some(member) = member else {
                    return Err(Fault::new("`--set`: resources needs a name after it"));
                };
                let mut values = match fields.get("resources") {
                    Some(Field::Values(values)) => values.clone(),
                    _ => Default::default(),
                };
                values.insert(member.into(), Value::text(last));
                fields.set("resources", Field::Values(values));
            }
            _ => return Err(Fault::new(format!("`--set`: no attribute `{attribute}`"))),
        }
        Ok(())
    }

    fn map(&self, name: &'static str, member: Option<&str>, fields: &mut Fields) -> Outcome<()> {
        let Some(member) = member else {
            let message = format!("`--set`: {name}.NAME=value is expected");
            return Err(Fault::new(message));
        };
        let mut map = fields.map(name).cloned().unwrap_or_default();
        let value = self.values.last().map_or("", String::as_str);
        map.insert(member.into(), Some(value.into()));
        fields.set(name, Field::Map(map));
        Ok(())
    }

    fn texts(&self, name: &'static str, append: bool, fields: &mut Fields) {
        let mut texts = fields.take_texts(name);
        if !append {
            texts.clear();
        }
        texts.extend(self.values.iter().map(|value| text(value)));
        fields.set(name, Field::Texts(texts));
    }

    fn entries(
        &self,
        name: &'static str,
        family: Family,
        append: bool,
        fields: &mut Fields,
    ) -> Outcome<()> {
        let mut entries = take_entries(name, fields);
        if !append {
            entries.clear();
        }
        for value in &self.values {
            entries.extend(entry::from_text(family, value)?);
        }
        let entries = entry::without_doubles(family, entries);
        fields.set(name, Field::Entries(entries));
        Ok(())
    }

    fn flag(&self, text: &str) -> Outcome<Field> {
        let rule = attribute::rule("target", "pull");
        let value = match text {
            "t" | "T" | "TRUE" | "True" => Value::Bool(true),
            "f" | "F" | "FALSE" | "False" => Value::Bool(false),
            text => Value::text(text),
        };
        rule.and_then(|rule| rule.decode(&value, Default::default()).ok().flatten())
            .ok_or_else(|| Fault::new(format!("`--set`: `{text}` is no bool for {}", self.key)))
    }
}

fn text(value: &str) -> Text {
    Text {
        text: value.into(),
        at: None,
    }
}

fn take_entries(name: &str, fields: &mut Fields) -> Vec<Entry> {
    match fields.0.remove(name) {
        Some(Field::Entries(entries)) => entries,
        _ => Vec::new(),
    }
}

fn kind(entry: &Entry) -> &str {
    entry.get("type").and_then(Json::as_str).unwrap_or_default()
}

/// Switches pushing on or off; where that is not known, the mark stands in place of the word.
fn set_push(mut outputs: Vec<Entry>, push: Result<bool, String>) -> Vec<Entry> {
    if push == Ok(false) {
        outputs.retain(|output| kind(output) != "registry");
    }
    let word = match &push {
        Ok(true) => "true",
        Ok(false) => "false",
        Err(mark) => mark,
    };
    for output in &mut outputs {
        if kind(output) == "image" {
            output.insert("push".to_owned(), Json::from(word));
        }
    }
    if push != Ok(false) && outputs.iter().all(|output| kind(output) == "docker") {
        let fields = [("push", word), ("type", "image")];
        let fields = fields.map(|(name, text)| (name.to_owned(), Json::from(text)));
        outputs.push(fields.into());
    }
    outputs
}

/// Adds the local image store, unless an output already serves or forbids it.
fn set_load(mut outputs: Vec<Entry>) -> Vec<Entry> {
    let settled = outputs.iter().any(|output| match kind(output) {
        "docker" => !output.contains_key("dest"),
        "image" | "registry" | "oci" => false,
        _ => true,
    });
    if !settled {
        outputs.push([("type".to_owned(), Json::from("docker"))].into());
    }
    outputs
}
