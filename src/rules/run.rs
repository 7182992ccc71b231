//! Runs the rules over a project and puts their findings in order.

use super::{Check, RULES, Reporter, Rule};
use crate::finding::{Finding, Level};
use crate::fix;
use crate::project::Project;

/// Which rules run, and at which level.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    select: Vec<String>,
    ignore: Vec<String>,
}

impl Selection {
    /// Rules by name or family; an empty `select` means all that are on.
    ///
    /// # Errors
    /// The first name that is neither a rule nor a family, with the nearest right one.
    pub fn new(select: &[String], ignore: &[String]) -> Result<Self, String> {
        for name in select.iter().chain(ignore) {
            let known = name == "all"
                || RULES
                    .iter()
                    .any(|rule| rule.name == name || rule.family.name() == name);
            if !known {
                let hint = nearest(name).map(|near| format!("; did you mean `{near}`?"));
                return Err(format!(
                    "there is no rule `{name}`{}",
                    hint.unwrap_or_default()
                ));
            }
        }
        Ok(Self {
            select: select.to_vec(),
            ignore: ignore.to_vec(),
        })
    }

    /// The level at which a rule runs.
    #[must_use]
    pub fn level(&self, rule: &Rule) -> Level {
        let named = |list: &[String]| {
            list.iter()
                .any(|name| name == "all" || name == rule.name || name == rule.family.name())
        };
        let by_name = self.select.iter().any(|name| name == rule.name);
        if named(&self.ignore) && !by_name {
            return Level::Off;
        }
        match (self.select.is_empty(), named(&self.select)) {
            (true, _) => rule.level,
            (false, false) => Level::Off,
            // A rule that is off by default runs once it is asked for by name.
            (false, true) if by_name && rule.level == Level::Off => Level::Warning,
            (false, true) => rule.level,
        }
    }
}

/// The rule whose name differs least from a word.
#[must_use]
pub fn nearest(word: &str) -> Option<&'static str> {
    let distances = RULES
        .iter()
        .map(|rule| (distance(word, rule.name), rule.name));
    let (distance, name) = distances.min()?;
    (distance <= word.len().div_ceil(2)).then_some(name)
}

/// Edits that lead from one word to the other.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, c) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (other, above) in b.iter().zip(row.iter_mut().skip(1)) {
            let replaced = diagonal + usize::from(*other != c);
            diagonal = *above;
            left = replaced.min(left + 1).min(*above + 1);
            *above = left;
        }
        if let Some(first) = row.first_mut() {
            *first = i + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}

/// All findings, sorted by file and place, each once.
#[must_use]
pub fn run(project: &Project, selection: &Selection) -> Vec<Finding> {
    let images = project.images();
    let mut findings = Vec::new();
    for rule in RULES {
        let level = selection.level(rule);
        if level == Level::Off {
            continue;
        }
        let mut report = Reporter::new(project, rule.name, level);
        match rule.check {
            Check::Image(check) => images.iter().for_each(|image| check(image, &mut report)),
            Check::Project(check) => check(project, &mut report),
            Check::Use(check) => project
                .uses
                .iter()
                .for_each(|found| check(found, &mut report)),
            Check::Reader => read_faults(project, rule, &mut report),
        }
        findings.extend(report.into_findings());
    }
    findings.sort_by(|a, b| {
        let key = |f: &Finding| (f.at, std::cmp::Reverse(f.level), f.rule);
        key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
    });
    let mut findings = merge_images(findings);
    fix::settle(project, &mut findings);
    findings
}

fn read_faults(project: &Project, rule: &Rule, report: &mut Reporter) {
    for fault in project
        .faults
        .iter()
        .filter(|fault| fault.rule == rule.name)
    {
        let mut finding = report.finding(fault.at, fault.message.as_str());
        finding.help.clone_from(&fault.help);
        report.push(finding);
    }
}

/// One line of a workflow often names the same image at several registries: that is one finding,
/// which names the others.
fn merge_images(findings: Vec<Finding>) -> Vec<Finding> {
    let mut merged: Vec<Finding> = Vec::with_capacity(findings.len());
    for finding in findings {
        let same = merged.iter_mut().rev().take(64).find(|known| {
            known.rule == finding.rule
                && known.at == finding.at
                && known.level == finding.level
                && tag_of(known) == tag_of(&finding)
                && known.image.is_some()
        });
        match (same, &finding.image) {
            (Some(known), Some(image)) => {
                let note = format!("the same holds for `{image}`");
                if known.image != finding.image && !known.notes.contains(&note) {
                    known.notes.push(note);
                }
            }
            _ => merged.push(finding),
        }
    }
    merged
}

fn tag_of(finding: &Finding) -> Option<&str> {
    let image = finding.image.as_deref()?;
    image.rsplit_once(':').map(|(_, tag)| tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_names_are_refused_with_the_nearest() {
        let error = Selection::new(&["contestedtag".to_owned()], &[]).unwrap_err();
        assert!(error.contains("`contested-tag`"), "{error}");
    }

    #[test]
    fn selection_goes_by_rule_and_family() {
        let rule = crate::rules::find("contested-tag").unwrap();
        let of = |select: &[&str], ignore: &[&str]| {
            let own = |list: &[&str]| list.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
            Selection::new(&own(select), &own(ignore))
                .unwrap()
                .level(rule)
        };
        assert_eq!(of(&[], &[]), Level::Error);
        assert_eq!(of(&["pin"], &[]), Level::Off);
        assert_eq!(of(&["scheme"], &[]), Level::Error);
        assert_eq!(of(&[], &["scheme"]), Level::Off);
        assert_eq!(of(&["contested-tag"], &["scheme"]), Level::Error);
    }
}
