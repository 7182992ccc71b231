//! Runs the rules over a project and puts their findings in order.

use rayon::prelude::*;

use super::{Check, Family, RULES, Reporter, Rule};
use crate::finding::{Finding, Level};
use crate::fix;
use crate::project::Project;
use crate::source::FileId;

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

    /// The level at which a rule runs, where a policy gives it one or none: what is selected and
    /// ignored by name wins over the policy, and the policy over the rule.
    #[must_use]
    pub fn level(&self, rule: &Rule, policy: Option<Level>) -> Level {
        let level = policy.unwrap_or(rule.level);
        let named = |list: &[String]| {
            list.iter()
                .any(|name| name == "all" || name == rule.name || name == rule.family.name())
        };
        let by_name = self.names(rule);
        if named(&self.ignore) && !by_name {
            return Level::Off;
        }
        match (self.select.is_empty(), named(&self.select)) {
            (true, _) => level,
            (false, false) => Level::Off,
            // A rule that is off runs once it is asked for by name.
            (false, true) if by_name && level == Level::Off => rule.level.max(Level::Warning),
            (false, true) => level,
        }
    }

    /// Whether a rule is selected by its own name.
    fn names(&self, rule: &Rule) -> bool {
        self.select.iter().any(|name| name == rule.name)
    }
}

/// The rule whose name differs least from a word.
#[must_use]
pub fn nearest(word: &str) -> Option<&'static str> {
    crate::nearest::nearest(word, RULES.iter().map(|rule| rule.name))
}

/// All findings, sorted by file and place, each once.
#[must_use]
pub fn run(project: &Project, selection: &Selection) -> Vec<Finding> {
    run_for(project, selection, &|_| true)
}

/// The same for somebody who only wants the fixes of some files: those of others are dropped.
#[must_use]
pub fn run_for(
    project: &Project,
    selection: &Selection,
    wanted: &dyn Fn(FileId) -> bool,
) -> Vec<Finding> {
    let images = project.images();
    let check = |rule: &Rule| -> Vec<Finding> {
        let Some(mut report) = reporter(project, selection, rule) else {
            return Vec::new();
        };
        match rule.check {
            Check::Image(check) => images.iter().for_each(|image| check(image, &mut report)),
            Check::Project(check) => check(project, &mut report),
            Check::Use(check) => project.judged().for_each(|found| check(found, &mut report)),
            Check::Audit(_) => {}
            Check::Reader => read_faults(project, rule, &mut report),
        }
        let mut found = report.into_findings();
        found.retain(|finding| is_told(project, rule, finding));
        found
    };
    let by_rule: Vec<Vec<Finding>> = RULES.par_iter().map(check).collect();
    let mut findings: Vec<Finding> = by_rule.into_iter().flatten().collect();
    findings.sort_by(|a, b| {
        let key = |f: &Finding| (f.at, std::cmp::Reverse(f.level), f.rule);
        key(a).cmp(&key(b)).then_with(|| a.message.cmp(&b.message))
    });
    let mut findings = merge_images(findings);
    let others = findings.iter_mut().filter(|one| !wanted(one.at.file));
    others.for_each(|finding| finding.fix = None);
    fix::settle(project, &mut findings);
    findings
}

/// A reporter that knows the level of a rule in every file; `None` where it is off in all of them.
pub(super) fn reporter<'p>(
    project: &'p Project,
    selection: &Selection,
    rule: &Rule,
) -> Option<Reporter<'p>> {
    // A policy that is refused says so, whatever is selected.
    if rule.name == "invalid-policy" {
        return Some(Reporter::new(project, rule.name, rule.level));
    }
    let mut report = Reporter::new(project, rule.name, selection.level(rule, None));
    if !project.policies.sound.is_empty() {
        let files = (0..project.sources.len()).map(|index| u32::try_from(index).map(FileId));
        for file in files.flatten() {
            let policy = project.policy_level(file, rule.name);
            let level = policy.map(|level| selection.level(rule, Some(level)));
            let implied = project.only_where_required(file, rule.name) && !selection.names(rule);
            report.in_file(level, implied);
        }
    }
    report.is_on().then_some(report)
}

/// Whether a finding is told: its rule is on where it stands, no policy allows it, and the policy
/// of its file, if there is one, is sound.
pub(super) fn is_told(project: &Project, rule: &Rule, finding: &Finding) -> bool {
    if finding.level == Level::Off {
        return false;
    }
    if matches!(rule.name, "invalid-policy" | "expired-exception") {
        return true;
    }
    let refused = rule.family != Family::File && project.is_refused(finding.at.file);
    let image = finding.image.as_deref();
    !refused && project.exception(rule.name, finding.at, image).is_none()
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

/// Whether both stand at the end of one and the same way from an event.
fn same_step(one: &Finding, other: &Finding) -> bool {
    !one.chain.is_empty() && one.chain == other.chain
}

/// One step of a workflow often pushes the same tag to several registries: that is one finding,
/// which names the others.
fn merge_images(findings: Vec<Finding>) -> Vec<Finding> {
    let mut merged: Vec<Finding> = Vec::with_capacity(findings.len());
    for finding in findings {
        let same = merged.iter_mut().rev().take(64).find(|known| {
            known.rule == finding.rule
                && (known.at == finding.at || same_step(known, &finding))
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
                .level(rule, None)
        };
        assert_eq!(of(&[], &[]), Level::Error);
        assert_eq!(of(&["pin"], &[]), Level::Off);
        assert_eq!(of(&["scheme"], &[]), Level::Error);
        assert_eq!(of(&[], &["scheme"]), Level::Off);
        assert_eq!(of(&["contested-tag"], &["scheme"]), Level::Error);
    }

    #[test]
    fn the_command_line_wins_over_the_policy() {
        let rule = crate::rules::find("floating-tag").unwrap();
        let of = |select: &[&str], ignore: &[&str], policy| {
            let own = |list: &[&str]| list.iter().map(|s| (*s).to_owned()).collect::<Vec<_>>();
            let selection = Selection::new(&own(select), &own(ignore)).unwrap();
            selection.level(rule, policy)
        };
        assert_eq!(of(&[], &[], Some(Level::Error)), Level::Error);
        assert_eq!(of(&[], &[], Some(Level::Off)), Level::Off);
        assert_eq!(of(&["floating-tag"], &[], Some(Level::Off)), Level::Warning);
        assert_eq!(of(&["pin"], &[], Some(Level::Off)), Level::Off);
        assert_eq!(of(&[], &["floating-tag"], Some(Level::Error)), Level::Off);
    }
}
