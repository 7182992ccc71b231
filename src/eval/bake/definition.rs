//! The definition that bake prints.

use std::collections::BTreeMap;
use std::ops::Range;
use std::rc::Rc;

use serde_json::{Map, Value as Json};

use super::attribute::{self, Field};
use super::check;
use super::entry::Entry;
use super::error::Outcome;
use super::resolve::{Resolution, Resolved};
use super::value::{Text, Value};

/// What would be built.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Definition {
    /// Groups with their members, by name.
    pub groups: Vec<(String, Vec<String>)>,
    /// Targets, by name.
    pub targets: Vec<Target>,
    /// Names of targets that are not known: what they name may be built, inherited from, or used
    /// as a context.
    pub unknown_targets: Vec<String>,
}

/// One target.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Target {
    /// Its name; may hold unknown parts, as all texts here may.
    pub name: String,
    /// The tags, in order. One that is nothing but an unknown part stands for any number of tags.
    pub tags: Vec<TagText>,
    /// The path or URL that is sent to the builder.
    pub context: String,
    /// The Dockerfile, relative to the context.
    pub dockerfile: String,
    /// The stage that is built; the last one where absent.
    pub target: Option<String>,
    /// The platforms; the builder's own where empty.
    pub platforms: Vec<String>,
    /// What is done with the result: the fields of each output, `type` among them.
    pub outputs: Vec<BTreeMap<String, String>>,
    /// Build arguments.
    pub args: BTreeMap<String, String>,
    /// Named contexts.
    pub contexts: BTreeMap<String, String>,
    /// Labels of the image.
    pub labels: BTreeMap<String, String>,
    /// All other attributes, as bake prints them.
    pub more: Map<String, Json>,
    /// Whether it is built only because another target's context is its result.
    pub linked: bool,
    /// The file, among those of the request, where its name stands for the first time.
    pub file: usize,
    /// The bytes of the name in that file.
    pub range: Range<usize>,
}

/// A tag, and where it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagText {
    /// The image reference, as text.
    pub text: String,
    /// The file, among those of the request; `None` for a tag that `--set` gives.
    pub file: Option<usize>,
    /// The bytes in that file.
    pub range: Range<usize>,
}

impl Definition {
    /// About how many bytes it takes.
    pub(super) fn size(&self) -> usize {
        const A_TARGET: usize = 2_000;
        let tags = self.targets.iter().flat_map(|target| &target.tags);
        self.targets.len() * A_TARGET + tags.map(|tag| tag.text.len()).sum::<usize>()
    }

    pub(super) fn new(resolution: Resolution) -> Outcome<Self> {
        let texts = |texts: Vec<Rc<str>>| texts.iter().map(ToString::to_string).collect();
        let mut definition = Self {
            groups: resolution
                .groups
                .into_iter()
                .map(|(name, targets)| (name.to_string(), texts(targets)))
                .collect(),
            targets: Vec::with_capacity(resolution.targets.len()),
            unknown_targets: texts(resolution.open),
        };
        for (name, resolved) in resolution.targets {
            check::check(&resolved.fields)?;
            definition.targets.push(Target::new(&name, resolved));
        }
        Ok(definition)
    }

    /// The definition as `--print` writes it.
    #[must_use]
    pub fn to_json(&self) -> Json {
        let groups = self.groups.iter().map(|(name, targets)| {
            let targets = if targets.is_empty() {
                Json::Null
            } else {
                Json::from(targets.clone())
            };
            let group: Map<_, _> = [("targets".to_owned(), targets)].into_iter().collect();
            (name.clone(), Json::Object(group))
        });
        let targets = self
            .targets
            .iter()
            .map(|target| (target.name.clone(), target.to_json()));
        let mut printed = Map::new();
        printed.insert("group".to_owned(), groups.collect());
        printed.insert("target".to_owned(), targets.collect());
        Json::Object(printed)
    }
}

impl Target {
    fn new(name: &str, resolved: Resolved) -> Self {
        let fields = resolved.fields;
        let text = |name| fields.text(name).map(|text| text.text.to_string());
        let map = |name| -> BTreeMap<String, String> {
            fields
                .map(name)
                .into_iter()
                .flatten()
                .filter_map(|(name, text)| Some((name.to_string(), text.as_ref()?.to_string())))
                .collect()
        };
        let outputs = match fields.get("output") {
            Some(Field::Entries(entries)) => entries.iter().map(entry_texts).collect(),
            _ => Vec::new(),
        };
        let mut more = Map::new();
        for rule in attribute::rules("target") {
            let own = matches!(
                rule.name,
                "tags"
                    | "context"
                    | "dockerfile"
                    | "target"
                    | "platforms"
                    | "output"
                    | "args"
                    | "contexts"
                    | "labels"
                    | "inherits"
            );
            let printed = fields.get(rule.name).filter(|_| !own).and_then(print);
            if let Some(printed) = printed {
                more.insert(rule.name.to_owned(), printed);
            }
        }
        Self {
            name: name.to_owned(),
            tags: fields.texts("tags").iter().map(TagText::new).collect(),
            context: check::context(text("context").as_deref().unwrap_or(".")),
            dockerfile: text("dockerfile")
                .filter(|text| !text.is_empty())
                .unwrap_or_else(|| "Dockerfile".to_owned()),
            target: text("target"),
            platforms: fields
                .texts("platforms")
                .iter()
                .map(|text| text.text.to_string())
                .collect(),
            outputs,
            args: map("args"),
            contexts: map("contexts"),
            labels: map("labels"),
            more,
            linked: resolved.linked,
            file: resolved.at.file,
            range: resolved.at.range(),
        }
    }

    fn to_json(&self) -> Json {
        let mut printed = self.more.clone();
        let mut add = |name: &str, value: Json| {
            printed.insert(name.to_owned(), value);
        };
        let map = |map: &BTreeMap<String, String>, escaped: bool| -> Json {
            let value = |text: &String| {
                if escaped { escape(text) } else { text.clone() }
            };
            map.iter()
                .map(|(name, text)| (name.clone(), Json::from(value(text))))
                .collect()
        };
        add("context", Json::from(self.context.clone()));
        add("dockerfile", Json::from(self.dockerfile.clone()));
        if let Some(target) = &self.target {
            add("target", Json::from(target.clone()));
        }
        if !self.tags.is_empty() {
            add(
                "tags",
                self.tags.iter().map(|tag| tag.text.clone()).collect(),
            );
        }
        if !self.platforms.is_empty() {
            add("platforms", Json::from(self.platforms.clone()));
        }
        if !self.outputs.is_empty() {
            let outputs = self.outputs.iter().map(|output| map(output, false));
            add("output", outputs.collect());
        }
        for (name, values, escaped) in [
            ("args", &self.args, true),
            ("labels", &self.labels, true),
            ("contexts", &self.contexts, false),
        ] {
            if !values.is_empty() {
                add(name, map(values, escaped));
            }
        }
        Json::Object(printed)
    }
}

impl TagText {
    fn new(text: &Text) -> Self {
        Self {
            text: text.text.to_string(),
            file: text.at.map(|at| at.file),
            range: text.at.map_or(0..0, super::error::At::range),
        }
    }
}

fn entry_texts(entry: &Entry) -> BTreeMap<String, String> {
    let text = |json: &Json| {
        json.as_str()
            .map_or_else(|| json.to_string(), str::to_owned)
    };
    entry
        .iter()
        .map(|(name, json)| (name.clone(), text(json)))
        .collect()
}

/// What would start a template is escaped, so that the output can be read as a definition again.
fn escape(text: &str) -> String {
    text.replace("${", "$${").replace("%{", "%%{")
}

/// An attribute as it is printed; nothing where it is empty.
fn print(field: &Field) -> Option<Json> {
    match field {
        Field::Text(text) => Some(Json::from(escape(&text.text))),
        Field::Flag(Ok(flag)) => Some(Json::from(*flag)),
        Field::Flag(Err(mark)) => Some(Json::from(mark.as_char().to_string())),
        Field::Texts(texts) if texts.is_empty() => None,
        Field::Texts(texts) => Some(texts.iter().map(|text| escape(&text.text)).collect()),
        Field::Map(map) if map.is_empty() => None,
        Field::Map(map) => {
            let text = |text: &Option<Rc<str>>| text.as_ref().map(|text| escape(text));
            let entries = map
                .iter()
                .map(|(name, value)| (name.to_string(), text(value)));
            Some(
                entries
                    .map(|(name, text)| (name, Json::from(text)))
                    .collect(),
            )
        }
        Field::Entries(entries) if entries.is_empty() => None,
        Field::Entries(entries) => {
            let object = |entry: &Entry| Json::Object(entry.clone().into_iter().collect());
            Some(entries.iter().map(object).collect())
        }
        Field::Values(values) if values.is_empty() => None,
        Field::Values(values) => Some(
            values
                .iter()
                .map(|(name, value)| (name.to_string(), print_value(value)))
                .collect(),
        ),
    }
}

fn print_value(value: &Value) -> Json {
    match value {
        Value::Number(number) if number.fract() == 0.0 => Json::from(*number as i64),
        value => value
            .to_text()
            .map_or(Json::Null, |text| Json::from(&*text)),
    }
}
