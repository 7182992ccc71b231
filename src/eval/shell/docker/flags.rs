//! Options and arguments, the way that the command line library of these tools takes them apart.
//!
//! `--name value`, `--name=value`, `-nvalue`, `-n value`, short options run together, `--`. Options
//! and arguments may come in any order, unless a tool says otherwise.

use crate::eval::shell::Word;
use crate::eval::shell::truth::Truth;
use crate::eval::unknown::{self, Mark};

/// Which options of a command take no value. Every other option takes one.
pub(super) struct Table {
    /// Long names, and short ones of one letter, without dashes.
    pub(super) switches: &'static [&'static str],
    /// Whether options may follow arguments.
    pub(super) mixed: bool,
    /// Whether the command takes a fixed few arguments: a word that may be any number of words is
    /// then taken for one of them.
    pub(super) tight: bool,
}

/// The words of a command after its name, taken apart.
#[derive(Debug, Default)]
pub(super) struct Parsed {
    options: Vec<(String, Option<Word>)>,
    pub(super) arguments: Vec<Word>,
    /// The first word that may be any number of options and arguments.
    pub(super) open: Option<Word>,
}

impl Parsed {
    /// All values of an option, by its long and its short name.
    pub(super) fn values(&self, names: &[&str]) -> Vec<Word> {
        self.options
            .iter()
            .filter(|(own, _)| names.contains(&own.as_str()))
            .filter_map(|(_, value)| value.clone())
            .collect()
    }

    /// The last value of an option: it replaces the ones before.
    pub(super) fn value(&self, names: &[&str]) -> Option<Word> {
        self.values(names).pop()
    }

    /// Whether a switch is on.
    pub(super) fn switch(&self, names: &[&str]) -> Truth {
        let mut truth = Truth::False;
        for (own, value) in &self.options {
            if !names.contains(&own.as_str()) {
                continue;
            }
            truth = match value {
                None => Truth::True,
                Some(word) if !word.certain => Truth::Unknown,
                Some(word) => boolean(&word.text),
            };
        }
        truth
    }

    /// Whether a switch is on, or may be in a word that may be any number of options.
    pub(super) fn may_switch(&self, names: &[&str]) -> Truth {
        match self.switch(names) {
            Truth::False if self.open.is_some() => Truth::Unknown,
            truth => truth,
        }
    }

    /// Whether the switch is there, in whatever form.
    pub(super) fn has(&self, names: &[&str]) -> bool {
        self.options
            .iter()
            .any(|(own, _)| names.contains(&own.as_str()))
    }
}

/// A truth value as Go reads it.
pub(super) fn boolean(text: &str) -> Truth {
    match text {
        "1" | "t" | "T" | "TRUE" | "true" | "True" => Truth::True,
        _ if !unknown::is_known(text) => Truth::Unknown,
        _ => Truth::False,
    }
}

/// A part of a word as a word of its own.
pub(super) fn part(word: &Word, text: &str) -> Word {
    Word {
        text: text.to_owned(),
        open: false,
        ..word.clone()
    }
}

/// Takes words apart.
pub(super) fn parse(words: &[Word], table: &Table) -> Parsed {
    let mut parsed = Parsed::default();
    let mut at = 0;
    let mut only_arguments = false;
    while let Some(word) = words.get(at) {
        at += 1;
        let text = word.text.as_str();
        if word.open && !table.tight {
            parsed.open.get_or_insert_with(|| word.clone());
            continue;
        }
        if only_arguments || !text.starts_with('-') || text == "-" {
            parsed.arguments.push(word.clone());
            only_arguments |= !table.mixed;
            continue;
        }
        if text == "--" {
            only_arguments = true;
            continue;
        }
        let mut next = || {
            let value = words.get(at).cloned();
            at += 1;
            value
        };
        if let Some(long) = text.strip_prefix("--") {
            match long.split_once('=') {
                Some((name, value)) => {
                    parsed
                        .options
                        .push((name.to_owned(), Some(part(word, value))));
                }
                None if long.starts_with(|c| Mark::from_char(c).is_some()) => {
                    parsed.open.get_or_insert_with(|| word.clone());
                }
                None if table.switches.contains(&long) => {
                    parsed.options.push((long.to_owned(), switched_on(word)));
                }
                None => {
                    let value = next();
                    parsed.options.push((long.to_owned(), value));
                }
            }
            continue;
        }
        let letters = text.strip_prefix('-').unwrap_or_default();
        for (index, letter) in letters.char_indices() {
            let name = letter.to_string();
            if Mark::from_char(letter).is_some() {
                parsed.open.get_or_insert_with(|| word.clone());
                break;
            }
            let rest = letters.get(index + letter.len_utf8()..).unwrap_or_default();
            if table.switches.contains(&name.as_str()) {
                if let Some(value) = rest.strip_prefix('=') {
                    parsed.options.push((name, Some(part(word, value))));
                    break;
                }
                parsed.options.push((name, switched_on(word)));
                continue;
            }
            let value = if rest.is_empty() {
                next()
            } else {
                Some(part(word, rest.strip_prefix('=').unwrap_or(rest)))
            };
            parsed.options.push((name, value));
            break;
        }
    }
    parsed
}

/// A switch without a value is on; one that may not be there is a word that may not.
fn switched_on(word: &Word) -> Option<Word> {
    (!word.certain).then(|| part(word, "true"))
}
