//! The subcommands of `docker`, `podman`, `nerdctl` and `buildah`.

use super::flags::{self, part};
use super::{Tool, What, build, compose, others, registry_tools, subcommand, tables};
use crate::eval::shell::Word;
use crate::eval::shell::truth::Truth;

pub(super) fn engine(tool: Tool, words: &[Word]) -> Vec<What> {
    let Some((name, rest)) = subcommand(words, &tables::ENGINE) else {
        return Vec::new();
    };
    match (tool, name) {
        (Tool::Docker, "buildx") => buildx(rest),
        (Tool::Docker | Tool::Podman | Tool::Nerdctl, "compose") => compose::compose(rest),
        (Tool::Docker | Tool::Podman | Tool::Nerdctl, "image" | "builder") => {
            match subcommand(rest, &tables::ENGINE) {
                Some(("build" | "b", rest)) => vec![build::build(tool, rest)],
                Some((name, rest)) if !matches!(name, "prune" | "inspect") => {
                    image(tool, name, rest)
                }
                _ => Vec::new(),
            }
        }
        (Tool::Buildah, "bud" | "build" | "build-using-dockerfile") => {
            vec![build::build(tool, rest)]
        }
        (_, "build") => vec![build::build(tool, rest)],
        (_, "manifest") => match subcommand(rest, &tables::ENGINE) {
            Some((name, rest)) => manifest(name, rest),
            None => Vec::new(),
        },
        (_, "run") => others::in_container(rest),
        (_, name) => image(tool, name, rest),
    }
}

pub(super) fn buildx(words: &[Word]) -> Vec<What> {
    match subcommand(words, &tables::ENGINE) {
        Some(("build" | "b", rest)) => vec![build::build(Tool::Buildx, rest)],
        Some(("bake" | "f", rest)) => vec![build::bake(rest)],
        Some(("imagetools", rest)) => match subcommand(rest, &tables::ENGINE) {
            Some(("create", rest)) => registry_tools::imagetools_create(rest),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

/// depot takes buildx's command line.
pub(super) fn depot(words: &[Word]) -> Vec<What> {
    match subcommand(words, &tables::ENGINE) {
        Some(("build", rest)) => vec![build::build(Tool::Buildx, rest)],
        Some(("bake", rest)) => vec![build::bake(rest)],
        _ => Vec::new(),
    }
}

fn image(tool: Tool, name: &str, words: &[Word]) -> Vec<What> {
    match name {
        "tag" => {
            let parsed = flags::parse(words, &tables::IMAGE);
            let Some((from, targets)) = parsed.arguments.split_first() else {
                return Vec::new();
            };
            // Docker takes one new name, podman and buildah any number.
            if targets.len() != 1 && matches!(tool, Tool::Docker | Tool::Nerdctl) {
                return Vec::new();
            }
            let tag = |to: &Word| What::Tag {
                from: from.clone(),
                to: to.clone(),
            };
            targets.iter().map(tag).collect()
        }
        "push" => push(tool, words),
        "pull" => {
            let parsed = flags::parse(words, &tables::IMAGE);
            let pulled = parsed.arguments.into_iter();
            pulled.map(|reference| What::Pull { reference }).collect()
        }
        "login" => {
            let parsed = flags::parse(words, &tables::LOGIN);
            vec![What::Login {
                registry: parsed.arguments.into_iter().next(),
            }]
        }
        "commit" => {
            let parsed = flags::parse(words, &tables::IMAGE);
            match parsed.arguments.as_slice() {
                [from, to] => vec![What::Tag {
                    from: from.clone(),
                    to: to.clone(),
                }],
                _ => Vec::new(),
            }
        }
        _ => Vec::new(),
    }
}

fn push(tool: Tool, words: &[Word]) -> Vec<What> {
    let parsed = flags::parse(words, &tables::IMAGE);
    let engine_has = !matches!(tool, Tool::Podman | Tool::Buildah);
    let all_tags = if engine_has && parsed.has(&["all-tags", "a"]) {
        parsed.switch(&["all-tags", "a"])
    } else {
        Truth::False
    };
    let mut arguments = parsed.arguments.into_iter();
    let Some(reference) = arguments.next() else {
        return Vec::new();
    };
    let rest: Vec<Word> = arguments.collect();
    let takes_destination = matches!(tool, Tool::Podman | Tool::Buildah);
    let (destination, stray) = match (takes_destination, rest.split_first()) {
        (true, Some((first, stray))) => (Some(first.clone()), stray.to_vec()),
        _ => (None, rest),
    };
    let destination = match destination {
        None => None,
        Some(word) => match remote(&word) {
            Some(word) => Some(word),
            // Pushed to a directory or an archive, not to a registry.
            None => return Vec::new(),
        },
    };
    vec![What::Push {
        reference: remote(&reference).unwrap_or(reference),
        all_tags,
        destination,
        stray,
        tool,
    }]
}

/// A reference without its `docker://`; nothing where it names something local.
pub(super) fn remote(word: &Word) -> Option<Word> {
    const LOCAL: [&str; 8] = [
        "dir:",
        "docker-archive:",
        "docker-daemon:",
        "oci:",
        "oci-archive:",
        "containers-storage:",
        "ostree:",
        "tarball:",
    ];
    if let Some(rest) = word.text.strip_prefix("docker://") {
        return Some(part(word, rest));
    }
    let local = LOCAL
        .iter()
        .any(|transport| word.text.starts_with(transport));
    (!local).then(|| word.clone())
}

fn manifest(name: &str, words: &[Word]) -> Vec<What> {
    let parsed = flags::parse(words, &tables::IMAGE);
    let mut arguments = parsed.arguments.into_iter();
    let Some(list) = arguments.next() else {
        return Vec::new();
    };
    let sources: Vec<Word> = arguments.collect();
    match name {
        "create" | "add" => {
            let sources = sources
                .iter()
                .map(|word| remote(word).unwrap_or_else(|| word.clone()))
                .collect();
            vec![What::ManifestCreate {
                name: list,
                sources,
            }]
        }
        "push" => {
            let destination = match sources.first() {
                None => None,
                Some(word) => match remote(word) {
                    Some(word) => Some(word),
                    None => return Vec::new(),
                },
            };
            vec![What::ManifestPush {
                name: list,
                destination,
            }]
        }
        _ => Vec::new(),
    }
}
