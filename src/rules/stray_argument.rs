//! An image name that stands where the build context belongs.

use super::{Check, Family, Reporter, Rule, rule};
use crate::finding::{Applicability, Edit, Level};
use crate::project::Project;
use crate::source::{Place, Span};

rule! {
    /// Reports a second positional argument of `docker build`, which was meant as a tag.
    ///
    /// ## What it does
    /// Reads the arguments of `docker build` and its relatives as the command does. Only one may
    /// stand by itself: the build context.
    ///
    /// ## Why it matters
    /// The command is refused, and nothing is built or pushed.
    ///
    /// ## Example
    /// ```sh
    /// docker buildx build -t acme/app:1.2.3 acme/app:latest . --push
    /// ```
    ///
    /// ## Use instead
    /// ```sh
    /// docker buildx build -t acme/app:1.2.3 -t acme/app:latest . --push
    /// ```
    pub const STRAY_ARGUMENT: Rule = Rule {
        name: "stray-argument",
        family: Family::Scheme,
        level: Level::Error,
        check: Check::Project(check),
    };
}

fn check(project: &Project, report: &mut Reporter) {
    let mut told = Vec::new();
    for stray in project.plans.iter().flat_map(|plan| &plan.strays) {
        if told.contains(&stray.at) {
            continue;
        }
        told.push(stray.at);
        let argument = &stray.argument;
        let message = if stray.looks_like_reference {
            format!("`{argument}` is no tag here: the build is refused and publishes nothing")
        } else {
            format!("`{argument}` is one argument too many: the build is refused")
        };
        let context = stray.context.as_deref().unwrap_or(".");
        let help = if stray.looks_like_reference {
            format!("write `-t {argument}`")
        } else {
            format!("leave only the build context, `{context}`, without an option before it")
        };
        let mut finding = report
            .finding(stray.at, message)
            .label("stands where only the build context may stand")
            .help(help);
        // The command is refused as it stands: with its context there, the tag can only be meant so.
        if stray.looks_like_reference && stray.context.is_some() {
            let at = Place {
                span: Span::at(stray.at.span.start),
                ..stray.at
            };
            let text = "-t ".to_owned();
            finding = finding.fix(Applicability::Safe, vec![Edit { at, text }]);
        }
        report.push(finding);
    }
}
