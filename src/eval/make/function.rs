//! The functions of make.

use super::words::{each, replaced, stem};
use super::{Host, Makefile, Origin, Variable};
use crate::eval::unknown::{first_mark, is_known};

/// More words than a loop goes over.
const MAX_WORDS: usize = 500;

/// The arguments of a function, at most so many: commas inside of brackets separate nothing.
pub(super) fn arguments(text: &str, most: usize) -> Vec<&str> {
    let mut arguments = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    for (at, c) in text.char_indices() {
        match c {
            '(' | '{' => depth += 1,
            ')' | '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 && arguments.len() + 1 < most => {
                arguments.push(text.get(start..at).unwrap_or_default());
                start = at + 1;
            }
            _ => {}
        }
    }
    arguments.push(text.get(start..).unwrap_or_default());
    arguments
}

/// How many arguments a function takes; nothing for what is no function.
fn arity(name: &str) -> Option<usize> {
    Some(match name {
        "subst" | "patsubst" | "foreach" | "if" | "wordlist" => 3,
        "findstring" | "filter" | "filter-out" | "word" | "addprefix" | "addsuffix" | "join"
        | "file" => 2,
        "strip" | "sort" | "words" | "firstword" | "lastword" | "dir" | "notdir" | "suffix"
        | "basename" | "wildcard" | "realpath" | "abspath" | "shell" | "eval" | "value"
        | "origin" | "flavor" | "error" | "warning" | "info" => 1,
        "or" | "and" | "call" => usize::MAX,
        _ => return None,
    })
}

/// Whether a text is empty; nothing where that is not known.
fn emptiness(text: &str) -> Option<bool> {
    let text = text.trim();
    if is_known(text) || text.chars().any(|c| c.is_ascii_graphic()) {
        return Some(text.is_empty());
    }
    None
}

/// A text that is not known where one of these is not.
fn unsettled(texts: &[&str]) -> Option<String> {
    let mark = texts.iter().find_map(|text| first_mark(text))?;
    Some(mark.as_char().to_string())
}

impl Makefile {
    /// What a call gives; nothing where the name is no function.
    pub(super) fn function(
        &mut self,
        name: &str,
        rest: &str,
        host: &mut dyn Host,
        depth: usize,
    ) -> Option<String> {
        let written = arguments(rest, arity(name)?);
        let argument = |index: usize| written.get(index).copied().unwrap_or_default();
        match name {
            "if" => {
                let condition = self.expand(argument(0), host, depth);
                return Some(match emptiness(&condition) {
                    Some(false) => self.expand(argument(1), host, depth),
                    Some(true) => self.expand(argument(2), host, depth),
                    None => {
                        let yes = self.expand(argument(1), host, depth);
                        let no = self.expand(argument(2), host, depth);
                        if yes == no {
                            yes
                        } else {
                            condition.trim().to_owned()
                        }
                    }
                });
            }
            "or" | "and" => {
                let mut last = String::new();
                for text in written {
                    last = self.expand(text, host, depth).trim().to_owned();
                    match emptiness(&last) {
                        Some(empty) if empty != (name == "or") => return Some(last),
                        None => return Some(last),
                        _ => {}
                    }
                }
                return Some(last);
            }
            "foreach" => {
                let variable = self.expand(argument(0), host, depth);
                let list = self.expand(argument(1), host, depth);
                let mut results = Vec::new();
                for word in list.split_whitespace().take(MAX_WORDS) {
                    let held = [(variable.trim().to_owned(), word.to_owned())];
                    results.push(self.within(&held, argument(2), host, depth));
                }
                return Some(results.join(" "));
            }
            "call" => {
                let mut held = Vec::new();
                for (index, text) in written.iter().enumerate() {
                    let text = self.expand(text, host, depth);
                    held.push((index.to_string(), text));
                }
                let name = held.first()?.1.trim().to_owned();
                if arity(&name).is_some() {
                    let texts: Vec<&str> = held.iter().skip(1).map(|(_, t)| t.as_str()).collect();
                    return self.function(&name, &texts.join(","), host, depth + 1);
                }
                let body = self
                    .variable(&name)
                    .map(|v| v.text.clone())
                    .unwrap_or_default();
                return Some(self.within(&held, &body, host, depth));
            }
            "value" => {
                let name = self.expand(argument(0), host, depth);
                let own = self.variable(name.trim()).map(|v| v.text.clone());
                return Some(
                    own.or_else(|| host.variable(name.trim()))
                        .unwrap_or_default(),
                );
            }
            _ => {}
        }
        let mut texts = Vec::new();
        for text in &written {
            texts.push(self.expand(text, host, depth));
        }
        let text = |index: usize| texts.get(index).map(String::as_str).unwrap_or_default();
        Some(match name {
            "shell" => host.shell(text(0)),
            "eval" => {
                super::read::read_text(self, text(0), None, host, depth);
                String::new()
            }
            "origin" => self.origin(text(0).trim(), host).to_owned(),
            "flavor" => match self.variable(text(0).trim()) {
                Some(variable) if variable.simple => "simple".to_owned(),
                Some(_) => "recursive".to_owned(),
                None => "undefined".to_owned(),
            },
            "wildcard" => host.unknown(
                &format!("$(wildcard {})", text(0)),
                "it depends on the files of the repository",
            ),
            "error" | "warning" | "info" | "file" => String::new(),
            _ => plain(name, &text),
        })
    }

    /// Text expanded while some variables hold other values.
    fn within(
        &mut self,
        held: &[(String, String)],
        text: &str,
        host: &mut dyn Host,
        depth: usize,
    ) -> String {
        let scope = held.iter().map(|(name, text)| {
            let variable = Variable {
                text: text.clone(),
                simple: true,
                origin: Origin::Makefile,
            };
            (name.clone(), variable)
        });
        self.scopes.push(scope.collect());
        let result = self.expand(text, host, depth + 1);
        self.scopes.pop();
        result
    }

    fn origin(&self, name: &str, host: &mut dyn Host) -> &'static str {
        match self.variable(name).map(|variable| variable.origin) {
            Some(Origin::CommandLine) => "command line",
            Some(Origin::Makefile) => "file",
            None if host.variable(name).is_some() => "environment",
            None => "undefined",
        }
    }
}

/// The functions of texts alone.
fn plain<'a>(name: &str, text: &impl Fn(usize) -> &'a str) -> String {
    let number = |index: usize| text(index).trim().parse::<usize>().unwrap_or(0);
    let words = |index: usize| text(index).split_whitespace();
    let path = |word: &str| word.rfind('/').map_or(0, |at| at + 1);
    match name {
        "subst" if text(0).is_empty() => format!("{}{}", text(2), text(1)),
        "subst" => text(2).replace(text(0), text(1)),
        "patsubst" => replaced(text(0).trim(), text(1).trim(), text(2)),
        "strip" => words(0).collect::<Vec<_>>().join(" "),
        "findstring" => match unsettled(&[text(0), text(1)]) {
            Some(unknown) if !text(1).contains(text(0)) => unknown,
            _ if text(1).contains(text(0)) => text(0).to_owned(),
            _ => String::new(),
        },
        "filter" | "filter-out" => {
            let patterns: Vec<&str> = words(0).collect();
            let fits = |word: &&str| {
                let fit = patterns.iter().any(|pattern| stem(pattern, word).is_some());
                // A word that is not known stays: it may be one that fits.
                !is_known(word) || fit == (name == "filter")
            };
            words(1).filter(fits).collect::<Vec<_>>().join(" ")
        }
        "sort" => {
            let mut sorted: Vec<&str> = words(0).collect();
            sorted.sort_unstable();
            sorted.dedup();
            sorted.join(" ")
        }
        "word" => words(1)
            .nth(number(0).saturating_sub(1))
            .unwrap_or_default()
            .to_owned(),
        "wordlist" => {
            let first = number(0).saturating_sub(1);
            let taken = number(1).saturating_sub(first);
            words(2)
                .skip(first)
                .take(taken)
                .collect::<Vec<_>>()
                .join(" ")
        }
        "words" => words(0).count().to_string(),
        "firstword" => words(0).next().unwrap_or_default().to_owned(),
        "lastword" => words(0).last().unwrap_or_default().to_owned(),
        "dir" => each(text(0), |word| match path(word) {
            0 => "./".to_owned(),
            end => word.get(..end).unwrap_or_default().to_owned(),
        }),
        "notdir" => each(text(0), |word| {
            word.get(path(word)..).unwrap_or_default().to_owned()
        }),
        "suffix" => {
            let dot = |word: &'a str| {
                let last = word.get(path(word)..)?;
                last.get(last.rfind('.')?..)
            };
            words(0).filter_map(dot).collect::<Vec<_>>().join(" ")
        }
        "basename" => each(text(0), |word| {
            let start = path(word);
            let dot = word.get(start..).and_then(|last| last.rfind('.'));
            let end = dot.map_or(word.len(), |dot| start + dot);
            word.get(..end).unwrap_or_default().to_owned()
        }),
        "addprefix" => each(text(1), |word| format!("{}{word}", text(0))),
        "addsuffix" => each(text(1), |word| format!("{word}{}", text(0))),
        "join" => {
            let (mut left, mut right) = (words(0), words(1));
            let mut joined = Vec::new();
            loop {
                match (left.next(), right.next()) {
                    (None, None) => break joined.join(" "),
                    (a, b) => joined.push(a.unwrap_or_default().to_owned() + b.unwrap_or_default()),
                }
            }
        }
        // `realpath` and `abspath`: paths stay as they are.
        _ => text(0).to_owned(),
    }
}
