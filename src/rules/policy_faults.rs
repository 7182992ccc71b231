//! What is wrong with a policy itself: its faults, and exceptions that are over.

use super::{Check, Family, Reporter, Rule, rule};
use crate::finding::Level;
use crate::project::Project;

rule! {
    /// Reports what is wrong with a policy, `taglint.yaml`.
    ///
    /// ## What it does
    /// Reports every fault of a policy at its place: keys and words that are not known, with the
    /// nearest that is, values of a wrong kind, rules that do not exist, globs that are none,
    /// variants that could not be told apart, days that do not exist, two policies in one folder.
    /// It runs whatever is selected, and the exit status is 2.
    ///
    /// ## Why it matters
    /// A policy with a fault is refused as a whole, since half of it may say the opposite of what
    /// was meant. Nothing else is said of the files that it governs until it is mended.
    ///
    /// ## Example
    /// ```yaml
    /// version: 1
    /// enviroments:
    ///   production: { require: digests }
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// version: 1
    /// environments:
    ///   production: { require: digest }
    /// ```
    pub const INVALID_POLICY: Rule = Rule {
        name: "invalid-policy",
        family: Family::File,
        level: Level::Error,
        check: Check::Reader,
    };
}

rule! {
    /// Reports an exception of a policy whose last day is past.
    ///
    /// ## What it does
    /// An entry of `allow` with `until` holds through that day, in UTC. From the next day on it
    /// allows nothing any more, and is reported.
    ///
    /// ## Why it matters
    /// The day was set so that somebody would look at it again.
    ///
    /// ## Example
    /// ```yaml
    /// allow:
    ///   - { image: "registry.local/**", reason: "until the mirror is up", until: 2020-01-31 }
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// allow:
    ///   - { image: "registry.local/**", reason: "until the mirror is up", until: 2099-01-31 }
    /// ```
    pub const EXPIRED_EXCEPTION: Rule = Rule {
        name: "expired-exception",
        family: Family::File,
        level: Level::Warning,
        check: Check::Project(expired),
    };
}

fn expired(project: &Project, report: &mut Reporter) {
    let Some(today) = project.policies.today else {
        return;
    };
    let policies = project.policies.sound.iter();
    for allow in policies.flat_map(|policy| &policy.allow) {
        let Some(until) = allow.until.filter(|_| allow.is_expired(today)) else {
            continue;
        };
        let message = format!("the exception for {} ended on {until}", allow.subject());
        let finding = report
            .finding(allow.at, message)
            .label("allows nothing any more")
            .note(format!("its reason was: {}", allow.reason))
            .help("give it a later day if the reason still holds, and remove it if not");
        report.push(finding);
    }
}
