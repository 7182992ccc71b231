//! Tools that work in registries: `imagetools`, skopeo, crane, regctl, oras.

use super::flags;
use super::images::remote;
use super::{What, subcommand, tables};
use crate::eval::shell::Word;
use crate::eval::shell::truth::Truth;

pub(super) fn imagetools_create(words: &[Word]) -> Vec<What> {
    let parsed = flags::parse(words, &tables::IMAGETOOLS);
    let mut sources = parsed.arguments.clone();
    sources.extend(parsed.values(&["file", "f"]));
    vec![What::ImagetoolsCreate {
        tags: parsed.values(&["tag", "t"]),
        sources,
        append: parsed.switch(&["append"]),
        dry_run: parsed.switch(&["dry-run"]),
        unknown: parsed.open,
    }]
}

fn copy(from: Option<&Word>, to: Option<&Word>, all_tags: Truth) -> Vec<What> {
    let (Some(from), Some(to)) = (from, to) else {
        return Vec::new();
    };
    let Some(to) = remote(to) else {
        return Vec::new();
    };
    vec![What::Copy {
        from: remote(from).unwrap_or_else(|| from.clone()),
        to,
        all_tags,
    }]
}

fn login(words: &[Word]) -> Vec<What> {
    let parsed = flags::parse(words, &tables::LOGIN);
    vec![What::Login {
        registry: parsed.arguments.into_iter().next(),
    }]
}

pub(super) fn skopeo(words: &[Word]) -> Vec<What> {
    match subcommand(words, &tables::ENGINE) {
        Some(("copy", rest)) => {
            let parsed = flags::parse(rest, &tables::SKOPEO);
            let mut found = copy(
                parsed.arguments.first(),
                parsed.arguments.get(1),
                Truth::False,
            );
            if let Some(from) = parsed.arguments.first() {
                for tag in parsed.values(&["additional-tag"]) {
                    found.extend(copy(Some(from), Some(&tag), Truth::False));
                }
            }
            found
        }
        Some(("sync", _)) => vec![What::Unknown {
            what: "skopeo sync".to_owned(),
        }],
        Some(("login", rest)) => login(rest),
        _ => Vec::new(),
    }
}

pub(super) fn crane(words: &[Word]) -> Vec<What> {
    let Some((name, rest)) = subcommand(words, &tables::ENGINE) else {
        return Vec::new();
    };
    let parsed = flags::parse(rest, &tables::REGISTRY);
    let (first, second) = (parsed.arguments.first(), parsed.arguments.get(1));
    match name {
        "copy" | "cp" => copy(first, second, parsed.switch(&["all-tags", "a"])),
        "push" => copy(first, second, Truth::False),
        "tag" => registry_tag(first, second),
        "auth" => match subcommand(rest, &tables::ENGINE) {
            Some(("login", rest)) => login(rest),
            _ => Vec::new(),
        },
        "append" | "mutate" | "rebase" | "flatten" => {
            created(parsed.values(&["tag", "t", "new_tag"]), &parsed)
        }
        "index" => match subcommand(rest, &tables::ENGINE) {
            Some(("append", rest)) => {
                let parsed = flags::parse(rest, &tables::REGISTRY);
                created(parsed.values(&["tag", "t"]), &parsed)
            }
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

fn created(tags: Vec<Word>, parsed: &flags::Parsed) -> Vec<What> {
    if tags.is_empty() {
        return Vec::new();
    }
    let mut sources = parsed.arguments.clone();
    sources.extend(parsed.values(&["manifest", "m", "base", "b", "ref"]));
    vec![What::ImagetoolsCreate {
        tags,
        sources,
        append: Truth::False,
        dry_run: Truth::False,
        unknown: parsed.open.clone(),
    }]
}

fn registry_tag(reference: Option<&Word>, tag: Option<&Word>) -> Vec<What> {
    match (reference, tag) {
        (Some(reference), Some(tag)) => vec![What::RegistryTag {
            reference: reference.clone(),
            tag: tag.clone(),
        }],
        _ => Vec::new(),
    }
}

pub(super) fn regctl(words: &[Word]) -> Vec<What> {
    let Some((group, rest)) = subcommand(words, &tables::ENGINE) else {
        return Vec::new();
    };
    let Some((name, rest)) = subcommand(rest, &tables::ENGINE) else {
        return Vec::new();
    };
    let parsed = flags::parse(rest, &tables::REGISTRY);
    let (first, second) = (parsed.arguments.first(), parsed.arguments.get(1));
    match (group, name) {
        ("image" | "index", "copy" | "cp") => copy(first, second, Truth::False),
        ("image" | "index", "create") => match first {
            Some(name) => created(vec![name.clone()], &parsed),
            None => Vec::new(),
        },
        ("image", "mod") => match parsed.value(&["create"]) {
            Some(name) => created(vec![name], &parsed),
            None => Vec::new(),
        },
        ("registry", "login") => login(rest),
        _ => Vec::new(),
    }
}

pub(super) fn oras(words: &[Word]) -> Vec<What> {
    let Some((name, rest)) = subcommand(words, &tables::ENGINE) else {
        return Vec::new();
    };
    let parsed = flags::parse(rest, &tables::REGISTRY);
    match name {
        "cp" | "copy" => copy(
            parsed.arguments.first(),
            parsed.arguments.get(1),
            Truth::False,
        ),
        "tag" => {
            let Some((reference, tags)) = parsed.arguments.split_first() else {
                return Vec::new();
            };
            tags.iter()
                .flat_map(|tag| registry_tag(Some(reference), Some(tag)))
                .collect()
        }
        "login" => login(rest),
        _ => Vec::new(),
    }
}
