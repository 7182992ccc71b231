//! `plugins/manifest`: images of several processors joined under the names of a spec.

use super::plugin::Use;
use super::tags;
use crate::eval::metadata::template::{self, Arguments, Names, Value};
use crate::eval::unknown;
use crate::eval::value::Truth;
use crate::formats::ci::ledger::Ledger;
use crate::formats::ci::text::Text;
use crate::yaml::Yaml;

/// What the template of a spec is rendered over.
struct Build<'a> {
    tag: Option<&'a str>,
    tags: &'a [String],
}

impl Names for Build<'_> {
    fn names(&self) -> &'static [&'static str] {
        &["build", "trimPrefix"]
    }

    fn get(&self, name: &str) -> Value {
        let list = || {
            let tags = self.tags.iter();
            Value::List(tags.map(|tag| Value::text(tag.as_str())).collect())
        };
        match name {
            "build" | "Build" => Value::Object(
                [
                    ("tag", Value::text(self.tag.unwrap_or_default())),
                    ("tags", list()),
                ]
                .into(),
            ),
            "trimPrefix" => Value::Function("trimPrefix"),
            "trimSuffix" => Value::Function("trimSuffix"),
            _ => Value::Undefined,
        }
    }

    fn call(&self, function: &str, arguments: &Arguments) -> Result<Value, String> {
        let [Value::Text(affix), Value::Text(text)] = arguments.values else {
            return Ok(Value::text(""));
        };
        let stripped = if function == "trimPrefix" {
            text.strip_prefix(affix.as_ref())
        } else {
            text.strip_suffix(affix.as_ref())
        };
        Ok(Value::text(stripped.unwrap_or(text)))
    }
}

/// Enters what the plugin publishes.
///
/// # Errors
/// What it says where it refuses a git tag that is no version.
pub fn publish(used: &Use<'_>, ledger: &mut Ledger<'_>) -> Result<(), String> {
    let told = &used.told;
    let event = used.event;
    let tags = match told.flag(&["auto_tag", "default_tags"]) {
        Truth::True if !tags::applies(&event.reference, &event.default_branch) => return Ok(()),
        Truth::True => tags::of_drone(&event.reference, "")?,
        _ => told
            .several(&["tag", "tags"])
            .into_iter()
            .map(|t| t.text)
            .collect(),
    };
    if let Some(spec) = told.one(&["spec"]) {
        from_spec(used, &spec, &tags, ledger);
        return Ok(());
    }
    let Some(target) = told.one(&["target"]) else {
        return Ok(());
    };
    let mut build = ledger.blank_build(told.step.number, used.at);
    build.joins = true;
    let parts = told
        .one(&["template"])
        .map(|text| text.text)
        .unwrap_or_default();
    let sources: Vec<String> = told
        .several(&["platforms"])
        .iter()
        .map(|platform| of_platform(&parts, &platform.text))
        .collect();
    build.sources = sources.iter().map(|source| ledger.key(source)).collect();
    let number = ledger.build(build);
    for source in &sources {
        ledger.joined(&target.text, source);
    }
    ledger.publish(
        &target.text,
        number,
        target.start().unwrap_or(used.at),
        true,
    );
    Ok(())
}

/// `OS`, `ARCH` and `VARIANT` of a template stand for the parts of a platform.
fn of_platform(parts: &str, platform: &str) -> String {
    let mut words = platform.split('/');
    let mut replaced = parts.to_owned();
    for name in ["OS", "ARCH", "VARIANT"] {
        replaced = replaced.replace(name, words.next().unwrap_or_default());
    }
    replaced
}

/// A spec is a file of the repository, or the text itself.
fn from_spec(used: &Use<'_>, spec: &Text, tags: &[String], ledger: &mut Ledger<'_>) {
    let at = spec.start().unwrap_or(used.at);
    let unknowns = used.told.unknowns;
    let inline = spec.text.contains('\n') || spec.text.contains("image:");
    let text = if inline {
        Some(spec.text.clone())
    } else {
        used.files.read(spec.text.trim_start_matches("./"))
    };
    let names = Build {
        tag: used.event.tag(),
        tags,
    };
    let rendered = text.and_then(|text| {
        let text = unknown::clean(&text).into_owned();
        template::render(&text, &names, unknowns).ok()
    });
    let Some(rendered) = rendered else {
        let reason = "the spec is not in this repository's files";
        let what = format!("`{}`", unknown::pattern(&spec.text));
        ledger.opaque(unknowns.note_at(what, reason, Some(at)));
        return;
    };
    let yaml = Yaml::parse(&rendered);
    let Some(root) = yaml.first() else { return };
    let Some(image) = root.get("image").and_then(|image| image.text()) else {
        return;
    };
    let mut build = ledger.blank_build(used.told.step.number, used.at);
    build.joins = true;
    let manifests = root.get("manifests");
    let manifests = manifests.into_iter().flat_map(|list| list.items());
    let sources: Vec<String> = manifests
        .filter_map(|item| Some(item.get("image")?.text()?.to_owned()))
        .collect();
    build.sources = sources.iter().map(|source| ledger.key(source)).collect();
    let number = ledger.build(build);
    let (repository, _) = crate::formats::ci::ledger::split(image);
    let mut targets = vec![image.to_owned()];
    let more = root.get("tags");
    let more = more.into_iter().flat_map(|list| list.items());
    targets.extend(more.filter_map(|tag| Some(format!("{repository}:{}", tag.text()?))));
    for target in &targets {
        for source in &sources {
            ledger.joined(target, source);
        }
        ledger.publish(target, number, at, true);
    }
}
