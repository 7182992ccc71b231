//! Making a goal: what it needs first, each thing once, then its recipe.

use std::collections::{BTreeMap, BTreeSet};

use super::words::{filled, stem};
use super::{Host, Line, Makefile, Origin, Rule, Variable, Written};

/// How long a chain of needs may be.
const DEPTH: usize = 60;

/// Makes a goal.
pub fn build(makefile: &mut Makefile, goal: &str, host: &mut dyn Host) {
    let mut made = BTreeSet::new();
    make(makefile, goal, goal, &mut made, host, 0);
}

/// The goal where none is named: the first target that is no special one.
pub fn default_goal(makefile: &mut Makefile, host: &mut dyn Host) -> Option<String> {
    let named = makefile.value(".DEFAULT_GOAL", host, 0);
    if !named.trim().is_empty() {
        return Some(named.trim().to_owned());
    }
    let mut rules = makefile.rules.iter();
    let plain = |rule: &&Rule| !rule.target.starts_with('.') && !rule.target.contains('%');
    rules.find(plain).map(|rule| rule.target.clone())
}

/// What is known of a target: its needs, its recipe, and what `%` stands for.
fn found(makefile: &Makefile, target: &str) -> (Vec<String>, Vec<Written>, String) {
    let mut needs: Vec<String> = Vec::new();
    let mut recipe = Vec::new();
    for rule in makefile.rules.iter().filter(|rule| rule.target == target) {
        let first = needs.is_empty() || rule.recipe.is_empty();
        let new: Vec<String> = rule
            .needs
            .iter()
            .filter(|n| !needs.contains(n))
            .cloned()
            .collect();
        if first {
            needs.extend(new);
        } else {
            // The needs of the rule with the recipe come first.
            needs = new.into_iter().chain(needs).collect();
        }
        if !rule.recipe.is_empty() {
            recipe.clone_from(&rule.recipe);
        }
    }
    if !recipe.is_empty() {
        return (needs, recipe, String::new());
    }
    let patterns = makefile
        .rules
        .iter()
        .filter(|rule| rule.target.contains('%') && !rule.recipe.is_empty());
    let fitting = patterns.filter_map(|rule| Some((stem(&rule.target, target)?, rule)));
    let best = fitting.min_by_key(|(stem, _)| stem.len());
    match best {
        Some((stem, rule)) if !stem.is_empty() => {
            needs.extend(rule.needs.iter().map(|need| filled(need, stem)));
            (needs, rule.recipe.clone(), stem.to_owned())
        }
        _ => (needs, recipe, String::new()),
    }
}

fn make(
    makefile: &mut Makefile,
    target: &str,
    goal: &str,
    made: &mut BTreeSet<String>,
    host: &mut dyn Host,
    depth: usize,
) {
    if depth > DEPTH || !makefile.step() || !made.insert(target.to_owned()) {
        return;
    }
    let (needs, recipe, stem) = found(makefile, target);
    let is_other = target != goal && stem.is_empty();
    let own = makefile.of_targets.iter().filter(|(own, ..)| own == target);
    let mut scope: BTreeMap<String, Variable> = own
        .map(|(_, name, variable)| (name.clone(), variable.clone()))
        .collect();
    makefile.scopes.push(scope.clone());
    for need in &needs {
        make(makefile, need, goal, made, host, depth + 1);
    }
    makefile.scopes.pop();
    for (name, text) in [
        ("@", target.to_owned()),
        ("<", needs.first().cloned().unwrap_or_default()),
        ("^", needs.join(" ")),
        ("?", needs.join(" ")),
        ("+", needs.join(" ")),
        ("*", stem),
        ("@D", folder(target)),
        (
            "@F",
            target.rsplit('/').next().unwrap_or_default().to_owned(),
        ),
    ] {
        let variable = Variable {
            text,
            simple: true,
            origin: Origin::Makefile,
        };
        scope.insert(name.to_owned(), variable);
    }
    makefile.scopes.push(scope);
    run(makefile, target, is_other, &recipe, host);
    makefile.scopes.pop();
}

fn folder(target: &str) -> String {
    target
        .rsplit_once('/')
        .map_or(".", |(folder, _)| folder)
        .to_owned()
}

fn run(
    makefile: &mut Makefile,
    target: &str,
    is_other: bool,
    recipe: &[Written],
    host: &mut dyn Host,
) {
    let mut exported = Vec::new();
    if !recipe.is_empty() {
        let mut names = makefile.exported.clone();
        if makefile.exports_all {
            names.extend(makefile.variables.keys().cloned());
        }
        names.sort();
        names.dedup();
        for name in names {
            if makefile.variable(&name).is_some() {
                let text = makefile.value(&name, host, 0);
                exported.push((name, text));
            }
        }
    }
    let mut lines: Vec<Written> = Vec::new();
    for line in recipe {
        let text = makefile.expanded(&line.text, host);
        // A `define` that stands alone in a line gives several.
        let several = text.contains('\n') && !line.text.contains('\n');
        let parts: Vec<&str> = if several {
            text.split('\n').collect()
        } else {
            vec![&text]
        };
        for part in parts {
            let part = part
                .trim_start()
                .trim_start_matches(['@', '-', '+', ' ', '\t']);
            if !part.is_empty() {
                lines.push(Written {
                    text: part.to_owned(),
                    at: line.at.clone(),
                });
            }
        }
    }
    if makefile.one_shell {
        let texts: Vec<&str> = lines.iter().map(|line| line.text.as_str()).collect();
        let text = texts.join("\n");
        let at = lines.first().and_then(|line| line.at.clone());
        lines = vec![Written { text, at }];
    }
    for line in &lines {
        host.recipe(&Line {
            target,
            text: &line.text,
            at: line.at.clone(),
            exported: &exported,
            is_other,
        });
    }
}
