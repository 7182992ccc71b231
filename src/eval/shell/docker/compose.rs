//! `docker compose build` and `docker compose push`.

use super::flags;
use super::{What, subcommand, tables};
use crate::eval::shell::Word;
use crate::eval::shell::truth::Truth;

/// Compose files whose images are built or pushed.
#[derive(Debug, Clone, PartialEq)]
pub struct Compose {
    /// The values of `--file`; none means the usual names.
    pub files: Vec<Word>,
    /// The values of `--profile`.
    pub profiles: Vec<Word>,
    /// The values of `--env-file`.
    pub env_files: Vec<Word>,
    /// The services; none means all.
    pub services: Vec<Word>,
    /// Whether it builds.
    pub build: bool,
    /// Whether it pushes.
    pub push: Truth,
    /// A word that may be any number of options and services.
    pub unknown: Option<Word>,
}

pub(super) fn compose(words: &[Word]) -> Vec<What> {
    let before = flags::parse(words, &tables::COMPOSE);
    let Some((name, rest)) = subcommand(words, &tables::COMPOSE) else {
        return Vec::new();
    };
    let parsed = flags::parse(rest, &tables::COMPOSE_COMMAND);
    let (build, push) = match name {
        "build" => (true, parsed.may_switch(&["push"])),
        "push" => (false, Truth::True),
        _ => return Vec::new(),
    };
    vec![What::Compose(Compose {
        files: before.values(&["file", "f"]),
        profiles: before.values(&["profile"]),
        env_files: before.values(&["env-file"]),
        services: parsed.arguments,
        build,
        push,
        unknown: parsed.open.or(before.open),
    })]
}
