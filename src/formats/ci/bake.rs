//! Bake: a definition of several builds, evaluated and entered into the account.

use std::rc::Rc;

use super::ledger::Ledger;
use crate::eval::bake::{self, BakeFile, DEFAULT_FILES, Definition, Request, Target};
use crate::eval::unknown::{self, Mark, Unknowns};
use crate::eval::value::Truth;
use crate::files::Files;
use crate::source::Place;

/// A call of bake, from a script or an action.
pub struct Call<'a> {
    /// The repository.
    pub repository: &'a dyn Files,
    /// Where unknowns are noted.
    pub unknowns: &'a Unknowns,
    /// The files named; the default ones where there are none. A file that an earlier step makes
    /// is its text.
    pub files: Vec<String>,
    /// The targets named.
    pub targets: Vec<String>,
    /// The overrides of `--set`.
    pub sets: Vec<String>,
    /// Whether everything is pushed.
    pub push: Truth,
    /// The environment that variables of the definition come from.
    pub environment: &'a dyn Fn(&str) -> Option<String>,
    /// The step.
    pub step: usize,
    /// Where the call stands.
    pub at: Place,
}

/// Enters what a call publishes.
pub fn publish(call: &Call<'_>, ledger: &mut Ledger<'_>) {
    match definition(call) {
        Ok(definition) => {
            for name in &definition.unknown_targets {
                unknown::marks(name).for_each(|mark| ledger.opaque(mark));
            }
            for target in &definition.targets {
                enter(call, target, ledger);
            }
        }
        Err(reason) if call.push != Truth::False => {
            let mark = call
                .unknowns
                .note_at("a bake definition", reason, Some(call.at));
            ledger.opaque(mark);
            handed(call, mark, ledger);
        }
        Err(_) => {}
    }
}

/// Where a file of the definition is missing, the tags that a step hands over (those of
/// docker/metadata-action's bake file) are most likely those of the target: it is told so, with
/// doubt.
fn handed(call: &Call<'_>, missing: Mark, ledger: &mut Ledger<'_>) {
    let doubts = ledger.doubts();
    ledger.doubt(missing);
    let texts = call.files.iter().filter_map(|file| {
        let text = file.trim().trim_start_matches("cwd://").trim_start();
        serde_json::from_str::<serde_json::Value>(text).ok()
    });
    let tags: Vec<String> = texts
        .filter_map(|text| text.get("target")?.as_object().cloned())
        .flat_map(|targets| targets.into_iter().map(|(_, target)| target))
        .filter_map(|target| target.get("tags")?.as_array().cloned())
        .flatten()
        .filter_map(|tag| Some(tag.as_str()?.to_owned()))
        .collect();
    if !tags.is_empty() {
        let build = ledger.build(ledger.blank_build(call.step, call.at));
        for tag in tags {
            ledger.publish(&tag, build, call.at, false);
        }
    }
    ledger.restore_doubts(doubts);
}

fn definition(call: &Call<'_>) -> Result<Rc<Definition>, String> {
    let unknowns: &Unknowns = call.unknowns;
    let mut texts: Vec<(String, String)> = Vec::new();
    for name in &call.files {
        let path = name.trim().trim_start_matches("cwd://");
        if path.trim_start().starts_with('{') {
            texts.extend(with_variables(path));
        } else if unknown::is_known(path) {
            let path = path.trim_start_matches("./");
            let text = call.repository.read(path);
            let text = text.ok_or_else(|| format!("`{path}` is not in this repository's files"))?;
            texts.push((path.to_owned(), unknown::clean(&text).into_owned()));
        } else {
            return Err("one of its files is not known".to_owned());
        }
    }
    if call.files.is_empty() {
        for path in DEFAULT_FILES {
            if let Some(text) = call.repository.read(path) {
                texts.push(((*path).to_owned(), unknown::clean(&text).into_owned()));
            }
        }
        if texts.is_empty() {
            return Err("its files are not in this repository's files".to_owned());
        }
    }
    let files: Vec<BakeFile<'_>> = texts
        .iter()
        .map(|(name, text)| BakeFile { name, text })
        .collect();
    let request = Request {
        files: &files,
        targets: &call.targets,
        set: &call.sets,
        environment: &|name| held(name).or_else(|| (call.environment)(name)),
        unknowns,
    };
    bake::evaluate(&request).map_err(|error| error.message)
}

/// The prefix of variables that stand for unknown parts of a text that a step made.
const HOLE: &str = "taglint_unknown_";

/// A definition refuses marks in its text, which an escape might forge: unknown parts of a text
/// that a step made reach it as variables.
fn with_variables(text: &str) -> Vec<(String, String)> {
    let mut filled = String::with_capacity(text.len());
    let mut variables = serde_json::Map::new();
    for c in text.chars() {
        if unknown::Mark::from_char(c).is_some() {
            let name = format!("{HOLE}{:x}", u32::from(c));
            filled.push_str(&format!("${{{name}}}"));
            variables.insert(name, serde_json::json!({}));
        } else {
            filled.push(c);
        }
    }
    let declared = serde_json::json!({ "variable": variables });
    vec![
        ("variables.json".to_owned(), declared.to_string()),
        ("made-by-a-step.json".to_owned(), filled),
    ]
}

/// The unknown part that such a variable stands for.
fn held(name: &str) -> Option<String> {
    let code = u32::from_str_radix(name.strip_prefix(HOLE)?, 16).ok()?;
    let mark = unknown::Mark::from_char(char::from_u32(code)?)?;
    Some(mark.as_char().to_string())
}

fn enter(call: &Call<'_>, target: &Target, ledger: &mut Ledger<'_>) {
    let mut build = ledger.blank_build(call.step, call.at);
    build.context = Some(unknown::pattern(&target.context));
    build.dockerfile = Some(unknown::pattern(&target.dockerfile));
    build.target.clone_from(&target.target);
    build.platforms = target
        .platforms
        .iter()
        .map(|p| unknown::pattern(p))
        .collect();
    let number = ledger.build(build);
    let has = |key: &str, value: &str| {
        let mut outputs = target.outputs.iter();
        outputs.any(|output| output.get(key).is_some_and(|own| own == value))
    };
    let pushes = if has("type", "registry") || has("push", "true") {
        Truth::True
    } else {
        call.push
    };
    let doubts = ledger.doubts();
    if let Truth::Unknown(mark) = pushes {
        ledger.doubt(mark);
    }
    for tag in &target.tags {
        ledger.tag_locally(&tag.text, Some(number), call.at, true);
        if pushes != Truth::False && has("push-by-digest", "true") {
            ledger.publish_digest(&tag.text, number, call.at);
        } else if pushes != Truth::False {
            ledger.publish(&tag.text, number, call.at, true);
        }
    }
    ledger.restore_doubts(doubts);
}
