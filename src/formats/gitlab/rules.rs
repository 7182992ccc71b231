//! `rules`: whether a job or a pipeline runs, and with which variables.

use super::expression::{self, Lookup};
use super::variables;
use crate::eval::unknown::{Mark, Unknowns};
use crate::eval::value::Truth;
use crate::formats::ci::event::{Event, Kind};
use crate::formats::ci::tree::Tree;
use crate::source::{FileId, Place};

/// What rules are asked about.
pub struct Asked<'a> {
    /// Their file.
    pub file: FileId,
    /// What happens.
    pub event: &'a Event,
    /// The variables that count for rules.
    pub lookup: Lookup<'a>,
    /// Where unknowns are noted.
    pub unknowns: &'a Unknowns,
}

/// What rules say.
pub struct Verdict {
    /// Whether it runs.
    pub runs: Truth,
    /// The variables of the rule that decides.
    pub variables: Vec<(String, String)>,
}

impl Asked<'_> {
    fn note(&self, what: &str, reason: &str, tree: &Tree) -> Mark {
        let place = Place {
            file: self.file,
            span: tree.span(),
        };
        self.unknowns.note_at(what, reason, Some(place))
    }

    /// Whether a list of changed files is met: always where nothing was pushed to a branch.
    #[must_use]
    pub fn changes(&self, tree: &Tree) -> Truth {
        match self.event.kind {
            Kind::Branch | Kind::PullRequest => {
                let reason = "it depends on the files that a change touches";
                Truth::Unknown(self.note("`changes`", reason, tree))
            }
            _ => Truth::True,
        }
    }

    fn holds(&self, rule: &Tree) -> Truth {
        let mut truth = Truth::True;
        if let Some(text) = rule.get("if").and_then(Tree::scalar) {
            let place = Place {
                file: self.file,
                span: text.span,
            };
            let before = self.unknowns.set_place(Some(place));
            truth = truth.and(expression::holds(&text.text, self.lookup, self.unknowns));
            self.unknowns.set_place(before);
        }
        if let Some(changes) = rule.get("changes") {
            truth = truth.and(self.changes(changes));
        }
        if let Some(exists) = rule.get("exists") {
            let reason = "it depends on the files of the repository";
            truth = truth.and(Truth::Unknown(self.note("`exists`", reason, exists)));
        }
        truth
    }

    /// Whether what `when` says runs when all goes well.
    #[must_use]
    pub fn when(&self, when: Option<&Tree>) -> Truth {
        let Some(when) = when else { return Truth::True };
        match when.scalar().map(|text| text.text.as_str()) {
            Some("never" | "on_failure") => Truth::False,
            Some("manual") => {
                Truth::Unknown(self.note("`when: manual`", "somebody has to start the job", when))
            }
            _ => Truth::True,
        }
    }

    /// The first rule that holds decides; where none does, nothing runs.
    #[must_use]
    pub fn decide(&self, rules: &Tree, default: Option<&Tree>) -> Verdict {
        let mut doubtful: Option<(Truth, Mark)> = None;
        let mut verdict = Verdict {
            runs: Truth::False,
            variables: Vec::new(),
        };
        for rule in flat(rules) {
            let holds = self.holds(rule);
            let runs = self.when(rule.get("when").or(default));
            match holds {
                Truth::False => continue,
                Truth::True => {
                    verdict
                        .variables
                        .extend(variables::block(rule.get("variables")));
                    verdict.runs = runs;
                }
                Truth::Unknown(mark) => {
                    for (name, _) in variables::block(rule.get("variables")) {
                        let reason = "a rule sets it that may not hold";
                        let what = format!("variables.{name}");
                        let text = self.note(&what, reason, rule).as_char().to_string();
                        verdict.variables.push((name, text));
                    }
                    // Rules that may hold, and all say the same, are as one.
                    doubtful = match doubtful {
                        None => Some((runs, mark)),
                        Some((before, first)) if before == runs => Some((before, first)),
                        Some((_, first)) => Some((Truth::Unknown(first), first)),
                    };
                    continue;
                }
            }
            break;
        }
        if let Some((runs, mark)) = doubtful
            && runs != verdict.runs
        {
            verdict.runs = Truth::Unknown(mark);
        }
        verdict
    }
}

/// Rules may stand in lists of their own.
fn flat(rules: &Tree) -> Vec<&Tree> {
    let mut all = Vec::new();
    for item in rules.items() {
        match item {
            Tree::Sequence(inner, _) => all.extend(inner.iter()),
            item => all.push(item),
        }
    }
    all
}
