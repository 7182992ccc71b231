//! Reading a Makefile: conditionals, assignments, rules with their recipes, includes.

use std::ops::Range;

use super::assign::{How, assignment};
use super::function::arguments;
use super::lines::{Logical, logical, without_comment};
use super::{Host, Makefile, Rule, Written};
use crate::eval::unknown;

/// How deep files may include one another.
const DEPTH: usize = 12;

/// Whether the lines of a conditional count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Counts {
    Yes,
    No,
    Maybe,
}

/// One conditional that is open.
struct Open {
    counts: Counts,
    /// Whether an earlier branch counted.
    done: Counts,
}

/// Reads a Makefile with the variables of the command line.
pub fn read(text: &str, overrides: &[(String, String)], host: &mut dyn Host) -> Makefile {
    let mut makefile = Makefile::new(overrides);
    read_text(&mut makefile, text, Some(()), host, 0);
    makefile
}

/// Reads further text. Only what stands in the Makefile itself has a place.
pub(super) fn read_text(
    makefile: &mut Makefile,
    text: &str,
    placed: Option<()>,
    host: &mut dyn Host,
    depth: usize,
) {
    let mut reader = Reader {
        makefile,
        host,
        open: Vec::new(),
        targets: Vec::new(),
        placed: placed.is_some(),
        depth,
    };
    let lines = logical(text);
    let mut lines = lines.into_iter();
    while let Some(line) = lines.next() {
        if !reader.makefile.step() {
            break;
        }
        if let Some(definition) = reader.line(&line) {
            reader.define(&definition, &mut lines);
        }
    }
}

struct Reader<'a> {
    makefile: &'a mut Makefile,
    host: &'a mut dyn Host,
    open: Vec<Open>,
    /// The numbers of the rules that recipe lines go to.
    targets: Vec<usize>,
    placed: bool,
    depth: usize,
}

impl Reader<'_> {
    fn counts(&self) -> Counts {
        let mut counts = Counts::Yes;
        for open in &self.open {
            match open.counts {
                Counts::No => return Counts::No,
                Counts::Maybe => counts = Counts::Maybe,
                Counts::Yes => {}
            }
        }
        counts
    }

    /// Takes in a line; gives the head of a `define`, whose body follows.
    fn line(&mut self, line: &Logical) -> Option<String> {
        if line.recipe && !self.targets.is_empty() {
            // Conditionals are make's only where no tab stands before them.
            if self.counts() != Counts::No {
                let text = line.text.strip_prefix('\t').unwrap_or(&line.text);
                self.recipe(text, line.at.clone());
            }
            return None;
        }
        let text = without_comment(&line.text);
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let (word, rest) = text
            .split_once([' ', '\t', '(', '"', '\''])
            .unwrap_or((text, ""));
        let rest_at = word.len();
        let whole_rest = text.get(rest_at..).unwrap_or(rest).trim();
        match word {
            "ifeq" | "ifneq" | "ifdef" | "ifndef" => {
                let counts = match self.counts() {
                    Counts::No => Counts::No,
                    _ => self.condition(word, whole_rest),
                };
                self.open.push(Open {
                    counts,
                    done: counts,
                });
                return None;
            }
            "else" => {
                self.otherwise(whole_rest);
                return None;
            }
            "endif" => {
                self.open.pop();
                return None;
            }
            _ => {}
        }
        if word == "define" {
            return Some(whole_rest.to_owned());
        }
        if self.counts() == Counts::No {
            return None;
        }
        self.statement(text, word, whole_rest, line);
        None
    }

    fn statement(&mut self, text: &str, word: &str, rest: &str, line: &Logical) {
        match word {
            "include" | "-include" | "sinclude" if assignment(text).is_none() => {
                self.include(rest);
                return;
            }
            "export" | "unexport" | "override" | "private" => {
                let exports = word == "export";
                match assignment(rest) {
                    Some((name, how, value)) => {
                        let name = name.trim_start_matches("export ").trim();
                        self.assign(name, how, value, word == "override");
                        if exports {
                            self.makefile.exported.push(name.to_owned());
                        }
                    }
                    None if exports && rest.is_empty() => self.makefile.exports_all = true,
                    None if exports => {
                        let names = self.makefile.expanded(rest, self.host);
                        let names = names.split_whitespace().map(str::to_owned);
                        self.makefile.exported.extend(names);
                    }
                    None => {}
                }
                return;
            }
            "vpath" | "undefine" => return,
            _ => {}
        }
        if let Some((name, how, value)) = assignment(text)
            && !name.is_empty()
        {
            self.targets.clear();
            self.assign(name, how, value, false);
            return;
        }
        self.rule(text, line.at.clone());
    }

    fn assign(&mut self, name: &str, how: How, value: &str, overrides: bool) {
        if self.counts() == Counts::Maybe {
            let what = format!("$({name})");
            let reason = "a condition of the Makefile is not known";
            let text = self.host.unknown(&what, reason);
            self.makefile
                .assign(name, How::Recursive, &text, overrides, self.host);
            return;
        }
        self.makefile.assign(name, how, value, overrides, self.host);
    }

    fn define(&mut self, head: &str, lines: &mut dyn Iterator<Item = Logical>) {
        let mut body: Vec<String> = Vec::new();
        let mut depth = 0_usize;
        for line in lines {
            let word = line.text.split_whitespace().next().unwrap_or_default();
            match word {
                "define" => depth += 1,
                "endef" if depth == 0 => break,
                "endef" => depth -= 1,
                _ => {}
            }
            body.push(line.text);
        }
        if self.counts() == Counts::No {
            return;
        }
        let (name, how) = match assignment(head) {
            Some((name, how, _)) => (name, how),
            None => (head.trim(), How::Recursive),
        };
        self.assign(name, how, &body.join("\n"), false);
    }

    fn include(&mut self, list: &str) {
        let list = self.makefile.expanded(list, self.host);
        for path in list.split_whitespace() {
            if self.depth < DEPTH
                && unknown::is_known(path)
                && let Some(text) = self.host.file(path)
            {
                let text = unknown::clean(&text).into_owned();
                read_text(self.makefile, &text, None, self.host, self.depth + 1);
            }
        }
    }

    fn otherwise(&mut self, rest: &str) {
        let word = rest.split([' ', '(']).next().unwrap_or_default();
        let done = match self.open.last() {
            Some(open) => open.done,
            None => return,
        };
        // The conditional itself must not count for its own condition.
        let before = self.open.pop();
        let above = self.counts();
        let mut counts = if word.is_empty() || above == Counts::No {
            Counts::Yes
        } else {
            let text = rest.get(word.len()..).unwrap_or_default();
            self.condition(word, text.trim())
        };
        let mut now = done;
        counts = match (done, counts) {
            (Counts::Yes, _) | (_, Counts::No) => Counts::No,
            (Counts::Maybe, _) => Counts::Maybe,
            (Counts::No, counts) => counts,
        };
        if counts == Counts::Yes || done == Counts::No && counts == Counts::Maybe {
            now = counts;
        }
        if before.is_some() {
            self.open.push(Open { counts, done: now });
        }
    }

    fn condition(&mut self, word: &str, rest: &str) -> Counts {
        if matches!(word, "ifdef" | "ifndef") {
            let name = self.makefile.expanded(rest, self.host);
            let own = self.makefile.variable(name.trim()).map(|v| v.text.clone());
            let value = own.or_else(|| self.host.variable(name.trim()));
            let set = value.is_some_and(|value| !value.is_empty());
            return if set == (word == "ifdef") {
                Counts::Yes
            } else {
                Counts::No
            };
        }
        let sides = match rest.strip_prefix('(') {
            Some(inner) => {
                let inner = inner.trim_end();
                let inner = inner.strip_suffix(')').unwrap_or(inner);
                let sides = arguments(inner, 2);
                sides.iter().map(|side| side.trim().to_owned()).collect()
            }
            None => quoted(rest),
        };
        let [left, right] = sides.as_slice() else {
            return Counts::Maybe;
        };
        let left = self.makefile.expanded(left, self.host);
        let right = self.makefile.expanded(right, self.host);
        let equal = |a: char, b: char| a == b;
        let same = match (unknown::is_known(&left), unknown::is_known(&right)) {
            _ if left == right => Some(true),
            (true, true) => Some(false),
            (false, true) if !unknown::could_equal(&left, &right, equal) => Some(false),
            (true, false) if !unknown::could_equal(&right, &left, equal) => Some(false),
            _ => None,
        };
        match same {
            None => Counts::Maybe,
            Some(same) if same == (word == "ifeq") => Counts::Yes,
            Some(_) => Counts::No,
        }
    }

    fn recipe(&mut self, text: &str, at: Range<usize>) {
        for number in self.targets.clone() {
            if let Some(rule) = self.makefile.rules.get_mut(number) {
                rule.recipe.push(Written {
                    text: text.to_owned(),
                    at: self.placed.then(|| at.clone()),
                });
            }
        }
    }

    fn rule(&mut self, text: &str, at: Range<usize>) {
        let (head, recipe) = match text.split_once(';') {
            Some((head, recipe)) => (head, Some(recipe)),
            None => (text, None),
        };
        let Some(colon) = colon(head) else {
            // A line that is all expansion may give further lines.
            let expanded = self.makefile.expanded(text, self.host);
            if expanded != text && !expanded.trim().is_empty() {
                read_text(self.makefile, &expanded, None, self.host, self.depth + 1);
            }
            return;
        };
        let targets = head.get(..colon).unwrap_or_default();
        let targets = self.makefile.expanded(targets, self.host);
        let targets: Vec<String> = targets.split_whitespace().map(str::to_owned).collect();
        let needs = head
            .get(colon + 1..)
            .unwrap_or_default()
            .trim_start_matches(':');
        self.targets.clear();
        if let Some((name, how, value)) = assignment(needs) {
            let name = name.trim_start_matches("export ").trim().to_owned();
            for target in targets {
                let mut own = self.makefile.of_targets.iter().rev();
                let own = own.find(|(t, n, _)| *t == target && *n == name);
                let before = own.map(|(_, _, variable)| variable.clone());
                let before = before.or_else(|| self.makefile.variable(&name).cloned());
                let made = self.makefile.assigned(before, how, value, self.host);
                let made = made.map(|made| (target, name.clone(), made));
                self.makefile.of_targets.extend(made);
            }
            return;
        }
        let needs = self.makefile.expanded(needs, self.host);
        // A static pattern: each target fills the pattern of the needs.
        let (pattern, needs) = match needs.split_once(':') {
            Some((pattern, needs)) => (Some(pattern.trim().to_owned()), needs.to_owned()),
            None => (None, needs),
        };
        for target in targets {
            if target == ".ONESHELL" {
                self.makefile.one_shell = true;
            }
            let stem = pattern
                .as_deref()
                .and_then(|p| super::words::stem(p, &target));
            let needs = needs.split_whitespace().filter(|need| *need != "|");
            let needs = needs.map(|need| match stem {
                Some(stem) => super::words::filled(need, stem),
                None => need.to_owned(),
            });
            let rule = Rule {
                needs: needs.collect(),
                target,
                recipe: Vec::new(),
            };
            self.targets.push(self.makefile.rules.len());
            self.makefile.rules.push(rule);
        }
        if let Some(recipe) = recipe {
            self.recipe(recipe.trim_start(), at);
        }
    }
}

/// The colon of a rule, outside of brackets.
fn colon(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut signs = text.char_indices();
    let found = signs.find(|(_, c)| {
        match c {
            '(' | '{' => depth += 1,
            ')' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && *c == ':'
    });
    found.map(|(at, _)| at)
}

/// The two texts of `"a" "b"`.
fn quoted(text: &str) -> Vec<String> {
    let mut sides = Vec::new();
    let mut rest = text.trim();
    while let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        let inner = rest.get(1..).unwrap_or_default();
        let Some((side, after)) = inner.split_once(quote) else {
            break;
        };
        sides.push(side.to_owned());
        rest = after.trim_start();
    }
    sides
}
