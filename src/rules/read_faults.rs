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
