//! GoReleaser's command line.

use crate::eval::unknown::{self, Mark};
use crate::eval::value::Truth;

/// What a call does with images.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verb {
    /// Builds and publishes.
    Release,
    /// Builds; another call publishes.
    Prepare,
    /// Nothing.
    Other,
}

/// A call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// What it does.
    pub verb: Verb,
    /// The configuration that is named.
    pub config: Option<String>,
    /// Whether it builds what is not released: nothing is pushed then.
    pub snapshot: Truth,
    /// Whether it releases a nightly build.
    pub nightly: Truth,
    /// What is left out: `publish`, `docker`, `ko`, …
    pub skips: Vec<String>,
    /// A word that may be any option.
    pub unknown: Option<Mark>,
}

/// Options that take a value.
const VALUED: &[&str] = &[
    "config",
    "f",
    "id",
    "key",
    "k",
    "output",
    "o",
    "parallelism",
    "p",
    "release-footer",
    "release-footer-tmpl",
    "release-header",
    "release-header-tmpl",
    "release-notes",
    "release-notes-tmpl",
    "skip",
    "timeout",
];

impl Command {
    /// Reads the words after the program's name.
    #[must_use]
    pub fn read<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        let mut command = Self {
            verb: Verb::Release,
            config: None,
            snapshot: Truth::False,
            nightly: Truth::False,
            skips: Vec::new(),
            unknown: None,
        };
        let mut verb = None;
        let mut prepares = false;
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            let Some(option) = word.strip_prefix('-') else {
                match unknown::first_mark(word) {
                    Some(mark) if verb.is_some() => command.unknown = Some(mark),
                    _ => verb = verb.or(Some(word)),
                }
                continue;
            };
            let option = option.strip_prefix('-').unwrap_or(option);
            if let Some(mark) = unknown::first_mark(option.split('=').next().unwrap_or_default()) {
                command.unknown = Some(mark);
                continue;
            }
            let (name, mut value) = match option.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (option, None),
            };
            if value.is_none() && VALUED.contains(&name) {
                value = words.next();
            }
            let on = match value {
                None => Truth::True,
                Some(value) => match unknown::first_mark(value) {
                    Some(mark) => Truth::Unknown(mark),
                    None => {
                        Truth::from(matches!(value, "1" | "t" | "T" | "TRUE" | "true" | "True"))
                    }
                },
            };
            match name {
                "config" | "f" => command.config = value.map(str::to_owned),
                "snapshot" => command.snapshot = on,
                "nightly" => command.nightly = on,
                "skip" => {
                    let list = value.unwrap_or_default().split(',');
                    command
                        .skips
                        .extend(list.map(|name| name.trim().to_owned()));
                }
                "skip-publish" | "skip-docker" | "skip-ko" if on != Truth::False => {
                    let name = name.strip_prefix("skip-").unwrap_or(name);
                    command.skips.push(name.to_owned());
                }
                "split" | "prepare" => prepares |= on == Truth::True,
                "help" | "h" | "version" | "v" => verb = Some("help"),
                _ => {}
            }
        }
        command.verb = match verb {
            None | Some("release" | "r") if prepares => Verb::Prepare,
            None | Some("release" | "r" | "continue" | "publish") => Verb::Release,
            Some(word) if !unknown::is_known(word) => {
                command.unknown = command.unknown.or_else(|| unknown::first_mark(word));
                Verb::Release
            }
            Some(_) => Verb::Other,
        };
        if command.skips.iter().any(|name| !unknown::is_known(name)) {
            let mark = command
                .skips
                .iter()
                .find_map(|name| unknown::first_mark(name));
            command.unknown = command.unknown.or(mark);
        }
        command
    }

    /// Whether a part is left out.
    #[must_use]
    pub fn skips(&self, name: &str) -> bool {
        self.skips.iter().any(|skipped| skipped == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn command_lines_are_read_as_the_program_does() {
        for (line, verb, snapshot, skips, config) in [
            ("release --clean", Verb::Release, Truth::False, "", ""),
            (
                "--snapshot --clean -f a.yml",
                Verb::Release,
                Truth::True,
                "",
                "a.yml",
            ),
            (
                "release --skip=publish,ko",
                Verb::Release,
                Truth::False,
                "publish,ko",
                "",
            ),
            (
                "release --skip docker --config=x",
                Verb::Release,
                Truth::False,
                "docker",
                "x",
            ),
            (
                "release --skip-publish --rm-dist",
                Verb::Release,
                Truth::False,
                "publish",
                "",
            ),
            ("release --split", Verb::Prepare, Truth::False, "", ""),
            ("continue --merge", Verb::Release, Truth::False, "", ""),
            ("check -f b.yml", Verb::Other, Truth::False, "", "b.yml"),
            ("build --snapshot", Verb::Other, Truth::True, "", ""),
            (
                "release --snapshot=false",
                Verb::Release,
                Truth::False,
                "",
                "",
            ),
            ("-f x release", Verb::Release, Truth::False, "", "x"),
        ] {
            let command = Command::read(line.split(' '));
            assert_eq!(command.verb, verb, "{line}");
            assert_eq!(command.snapshot, snapshot, "{line}");
            assert_eq!(command.skips.join(","), skips, "{line}");
            assert_eq!(command.config.unwrap_or_default(), config, "{line}");
        }
    }
}
