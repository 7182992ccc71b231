//! Files that cannot be read as what they are: the readers find these, and report them here.

use super::{Check, Family, Rule, rule};
use crate::finding::Level;

rule! {
    /// Reports a YAML document that breaks off because of a syntax error.
    ///
    /// ## What it does
    /// Reads every document of a file. One that cannot be read is reported at the place where the
    /// fault was noticed; the other documents and the other files are still checked.
    ///
    /// ## Why it matters
    /// What the document deploys or publishes is not checked, and the tool that it is meant for
    /// will refuse it as well.
    ///
    /// ## Example
    /// ```yaml
    /// services: {web: {image: nginx:1.27.4}
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// services: {web: {image: nginx:1.27.4}}
    /// ```
    pub const INVALID_YAML: Rule = Rule {
        name: "invalid-yaml",
        family: Family::File,
        level: Level::Error,
        check: Check::Reader,
    };
}

rule! {
    /// Reports a workflow that cannot be run as it is written.
    ///
    /// ## What it does
    /// Reports `jobs` and `steps` of the wrong shape, matrices that GitHub refuses, and steps that
    /// fail for certain, such as docker/metadata-action with a type of tag that it does not know.
    ///
    /// ## Why it matters
    /// A job that fails publishes nothing, and its variant stays behind.
    ///
    /// ## Example
    /// ```yaml
    ///     tags: |
    ///       type=sha-debug
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    ///     tags: |
    ///       type=sha,suffix=-debug
    /// ```
    pub const INVALID_WORKFLOW: Rule = Rule {
        name: "invalid-workflow",
        family: Family::File,
        level: Level::Error,
        check: Check::Reader,
    };
}

rule! {
    /// Reports a kustomization that kustomize refuses to build.
    ///
    /// ## What it does
    /// Follows `resources`, `bases` and `components` over the files of the run, and reports what
    /// ends every build of them: a kustomization that leads back to itself or takes up a folder
    /// above its own, a component among `resources`, something else among `components`, and a
    /// folder with several kustomizations. What lies elsewhere is not looked at.
    ///
    /// ## Why it matters
    /// Nothing of it is deployed, and what runs stays at the state of the last build.
    ///
    /// ## Example
    /// ```yaml
    /// # base/kustomization.yaml
    /// resources: [../overlays/prod]
    /// # overlays/prod/kustomization.yaml
    /// resources: [../../base]
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// # base/kustomization.yaml
    /// resources: [deployment.yaml]
    /// ```
    pub const INVALID_KUSTOMIZATION: Rule = Rule {
        name: "invalid-kustomization",
        family: Family::File,
        level: Level::Error,
        check: Check::Reader,
    };
}

rule! {
    /// Reports a file that cannot be read as text.
    ///
    /// ## What it does
    /// Reports files that are not UTF-8, that are larger than 64 MiB, or that the operating system
    /// does not hand out. The other files are still checked.
    ///
    /// ## Why it matters
    /// What the file says is not checked.
    ///
    /// ## Example
    /// A manifest saved as UTF-16.
    ///
    /// ## Use instead
    /// Save it as UTF-8.
    pub const UNREADABLE_FILE: Rule = Rule {
        name: "unreadable-file",
        family: Family::File,
        level: Level::Error,
        check: Check::Reader,
    };
}
