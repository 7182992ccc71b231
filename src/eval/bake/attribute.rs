//! The attributes of targets and groups: which there are, of which kind, and how two of them merge.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::entry::{self, Entry, Family};
use super::error::At;
use super::value::{Kind, Text, Value};
use crate::eval::unknown::Mark;

/// The value of an attribute.
#[derive(Debug, Clone)]
pub(super) enum Field {
    /// One text.
    Text(Text),
    /// A truth; `Err` where it is not known.
    Flag(Result<bool, Mark>),
    /// Texts in order.
    Texts(Vec<Text>),
    /// Texts by name; those that are null are left as they are elsewhere.
    Map(BTreeMap<Rc<str>, Option<Rc<str>>>),
    /// Structured entries in order.
    Entries(Vec<Entry>),
    /// Values by name.
    Values(BTreeMap<Rc<str>, Value>),
}

/// What kind of value an attribute holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Text,
    Flag,
    Texts,
    Map,
    Entries(Family),
    Values,
}

/// How an attribute that is given twice merges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Merge {
    Replace,
    /// Lists one after the other, maps by key.
    Join,
}

/// An attribute.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) name: &'static str,
    form: Form,
    merge: Merge,
}

const fn rule_of(name: &'static str, form: Form, merge: Merge) -> Rule {
    Rule { name, form, merge }
}

static TARGET: &[Rule] = &[
    rule_of("annotations", Form::Texts, Merge::Join),
    rule_of("args", Form::Map, Merge::Join),
    rule_of("attest", Form::Entries(Family::Attest), Merge::Join),
    rule_of("cache-from", Form::Entries(Family::Cache), Merge::Join),
    rule_of("cache-to", Form::Entries(Family::Cache), Merge::Replace),
    rule_of("call", Form::Text, Merge::Replace),
    rule_of("context", Form::Text, Merge::Replace),
    rule_of("contexts", Form::Map, Merge::Join),
    rule_of("description", Form::Text, Merge::Replace),
    rule_of("dockerfile", Form::Text, Merge::Replace),
    rule_of("dockerfile-inline", Form::Text, Merge::Replace),
    rule_of("entitlements", Form::Texts, Merge::Join),
    rule_of("extra-hosts", Form::Map, Merge::Join),
    rule_of("inherits", Form::Texts, Merge::Join),
    rule_of("labels", Form::Map, Merge::Join),
    rule_of("network", Form::Text, Merge::Replace),
    rule_of("no-cache", Form::Flag, Merge::Replace),
    rule_of("no-cache-filter", Form::Texts, Merge::Join),
    rule_of("output", Form::Entries(Family::Output), Merge::Replace),
    rule_of("platforms", Form::Texts, Merge::Replace),
    rule_of("policy", Form::Entries(Family::Policy), Merge::Join),
    rule_of("pull", Form::Flag, Merge::Replace),
    rule_of("resources", Form::Values, Merge::Join),
    rule_of("secret", Form::Entries(Family::Secret), Merge::Join),
    rule_of("shm-size", Form::Text, Merge::Replace),
    rule_of("ssh", Form::Entries(Family::Ssh), Merge::Join),
    rule_of("tags", Form::Texts, Merge::Replace),
    rule_of("target", Form::Text, Merge::Replace),
    rule_of("ulimits", Form::Texts, Merge::Join),
];

static GROUP: &[Rule] = &[
    rule_of("description", Form::Text, Merge::Replace),
    rule_of("targets", Form::Texts, Merge::Replace),
];

/// All attributes of a kind of block.
pub(super) fn rules(kind: &str) -> &'static [Rule] {
    if kind == "group" { GROUP } else { TARGET }
}

/// One attribute.
pub(super) fn rule(kind: &str, name: &str) -> Option<&'static Rule> {
    rules(kind).iter().find(|rule| rule.name == name)
}

impl Rule {
    /// What an attribute that is not set is to an expression.
    pub(super) fn null(&self) -> Value {
        let kind = match self.form {
            Form::Text => Kind::Text,
            Form::Flag => Kind::Bool,
            Form::Texts => Kind::List(Box::new(Kind::Text)),
            Form::Map | Form::Values => Kind::Map(Box::new(Kind::Text)),
            Form::Entries(_) => Kind::List(Box::new(Kind::Any)),
        };
        Value::Null(Some(Rc::new(kind)))
    }

    /// A value as this attribute holds it; `None` where it is null.
    pub(super) fn decode(&self, value: &Value, at: At) -> Result<Option<Field>, String> {
        let refused = || format!("`{}` cannot be {}", self.name, value.kind_name());
        let field = match (self.form, value) {
            (_, Value::Null(_)) => return Ok(None),
            (Form::Text, _) => Field::Text(text(value, at).ok_or_else(refused)?),
            (Form::Flag, _) => {
                use crate::eval::value::Truth;
                Field::Flag(match value.to_truth().ok_or_else(refused)? {
                    Truth::True => Ok(true),
                    Truth::False => Ok(false),
                    Truth::Unknown(mark) => Err(mark),
                })
            }
            (Form::Texts, Value::Unknown(_)) => Field::Texts(text(value, at).into_iter().collect()),
            (Form::Texts, Value::List(_, items)) => {
                let items = items.iter().map(|item| {
                    text(item, at).ok_or_else(|| {
                        format!("an item of `{}` cannot be {}", self.name, item.kind_name())
                    })
                });
                Field::Texts(items.collect::<Result<_, _>>()?)
            }
            (Form::Map, Value::Unknown(mark)) => {
                let mark: Rc<str> = mark.as_char().to_string().into();
                Field::Map([(Rc::clone(&mark), Some(mark))].into())
            }
            (Form::Map, Value::Map(_, entries)) => {
                let mut map = BTreeMap::new();
                for (name, value) in entries.iter() {
                    let scalar = !matches!(value, Value::Null(Some(kind)) if !kind.is_scalar());
                    let text = match value {
                        Value::Null(_) if scalar => None,
                        value => Some(value.to_text().ok_or_else(|| {
                            let kind = value.kind_name();
                            format!("`{name}` of `{}` cannot be {kind}", self.name)
                        })?),
                    };
                    map.insert(Rc::clone(name), text);
                }
                Field::Map(map)
            }
            (Form::Values, Value::Map(_, entries)) => Field::Values(
                entries
                    .iter()
                    .filter(|(_, value)| !value.is_null())
                    .map(|(name, value)| (Rc::clone(name), value.clone()))
                    .collect(),
            ),
            (Form::Values, Value::Unknown(mark)) => {
                Field::Values([(mark.as_char().to_string().into(), value.clone())].into())
            }
            (Form::Entries(family), Value::Unknown(_)) => {
                Field::Entries(vec![entry::from_value(family, value)?])
            }
            (Form::Entries(family), Value::List(_, items)) => {
                let mut entries = Vec::new();
                for item in items.iter() {
                    match item {
                        Value::Text(text) => {
                            entries.extend(entry::from_text(family, &text.text)?);
                        }
                        item => entries.push(entry::from_value(family, item)?),
                    }
                }
                Field::Entries(entries)
            }
            _ => return Err(refused()),
        };
        Ok(Some(field))
    }

    /// Joins a later value onto an earlier one.
    pub(super) fn merge(&self, earlier: Option<Field>, later: Field) -> Field {
        let Some(earlier) = earlier else {
            return match later {
                Field::Map(mut map) => {
                    map.retain(|_, text| text.is_some());
                    Field::Map(map)
                }
                later => later,
            };
        };
        if self.merge == Merge::Replace {
            return later;
        }
        match (earlier, later) {
            (Field::Texts(mut all), Field::Texts(more)) => {
                all.extend(more);
                Field::Texts(all)
            }
            (Field::Entries(mut all), Field::Entries(more)) => {
                all.extend(more);
                let Form::Entries(family) = self.form else {
                    return Field::Entries(all);
                };
                Field::Entries(entry::without_doubles(family, all))
            }
            (Field::Map(mut all), Field::Map(more)) => {
                all.extend(more.into_iter().filter(|(_, text)| text.is_some()));
                Field::Map(all)
            }
            (Field::Values(mut all), Field::Values(more)) => {
                all.extend(more);
                Field::Values(all)
            }
            (_, later) => later,
        }
    }

    /// The family of the entries that it holds.
    pub(super) fn family(&self) -> Option<Family> {
        match self.form {
            Form::Entries(family) => Some(family),
            _ => None,
        }
    }
}

fn text(value: &Value, at: At) -> Option<Text> {
    match value {
        Value::Text(text) => Some(Text {
            text: Rc::clone(&text.text),
            at: text.at.or(Some(at)),
        }),
        value => value.to_text().map(|text| Text { text, at: Some(at) }),
    }
}

impl Field {
    /// The attribute as an expression sees it.
    pub(super) fn to_value(&self) -> Value {
        match self {
            Self::Text(text) => Value::Text(text.clone()),
            Self::Flag(Ok(flag)) => Value::Bool(*flag),
            Self::Flag(Err(mark)) => Value::Unknown(*mark),
            Self::Texts(texts) => Value::list(texts.iter().cloned().map(Value::Text).collect()),
            Self::Map(map) => {
                let value = |text: &Option<Rc<str>>| {
                    text.as_ref().map_or(Value::NULL, |text| Value::text(text))
                };
                let entries = map
                    .iter()
                    .map(|(name, text)| (Rc::clone(name), value(text)));
                Value::Map(true, Rc::new(entries.collect()))
            }
            Self::Entries(entries) => Value::list(entries.iter().map(entry::to_value).collect()),
            Self::Values(values) => Value::object(values.clone()),
        }
    }
}
