//! Container commands: what they build, tag and push, read off the words that a script runs.

mod build;
mod flags;
mod registry_tools;

use std::ops::Range;

use super::{Command, Word, command};
use crate::eval::unknown;

pub use build::{Build, Pushes};
use flags::Flags;

/// One thing that a command does with images.
#[derive(Debug, Clone, PartialEq)]
pub struct Action {
    /// What it does.
    pub kind: ActionKind,
    /// Whether the command runs whenever the script goes well.
    pub certain: bool,
    /// The command's bytes in the script.
    pub span: Range<usize>,
}

/// What a command does with images.
#[derive(Debug, Clone, PartialEq)]
pub enum ActionKind {
    /// Builds an image, and may push it.
    Build(Build),
    /// Gives a local image another name.
    Tag {
        /// The name that it has.
        from: Word,
        /// The name that it gets.
        to: Word,
    },
    /// Fetches an image.
    Pull(Word),
    /// Pushes an image under its local name.
    Push {
        /// The name.
        reference: Word,
        /// Whether all tags of the repository are pushed.
        all_tags: bool,
    },
    /// Makes an index of other images, under a name; pushed later unless `push` says so.
    Join {
        /// The names it gets.
        targets: Vec<Word>,
        /// What it is made of.
        sources: Vec<Word>,
        /// Whether it is pushed at once.
        push: bool,
    },
    /// Copies an image from one name to another, in registries.
    Copy {
        /// The name that it has.
        from: Word,
        /// The name that it gets.
        to: Word,
    },
    /// Publishes, but what is not known: the reason why.
    Opaque(String),
}

/// What the commands of a script do with images, in order.
#[must_use]
pub fn actions(commands: &[Command]) -> Vec<Action> {
    let mut actions = Vec::new();
    for command in commands {
        let words = command.words.get(command::unwrapped(&command.words)..);
        for kind in read(words.unwrap_or_default()) {
            actions.push(Action {
                kind,
                certain: command.certain,
                span: command.span.clone(),
            });
        }
    }
    actions
}

fn read(words: &[Word]) -> Vec<ActionKind> {
    let Some((program, rest)) = words.split_first() else {
        return Vec::new();
    };
    let name = program.text.rsplit('/').next().unwrap_or_default();
    match name {
        "docker" | "podman" | "nerdctl" | "buildah" | "finch" => engine(name, rest),
        "docker-compose" => compose(rest),
        "skopeo" | "crane" | "gcrane" | "regctl" | "oras" => registry_tools::read(name, rest),
        "executor" if program.text.contains("kaniko") => registry_tools::kaniko(rest),
        "ko" | "goreleaser" | "jib" | "pack" | "earthly" => publisher(name, rest),
        "make" | "just" | "task" | "bash" | "sh" => wrapped(name, rest),
        _ if program.text.starts_with("./") || name.ends_with(".sh") => wrapped(name, words),
        _ => Vec::new(),
    }
}

/// Options before the subcommand that take a value.
const GLOBAL: &[&str] = &[
    "--config",
    "-c",
    "--context",
    "-H",
    "--host",
    "-l",
    "--log-level",
    "--tlscacert",
    "--tlscert",
    "--tlskey",
    "--builder",
    "--namespace",
    "-n",
    "--root",
    "--runroot",
    "--storage-driver",
    "--storage-opt",
    "--url",
    "--connection",
];

/// The subcommand and what follows it.
fn subcommand(words: &[Word]) -> Option<(&str, &[Word])> {
    let mut at = 0;
    loop {
        let word = words.get(at)?;
        if !word.text.starts_with('-') {
            return Some((word.text.as_str(), words.get(at + 1..).unwrap_or_default()));
        }
        at += if GLOBAL.contains(&word.text.as_str()) {
            2
        } else {
            1
        };
    }
}

fn engine(program: &str, words: &[Word]) -> Vec<ActionKind> {
    let Some((name, rest)) = subcommand(words) else {
        return Vec::new();
    };
    match name {
        "build" | "bud" => vec![ActionKind::Build(build::read(program, rest))],
        "buildx" | "builder" | "image" | "container" => match subcommand(rest) {
            Some(("build" | "b", rest)) => vec![ActionKind::Build(build::read(program, rest))],
            Some(("bake", rest)) => bake(rest),
            Some(("imagetools", rest)) => imagetools(rest),
            Some((name @ ("tag" | "push" | "pull"), rest)) => engine_image(name, rest),
            _ => Vec::new(),
        },
        "tag" | "push" | "pull" => engine_image(name, rest),
        "manifest" => manifest(rest),
        "compose" => compose(rest),
        _ => Vec::new(),
    }
}

fn engine_image(name: &str, words: &[Word]) -> Vec<ActionKind> {
    let flags = Flags::read(
        words,
        &[
            "--platform",
            "--authfile",
            "--creds",
            "--cert-dir",
            "--format",
            "-f",
            "--digestfile",
            "--sign-by",
            "--retry",
            "--arch",
            "--os",
            "--variant",
        ],
    );
    let mut positionals = flags.positionals.iter();
    match (name, positionals.next(), positionals.next()) {
        ("tag", Some(from), Some(to)) => {
            let mut tags = vec![to.clone()];
            tags.extend(positionals.cloned());
            let tag = |to| ActionKind::Tag {
                from: from.clone(),
                to,
            };
            tags.into_iter().map(tag).collect()
        }
        ("pull", Some(reference), _) => vec![ActionKind::Pull(reference.clone())],
        ("push", Some(from), Some(to)) => vec![ActionKind::Copy {
            from: from.clone(),
            to: without_transport(to),
        }],
        ("push", Some(reference), None) => vec![ActionKind::Push {
            reference: reference.clone(),
            all_tags: flags.has(&["-a", "--all-tags"]),
        }],
        _ => Vec::new(),
    }
}

/// A destination without `docker://`.
fn without_transport(word: &Word) -> Word {
    let mut word = word.clone();
    if let Some(rest) = word.text.strip_prefix("docker://") {
        word.text = rest.to_owned();
    }
    word
}

fn imagetools(words: &[Word]) -> Vec<ActionKind> {
    let Some(("create", rest)) = subcommand(words) else {
        return Vec::new();
    };
    let flags = Flags::read(
        rest,
        &[
            "-t",
            "--tag",
            "-f",
            "--file",
            "--progress",
            "--annotation",
            "--metadata-file",
            "-p",
            "--platform",
        ],
    );
    if flags.has(&["--dry-run"]) {
        return Vec::new();
    }
    let mut targets = flags.values(&["-t", "--tag"]);
    if targets.is_empty() {
        // The tags may lie in words that are not known.
        targets.extend(flags.open.iter().cloned());
    }
    vec![ActionKind::Join {
        targets,
        sources: flags.positionals,
        push: true,
    }]
}

fn manifest(words: &[Word]) -> Vec<ActionKind> {
    let Some((name, rest)) = subcommand(words) else {
        return Vec::new();
    };
    let flags = Flags::read(
        rest,
        &[
            "--authfile",
            "--creds",
            "--arch",
            "--os",
            "--variant",
            "--format",
        ],
    );
    let Some((target, sources)) = flags.positionals.split_first() else {
        return Vec::new();
    };
    match name {
        "create" => vec![ActionKind::Join {
            targets: vec![target.clone()],
            sources: sources.to_vec(),
            push: false,
        }],
        "push" => match sources.first() {
            Some(to) => vec![ActionKind::Copy {
                from: target.clone(),
                to: without_transport(to),
            }],
            None => vec![ActionKind::Push {
                reference: target.clone(),
                all_tags: false,
            }],
        },
        _ => Vec::new(),
    }
}

fn bake(words: &[Word]) -> Vec<ActionKind> {
    let pushes = words.iter().any(|word| {
        word.text == "--push"
            || word.text.contains("type=registry")
            || word.text.contains("push=true")
    });
    if pushes {
        vec![ActionKind::Opaque(
            "a bake file, which is not evaluated".to_owned(),
        )]
    } else {
        Vec::new()
    }
}

fn compose(words: &[Word]) -> Vec<ActionKind> {
    let pushes = words
        .iter()
        .any(|word| matches!(word.text.as_str(), "push" | "--push"));
    if pushes {
        vec![ActionKind::Opaque(
            "a push of compose services, which is not evaluated".to_owned(),
        )]
    } else {
        Vec::new()
    }
}

fn publisher(name: &str, words: &[Word]) -> Vec<ActionKind> {
    let publishes = words.iter().any(|word| {
        matches!(
            word.text.as_str(),
            "build" | "publish" | "resolve" | "apply" | "release" | "--publish" | "--push"
        )
    });
    if publishes {
        vec![ActionKind::Opaque(format!(
            "`{name}`, which is not evaluated"
        ))]
    } else {
        Vec::new()
    }
}

/// A make target or a script of the repository that by its name builds or pushes images.
fn wrapped(name: &str, words: &[Word]) -> Vec<ActionKind> {
    let signs = ["docker", "image", "publish", "push", "release", "container"];
    let telling = words.iter().find(|word| {
        let text = word.text.to_ascii_lowercase();
        !text.contains('=')
            && !text.starts_with('-')
            && signs.iter().any(|sign| text.contains(sign))
    });
    match telling {
        Some(word) => {
            let shown = unknown::pattern(&word.text);
            let what = if words.first() == Some(word) && name != "make" {
                format!("`{shown}`")
            } else {
                format!("`{name} {shown}`")
            };
            vec![ActionKind::Opaque(format!(
                "{what}, which is not evaluated"
            ))]
        }
        None => Vec::new(),
    }
}

#[cfg(test)]
mod tests;
