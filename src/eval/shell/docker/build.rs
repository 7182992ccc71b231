//! Building: `docker build` and its like, and bake.

use super::flags::{self, Parsed, Table, boolean, part};
use super::{Tool, What, tables};
use crate::eval::shell::Word;
use crate::eval::shell::truth::Truth;
use crate::eval::unknown;

/// A build of one image.
#[derive(Debug, Clone, PartialEq)]
pub struct Build {
    /// The program.
    pub tool: Tool,
    /// The values of `--tag`.
    pub tags: Vec<Word>,
    /// Whether the image is pushed by the build itself.
    pub push: Truth,
    /// The values of `--output`, read.
    pub outputs: Vec<Output>,
    /// The directory or address that is built; none where it is not given.
    pub context: Option<Word>,
    /// The Dockerfile.
    pub file: Option<Word>,
    /// The stage that is built.
    pub target: Option<Word>,
    /// The values of `--platform`, split at commas.
    pub platforms: Vec<Word>,
    /// The values of `--build-arg`.
    pub build_args: Vec<Word>,
    /// Arguments after the context: with one, the command is refused and publishes nothing.
    pub stray: Vec<Word>,
    /// A word that may be any number of options and arguments.
    pub unknown: Option<Word>,
}

impl Build {
    /// Whether the program refuses the command line, and so builds nothing.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        let needs_context = matches!(self.tool, Tool::Docker | Tool::Buildx | Tool::Nerdctl);
        let without = needs_context && self.context.is_none();
        self.unknown.is_none() && (without || !self.stray.is_empty())
    }

    /// Whether what is pushed has no tag: only its digest names it.
    #[must_use]
    pub fn by_digest(&self) -> Truth {
        let pushing = self
            .outputs
            .iter()
            .filter(|output| output.push != Truth::False);
        pushing.fold(Truth::False, |truth, output| truth.or(output.by_digest))
    }
}

/// One `--output`.
#[derive(Debug, Clone, PartialEq)]
pub struct Output {
    /// The word as written.
    pub word: Word,
    /// `type=`, where it is given.
    pub kind: Option<String>,
    /// Whether it pushes.
    pub push: Truth,
    /// The names of `name=`.
    pub names: Vec<Word>,
    /// `push-by-digest=`
    pub by_digest: Truth,
}

/// A build by bake files.
#[derive(Debug, Clone, PartialEq)]
pub struct Bake {
    /// The values of `--file`.
    pub files: Vec<Word>,
    /// The targets; `default` where there are none.
    pub targets: Vec<Word>,
    /// The values of `--set`.
    pub sets: Vec<Word>,
    /// `--push`; targets and `--set` may push by their outputs too.
    pub push: Truth,
    /// Whether it only prints what it would build.
    pub print: Truth,
    /// A word that may be any number of options and targets.
    pub unknown: Option<Word>,
}

/// A word split at commas.
fn split(word: &Word) -> Vec<Word> {
    word.text
        .split(',')
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .map(|text| part(word, text))
        .collect()
}

pub(super) fn build(tool: Tool, words: &[Word]) -> What {
    let table: &Table = match tool {
        Tool::Podman => &tables::PODMAN_BUILD,
        Tool::Buildah => &tables::BUILDAH_BUILD,
        _ => &tables::BUILD,
    };
    let parsed = flags::parse(words, table);
    let outputs: Vec<Output> = parsed
        .values(&["output", "o"])
        .into_iter()
        .map(output)
        .collect();
    let mut push = if matches!(tool, Tool::Podman | Tool::Buildah) {
        Truth::False
    } else {
        parsed.may_switch(&["push"])
    };
    for output in &outputs {
        push = push.or(output.push);
    }
    let mut arguments = parsed.arguments.iter().cloned();
    let context = arguments.next();
    let stray = if parsed.open.is_some() {
        Vec::new()
    } else {
        arguments.collect()
    };
    What::Build(Box::new(Build {
        tool,
        tags: tags(tool, &parsed),
        push,
        outputs,
        context,
        file: parsed.value(&["file", "f"]),
        target: parsed.value(&["target"]),
        platforms: parsed
            .values(&["platform"])
            .iter()
            .flat_map(split)
            .collect(),
        build_args: parsed.values(&["build-arg"]),
        stray,
        unknown: parsed.open,
    }))
}

fn tags(tool: Tool, parsed: &Parsed) -> Vec<Word> {
    let mut tags = parsed.values(&["tag", "t"]);
    if matches!(tool, Tool::Podman | Tool::Buildah) {
        tags.extend(parsed.values(&["manifest"]));
    }
    tags
}

/// Reads `type=image,"name=a,b",push=true`.
pub(super) fn output(word: Word) -> Output {
    let mut found = Output {
        kind: None,
        push: Truth::False,
        names: Vec::new(),
        by_digest: Truth::False,
        word,
    };
    if unknown::is_known(&found.word.text) || found.word.text.contains('=') {
        for field in fields(&found.word.text) {
            let (key, value) = field.split_once('=').unwrap_or((field.as_str(), ""));
            match key.trim().to_ascii_lowercase().as_str() {
                "type" => found.kind = Some(value.trim().to_owned()),
                "push" => found.push = boolean(value.trim()),
                "name" => found.names = split(&part(&found.word, value)),
                "push-by-digest" => found.by_digest = boolean(value.trim()),
                _ => {}
            }
        }
    } else {
        found.push = Truth::Unknown;
    }
    match found.kind.as_deref() {
        Some("registry") => found.push = Truth::True,
        Some("image") | None => {}
        Some(kind) if unknown::is_known(kind) => found.push = Truth::False,
        Some(_) => found.push = Truth::Unknown,
    }
    if !found.word.certain && found.push == Truth::True {
        found.push = Truth::Unknown;
    }
    found
}

/// The fields of a line of comma-separated values.
fn fields(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut field = String::new();
    let mut quoted = false;
    let mut chars = line.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                field.push('"');
                chars.next();
            }
            '"' => quoted = !quoted,
            ',' if !quoted => found.push(std::mem::take(&mut field)),
            c => field.push(c),
        }
    }
    found.push(field);
    found
}

pub(super) fn bake(words: &[Word]) -> What {
    let parsed = flags::parse(words, &tables::BAKE);
    What::Bake(Bake {
        files: parsed.values(&["file", "f"]),
        sets: parsed.values(&["set"]),
        push: parsed.may_switch(&["push"]),
        print: if parsed.has(&["print", "list", "list-targets", "list-variables"]) {
            Truth::True
        } else {
            parsed.switch(&["check"])
        },
        targets: parsed.arguments,
        unknown: parsed.open,
    })
}
