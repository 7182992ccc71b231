//! What the policy's JSON Schema has to say about a document, in plain words and at its place.

use jsonschema::error::ValidationErrorKind;
use jsonschema::{ValidationError, Validator};
use serde_json::Value;

use super::PolicyFault;
use super::view::{find, parts, place};
use crate::nearest::hint;
use crate::source::Span;
use crate::yaml::{Kind, NodeRef};

/// The JSON Schema of policies, as editors use it.
pub const SCHEMA: &str = include_str!("../../schemas/policy.schema.json");

/// Where the schema lists the names of rules.
const RULES: &str = "/definitions/rule/enum";

/// The schema, ready to validate, with the rules that there are.
pub(super) struct Schema {
    schema: Value,
    validator: Validator,
}

impl Schema {
    /// # Errors
    /// What is wrong with the schema itself.
    pub(super) fn new(rules: &[&str]) -> Result<Self, String> {
        let mut schema: Value = serde_json::from_str(SCHEMA).map_err(|error| error.to_string())?;
        if let Some(names) = schema.pointer_mut(RULES) {
            *names = rules.iter().copied().collect();
        }
        let validator = jsonschema::validator_for(&schema).map_err(|error| error.to_string())?;
        Ok(Self { schema, validator })
    }

    /// Every fault of a document, in order of place.
    pub(super) fn faults(
        &self,
        text: &str,
        root: NodeRef<'_, '_>,
        json: &Value,
    ) -> Vec<PolicyFault> {
        let document = Document { text, root, json };
        let errors = self.validator.iter_errors(json);
        errors
            .flat_map(|error| self.told(&document, &error))
            .collect()
    }

    fn told(
        &self,
        document: &Document<'_, '_, '_>,
        error: &ValidationError<'_>,
    ) -> Vec<PolicyFault> {
        let path = parts(error.instance_path().as_str());
        let here = document.span(&path);
        let value = document.value(&path);
        let one = |message: String| vec![PolicyFault::new(message, here)];
        match error.kind() {
            ValidationErrorKind::AdditionalProperties { unexpected } => {
                let known = self.keys(error.schema_path().as_str());
                let fault = |key: &String| {
                    let near = hint(key, known.iter().map(String::as_str));
                    let help = match near.is_empty() {
                        true => Some(format!("the keys here are {}", listed(&known))),
                        false => None,
                    };
                    let message = format!("there is no key `{key}` here{near}");
                    PolicyFault {
                        help,
                        ..PolicyFault::new(message, document.key(&path, key))
                    }
                };
                unexpected.iter().map(fault).collect()
            }
            ValidationErrorKind::PropertyNames { error } => {
                let key = error.instance().as_str().unwrap_or_default();
                let at = document.key(&path, key);
                vec![self.choice(error, key, at)]
            }
            ValidationErrorKind::Enum { .. } => match value.and_then(Value::as_str) {
                Some(word) => vec![self.choice(error, word, here)],
                None => Vec::new(),
            },
            // An alias without its anchor has been told.
            ValidationErrorKind::Type { .. } if document.is_missing(&path) => Vec::new(),
            ValidationErrorKind::Type { .. } => {
                let types = self.schema.pointer(error.schema_path().as_str());
                one(wrong_type(value, types))
            }
            ValidationErrorKind::Required { property } => {
                let name = property.as_str().unwrap_or_default();
                one(match name {
                    "version" => "the format's version is missing: write `version: 1`".to_owned(),
                    "reason" => "an exception needs its `reason`".to_owned(),
                    name => format!("the key `{name}` is missing here"),
                })
            }
            ValidationErrorKind::AnyOf { .. } => {
                one("say what is allowed: an `image`, or `paths`".to_owned())
            }
            ValidationErrorKind::Constant { expected_value } => {
                one(format!("only {expected_value} is known here"))
            }
            ValidationErrorKind::Pattern { .. } => match path.last().map(String::as_str) {
                Some("until") => one("write the day as `2027-01-31`".to_owned()),
                _ => one("this says nothing".to_owned()),
            },
            ValidationErrorKind::MinLength { .. } => one("this is empty".to_owned()),
            ValidationErrorKind::MinItems { .. } => one("this list is empty".to_owned()),
            ValidationErrorKind::MinProperties { .. } => one("nothing stands below".to_owned()),
            ValidationErrorKind::Minimum { limit } => one(format!("the least is {limit}")),
            _ => one(error.to_string()),
        }
    }

    /// A word that is none of those that may stand there.
    fn choice(&self, error: &ValidationError<'_>, word: &str, at: Span) -> PolicyFault {
        let ValidationErrorKind::Enum { options } = error.kind() else {
            return PolicyFault::new(error.to_string(), at);
        };
        let options = options.as_array().into_iter().flatten();
        let words: Vec<String> = options
            .filter_map(|option| option.as_str().map(str::to_owned))
            .collect();
        let rule = words.len() > 8;
        let near = hint(word, words.iter().map(String::as_str));
        let help = match (near.is_empty(), rule) {
            (false, _) => None,
            (true, true) => Some("`taglint rules` lists them".to_owned()),
            (true, false) => Some(format!("it is one of {}", listed(&words))),
        };
        let message = match rule {
            true => format!("there is no rule `{word}`{near}"),
            false => format!("`{word}` is no word that may stand here{near}"),
        };
        PolicyFault {
            help,
            ..PolicyFault::new(message, at)
        }
    }

    /// The keys that the schema knows beside an `additionalProperties`.
    fn keys(&self, schema_path: &str) -> Vec<String> {
        let above = schema_path.rsplit_once('/').map_or("", |(above, _)| above);
        let known = self.schema.pointer(&format!("{above}/properties"));
        let known = known.and_then(Value::as_object);
        known
            .map(|map| map.keys().cloned().collect())
            .unwrap_or_default()
    }
}

struct Document<'t, 'd, 's> {
    text: &'t str,
    root: NodeRef<'d, 's>,
    json: &'t Value,
}

impl Document<'_, '_, '_> {
    fn span(&self, path: &[String]) -> Span {
        let (key, node) = find(self.root, path);
        place(self.text, key, node)
    }

    /// The bytes of a key in a mapping.
    fn key(&self, path: &[String], name: &str) -> Span {
        let (above, node) = find(self.root, path);
        let key = node.entry(name).map(|(key, _)| key.span());
        key.unwrap_or_else(|| place(self.text, above, node))
    }

    fn is_missing(&self, path: &[String]) -> bool {
        find(self.root, path).1.kind() == Kind::Missing
    }

    fn value(&self, path: &[String]) -> Option<&Value> {
        path.iter().try_fold(self.json, |value, part| match value {
            Value::Array(items) => items.get(part.parse::<usize>().ok()?),
            other => other.get(part),
        })
    }
}

fn wrong_type(value: Option<&Value>, types: Option<&Value>) -> String {
    let name = |word: &str| match word {
        "object" => "a mapping of keys to values",
        "array" => "a list",
        "string" => "text",
        "integer" => "a whole number",
        "null" => "nothing",
        _ => "something else",
    };
    let wanted: Vec<&str> = match types {
        Some(Value::String(word)) => vec![name(word)],
        Some(Value::Array(words)) => words
            .iter()
            .filter_map(Value::as_str)
            .filter(|word| *word != "null")
            .map(name)
            .collect(),
        _ => Vec::new(),
    };
    let wanted = match wanted.is_empty() {
        true => "something else".to_owned(),
        false => wanted.join(" or "),
    };
    match value {
        Some(Value::Null) | None => format!("nothing stands here, and {wanted} is needed"),
        Some(Value::Number(_) | Value::Bool(_)) if wanted.contains("text") => {
            format!("{wanted} is needed here: put it in quotes")
        }
        Some(value) => {
            let is = match value {
                Value::Object(_) => "a mapping",
                Value::Array(_) => "a list",
                Value::String(_) => "text",
                Value::Number(_) => "a number",
                _ => "true or false",
            };
            format!("this is {is}, and {wanted} is needed")
        }
    }
}

pub(super) fn listed(words: &[String]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    words.join(", ")
}
