//! An image is pushed by digest, and no later step gives the digest a tag.

use super::{Check, Family, Reporter, Rule, rule};
use crate::facts::{Build, DigestPush, Plan, Scenario};
use crate::finding::Level;
use crate::project::Project;

rule! {
    /// Reports a push by digest without a later step that tags the digest.
    ///
    /// ## What it does
    /// For each build with `push-by-digest=true`, looks in the same run of the workflow for a step
    /// that makes an index of that image: `docker buildx imagetools create`, `docker manifest
    /// create`, a copy. On other events than a release it is enough that some event has one.
    ///
    /// ## Why it matters
    /// The image is in the registry and has no name: nobody can pull it without knowing its digest,
    /// and the registry's next clean-up removes it.
    ///
    /// ## Example
    /// ```yaml
    /// - uses: docker/build-push-action@v6
    ///   with:
    ///     outputs: type=image,name=acme/app,push-by-digest=true,push=true
    /// ```
    /// in a job for each platform, with no job after them.
    ///
    /// ## Use instead
    /// ```yaml
    /// merge:
    ///   needs: build
    ///   steps:
    ///     - run: docker buildx imagetools create -t acme/app:1.2.3 acme/app@sha256:…
    /// ```
    pub const UNMERGED_DIGEST: Rule = Rule {
        name: "unmerged-digest",
        family: Family::Scheme,
        level: Level::Warning,
        check: Check::Project(check),
    };
}

fn check(project: &Project, report: &mut Reporter) {
    let mut told = Vec::new();
    for plan in project.plans.iter().filter(|plan| !plan.opaque) {
        for push in &plan.digests {
            let release = plan.scenario == Scenario::Release;
            let mut others = project.plans.iter().filter(|other| other.file == plan.file);
            let elsewhere = !release && others.any(|other| other.opaque || merges(other, push));
            if merges(plan, push) || elsewhere || told.contains(&push.at) {
                continue;
            }
            told.push(push.at);
            tell(plan, push, report);
        }
    }
}

/// Whether something in a run joins or copies this image under a tag.
fn merges(plan: &Plan, push: &DigestPush) -> bool {
    let name = |image: &str| image.rsplit('/').next().unwrap_or_default().to_owned();
    let wanted = name(&push.image_key);
    plan.publications.iter().any(|publication| {
        let joins = plan
            .builds
            .get(publication.build)
            .is_some_and(|build| build.joins);
        let own = name(&publication.image_key);
        // An unknown name may be this one.
        joins && (own == wanted || own.contains('{') || wanted.contains('{'))
    })
}

fn tell(plan: &Plan, push: &DigestPush, report: &mut Reporter) {
    let message = format!(
        "`{}` is pushed by digest, and nothing gives the digest a tag",
        push.image_key
    );
    let mut finding = report
        .finding(push.at, message)
        .label(match plan.builds.get(push.build).map(Build::name) {
            Some(name) => format!("pushed by {name}, under no tag"),
            None => "pushed under no tag".to_owned(),
        })
        .image(push.image_key.clone())
        .help(format!(
            "join the digests in a later job: `docker buildx imagetools create -t {}:TAG {}@DIGEST …`",
            push.image_key, push.image_key
        ));
    if !push.certain {
        finding = finding.uncertain("whether it is pushed depends on something not known");
    }
    report.push(finding);
}
