//! Dockerfiles: the image of each stage, of what is copied or mounted from elsewhere, and of the
//! frontend that the directive `syntax` names.
//!
//! The reader is our own: the crates at hand give up the whole file at the first line that they do
//! not know, and expand no variables, which is what most of this is about.

mod expand;
mod lines;
mod pattern;
mod variables;
mod words;

use super::uses::{Holder, path_environment, resolve, resolve_filled};
use std::collections::HashSet;

use crate::facts::{ImageUse, Resolved, UseKind};
use crate::policy::Evidence;
use crate::source::FileId;
use expand::{Expanded, Variables, expand};
use lines::Instruction;
use words::{Word, arguments};

/// Endings of files that only become a Dockerfile, and of what only lies beside one.
const OTHER_ENDINGS: &[&str] = &[
    "bak",
    "dockerignore",
    "ejs",
    "erb",
    "gotmpl",
    "hbs",
    "in",
    "j2",
    "jinja",
    "jinja2",
    "md",
    "mustache",
    "orig",
    "rej",
    "sh",
    "template",
    "tmpl",
    "tpl",
];

/// Whether a path is that of a Dockerfile: `Dockerfile`, `Containerfile`, either with more behind
/// it (`Dockerfile.dev`, `Dockerfile-slim`) or as an ending (`web.Dockerfile`).
#[must_use]
pub fn is_dockerfile(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    ["dockerfile", "containerfile"].iter().any(|word| {
        let after = name.strip_prefix(word);
        let ends = name
            .strip_suffix(word)
            .is_some_and(|before| before.ends_with('.'));
        let begins = after.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-', '_']));
        ends || (begins && !OTHER_ENDINGS.contains(&ending))
    })
}

/// Reads a Dockerfile. One without any `FROM` is none.
#[must_use]
pub fn read(file: FileId, path: &str, text: &str) -> Vec<ImageUse> {
    let lines = lines::read(text);
    let froms = || lines.instructions.iter().filter(|i| i.keyword() == "from");
    if froms().next().is_none() {
        return Vec::new();
    }
    let (environment, reason) = path_environment(path);
    let mut reader = Reader {
        holder: Holder {
            file,
            kind: UseKind::Dockerfile,
            name: String::new(),
            environment,
            reason,
            evidence: Evidence::default(),
        },
        escape: lines.escape,
        variables: variables::global(&lines),
        // Of a copy, any stage of the file may be the source.
        stages: froms()
            .filter_map(|from| stage_name(from, lines.escape))
            .collect(),
        earlier: HashSet::new(),
        count: 0,
        uses: Vec::new(),
    };
    if let Some(span) = lines.syntax
        && let Some(image) = text.get(span.start..span.end)
    {
        reader.holder.name = "syntax".to_owned();
        let found = reader.holder.at(span, image.to_owned(), resolve(image));
        reader.uses.push(found);
    }
    for instruction in &lines.instructions {
        reader.instruction(instruction);
    }
    reader.uses
}

/// The name that a `FROM` gives its stage, in lower case.
fn stage_name(from: &Instruction, escape: char) -> Option<String> {
    match arguments(&from.text, "from".len(), escape).words.as_slice() {
        [_, word, name] if word.text.eq_ignore_ascii_case("as") => Some(name.text.to_lowercase()),
        _ => None,
    }
}

struct Reader {
    holder: Holder,
    escape: char,
    /// What `FROM` sees.
    variables: Variables,
    /// The names of all stages.
    stages: HashSet<String>,
    /// The names of the stages so far.
    earlier: HashSet<String>,
    /// How many stages there are so far.
    count: usize,
    uses: Vec<ImageUse>,
}

impl Reader {
    fn instruction(&mut self, instruction: &Instruction) {
        let keyword = instruction.keyword();
        match keyword.as_str() {
            "from" => self.from(instruction),
            "copy" | "run" => self.source(instruction, &keyword, keyword.len(), false),
            "onbuild" => {
                let rest = instruction.text.get(keyword.len()..).unwrap_or_default();
                let inner = rest.split_whitespace().next().unwrap_or_default();
                let at = keyword.len() + rest.find(inner).unwrap_or(0) + inner.len();
                let inner = inner.to_ascii_lowercase();
                if matches!(inner.as_str(), "copy" | "run") {
                    self.source(instruction, &inner, at, true);
                }
            }
            _ => {}
        }
    }

    fn from(&mut self, instruction: &Instruction) {
        let words = arguments(&instruction.text, "from".len(), self.escape).words;
        let name = stage_name(instruction, self.escape);
        self.holder.name = match &name {
            Some(name) => format!("stage {name}"),
            None => format!("stage {}", self.count),
        };
        self.count += 1;
        if let Some(image) = words.first() {
            let expanded = expand(&image.text, self.escape, &self.variables);
            let stage = |text: &String| self.earlier.contains(&text.to_lowercase());
            let skipped = match &expanded {
                Expanded::Known(text) => text == "scratch" || stage(text),
                Expanded::Unknown(_) | Expanded::Refused(_) => false,
            };
            if !skipped {
                let resolved = self.resolved(expanded);
                self.push(instruction, image, resolved);
            }
        }
        self.earlier.extend(name);
    }

    fn resolved(&self, expanded: Expanded) -> Resolved {
        match expanded {
            Expanded::Known(text) => resolve_filled(&text),
            Expanded::Refused(reason) => Resolved::Invalid(reason),
            Expanded::Unknown(names) => {
                Resolved::Unresolved(format!("${{{}}}", names.join("}, ${")))
            }
        }
    }

    /// `--from` of a copy, `from=` of the mounts of a run; what `ONBUILD` holds back runs in a file
    /// whose stages are not known.
    fn source(&mut self, instruction: &Instruction, keyword: &str, at: usize, later: bool) {
        let stage = self.holder.name.clone();
        for flag in arguments(&instruction.text, at, self.escape).flags {
            let images: Vec<Word> = match keyword {
                "copy" => flag.after("--from=").into_iter().collect(),
                _ => match flag.after("--mount=") {
                    Some(mount) => mount
                        .fields()
                        .iter()
                        .filter_map(|f| f.after("from="))
                        .collect(),
                    None => continue,
                },
            };
            for image in images {
                let text = image.text.trim();
                let number = text.bytes().all(|byte| byte.is_ascii_digit());
                let bare = !text.contains(['/', ':', '@']);
                let stages = self.stages.contains(&text.to_lowercase());
                if number || stages || text == "scratch" || (later && bare) {
                    continue;
                }
                self.holder.name = match (keyword, stage.is_empty()) {
                    ("copy", _) => format!("{stage}, copy"),
                    _ => format!("{stage}, mount"),
                };
                // The builder expands nothing here; others do.
                let resolved = resolve(text);
                self.push(instruction, &image, resolved);
            }
        }
        self.holder.name = stage;
    }

    fn push(&mut self, instruction: &Instruction, word: &Word, resolved: Resolved) {
        let span = word.span(instruction);
        let found = self.holder.at(span, word.text.clone(), resolved);
        self.uses.push(found);
    }
}

#[cfg(test)]
mod tests;
