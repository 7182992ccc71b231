//! A reference is pushed that nothing in the job tagged.

use super::published::quoted;
use super::{Check, Family, Reporter, Rule, rule};
use crate::finding::Level;
use crate::project::Project;

rule! {
    /// Reports a `docker push` of a name that nothing in the job gave to an image.
    ///
    /// ## What it does
    /// Follows the names that the builds and `docker tag` commands of a job give, and reports a
    /// push of another name of the same repository. Nothing is reported where something in the job
    /// may name images and is not read: `make`, a script, `docker load`, an unknown action.
    ///
    /// ## Why it matters
    /// The push fails, "image does not exist locally", and with it the release: most often after
    /// other tags went out already.
    ///
    /// ## Example
    /// ```yaml
    /// - run: |
    ///     docker build -t acme/app:1.2.3 .
    ///     docker push acme/app:1.2.3
    ///     docker push acme/app:latest
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// - run: |
    ///     docker build -t acme/app:1.2.3 -t acme/app:latest .
    ///     docker push --all-tags acme/app
    /// ```
    pub const UNTAGGED_PUSH: Rule = Rule {
        name: "untagged-push",
        family: Family::Scheme,
        level: Level::Error,
        check: Check::Project(check),
    };
}

fn check(project: &Project, report: &mut Reporter) {
    let mut told = Vec::new();
    for plan in project.plans.iter().filter(|plan| !plan.opaque) {
        for push in &plan.untagged {
            if told.contains(&push.at) {
                continue;
            }
            told.push(push.at);
            let names = quoted(push.tagged.iter().map(|(name, _)| name.as_str()));
            let message = format!(
                "`{}` is pushed, and nothing in the job tags it",
                push.reference
            );
            let mut finding = report
                .finding(push.at, message)
                .label(format!("the job has {names}"))
                .image(push.reference.clone())
                .help(format!(
                    "add `-t {}` to the build, or `docker tag` before the push",
                    push.reference
                ));
            if let Some((name, at)) = push.tagged.first() {
                finding = finding.related(*at, format!("tags `{name}`"));
            }
            if !push.certain {
                finding = finding.uncertain("whether it is pushed depends on something not known");
            }
            report.push(finding);
        }
    }
}
