//! A build whose Dockerfile is not in the repository.

use super::{Check, Family, Reporter, Rule, rule};
use crate::finding::Level;
use crate::project::Project;

rule! {
    /// Reports a build that names a Dockerfile which the repository does not hold.
    ///
    /// ## What it does
    /// Evaluates the `file` of each build for each matrix instance and looks for it under the
    /// repository's root. Only workflows in `.github/workflows` of a repository that holds some
    /// Dockerfile are looked at, and a Dockerfile that the job's own steps mention before is taken
    /// as made by them.
    ///
    /// ## Why it matters
    /// The build of that variant fails, and its tags stay behind while the others move on.
    ///
    /// ## Example
    /// A matrix over `["", "-slim"]` with `file: Dockerfile${{ matrix.suffix }}`, and no
    /// `Dockerfile-slim`.
    ///
    /// ## Use instead
    /// Add the file, or take the variant out of the matrix.
    pub const MISSING_DOCKERFILE: Rule = Rule {
        name: "missing-dockerfile",
        family: Family::Scheme,
        level: Level::Error,
        check: Check::Project(check),
    };
}

fn check(project: &Project, report: &mut Reporter) {
    let mut told = Vec::new();
    for build in project.plans.iter().flat_map(|plan| &plan.builds) {
        let (Some(file), Some(at)) = (&build.dockerfile, build.dockerfile_at) else {
            continue;
        };
        if build.dockerfile_exists != Some(false) || told.contains(&(at, file)) {
            continue;
        }
        told.push((at, file));
        let mut finding = report
            .finding(at, format!("the repository has no `{file}`"))
            .label(format!("named for {}", build.name()))
            .help("add the file, or take this variant out");
        if let Some(matrix) = build.matrix_at {
            finding = finding.related(matrix, "the matrix that names the variants");
        }
        report.push(finding);
    }
}
