//! The rules: one file each, and this one table of them.
//!
//! A rule sees resolved facts and gives findings. It reads no file, parses nothing, and knows no
//! output format. Its doc comment is its page in the documentation.

mod absent_channel;
mod absent_platform;
mod absent_variant;
mod backport_moves_latest;
mod branch_moves_latest;
mod collapsed_variants;
mod constrained_variant;
mod contested_tag;
mod crossed_channel;
mod dead_tag_entry;
mod edits;
mod floating_tag;
mod invalid_reference;
mod invalid_version_moves_latest;
mod malformed_tag;
mod missing_dockerfile;
mod missing_latest;
mod missing_version;
mod moved_version;
mod orphan_channel;
mod partial_version;
mod pins;
mod policy_faults;
mod prerelease_moves_latest;
mod published;
mod read_faults;
mod retired_variant;
mod run;
mod run_audits;
mod stale_channel;
mod stale_pull_policy;
mod stray_argument;
mod undeclared_variant;
mod uneven_platforms;
mod uneven_versions;
mod unknown_variant;
mod unmerged_digest;
mod unpinned_digest;
mod unset_variable;
mod unsigned;
mod untagged_image;
mod untagged_push;
mod unused_suppression;
mod version_drift;
mod wrong_source;
mod wrong_variant;

use crate::audit::Audit;
use crate::facts::ImageUse;
use crate::finding::{Finding, Level};
use crate::project::{Project, ResolvedImage};
use crate::source::{FileId, Place};

/// Every rule there is.
pub const RULES: &[Rule] = &[
    backport_moves_latest::BACKPORT_MOVES_LATEST,
    branch_moves_latest::BRANCH_MOVES_LATEST,
    collapsed_variants::COLLAPSED_VARIANTS,
    contested_tag::CONTESTED_TAG,
    dead_tag_entry::DEAD_TAG_ENTRY,
    invalid_version_moves_latest::INVALID_VERSION_MOVES_LATEST,
    malformed_tag::MALFORMED_TAG,
    missing_dockerfile::MISSING_DOCKERFILE,
    missing_latest::MISSING_LATEST,
    missing_version::MISSING_VERSION,
    prerelease_moves_latest::PRERELEASE_MOVES_LATEST,
    stray_argument::STRAY_ARGUMENT,
    undeclared_variant::UNDECLARED_VARIANT,
    uneven_platforms::UNEVEN_PLATFORMS,
    uneven_versions::UNEVEN_VERSIONS,
    unmerged_digest::UNMERGED_DIGEST,
    untagged_push::UNTAGGED_PUSH,
    wrong_variant::WRONG_VARIANT,
    floating_tag::FLOATING_TAG,
    partial_version::PARTIAL_VERSION,
    unset_variable::UNSET_VARIABLE,
    untagged_image::UNTAGGED_IMAGE,
    constrained_variant::CONSTRAINED_VARIANT,
    unknown_variant::UNKNOWN_VARIANT,
    unpinned_digest::UNPINNED_DIGEST,
    version_drift::VERSION_DRIFT,
    stale_pull_policy::STALE_PULL_POLICY,
    absent_channel::ABSENT_CHANNEL,
    absent_platform::ABSENT_PLATFORM,
    absent_variant::ABSENT_VARIANT,
    crossed_channel::CROSSED_CHANNEL,
    moved_version::MOVED_VERSION,
    orphan_channel::ORPHAN_CHANNEL,
    retired_variant::RETIRED_VARIANT,
    stale_channel::STALE_CHANNEL,
    unsigned::UNSIGNED,
    policy_faults::EXPIRED_EXCEPTION,
    policy_faults::INVALID_POLICY,
    read_faults::INVALID_YAML,
    read_faults::INVALID_WORKFLOW,
    read_faults::INVALID_KUSTOMIZATION,
    invalid_reference::INVALID_REFERENCE,
    read_faults::UNREADABLE_FILE,
    unused_suppression::UNUSED_SUPPRESSION,
];

/// The rule of this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Rule> {
    RULES.iter().find(|rule| rule.name == name)
}

/// What a rule looks after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// What CI publishes, against the variant scheme.
    Scheme,
    /// What production runs.
    Pin,
    /// What a registry holds.
    Registry,
    /// Whether a file can be read as what it is.
    File,
}

impl Family {
    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Scheme => "scheme",
            Self::Pin => "pin",
            Self::Registry => "registry",
            Self::File => "file",
        }
    }
}

/// What a rule is given.
#[derive(Clone, Copy)]
pub enum Check {
    /// Every published image by itself.
    Image(fn(&ResolvedImage<'_>, &mut Reporter)),
    /// Everything at once.
    Project(fn(&Project, &mut Reporter)),
    /// Every image use by itself.
    Use(fn(&ImageUse, &mut Reporter)),
    /// Every image as its registry shows it, by `taglint audit`.
    Audit(fn(&Audit, &mut Reporter)),
    /// Nothing: the reader of the file reports it.
    Reader,
}

/// A rule: what it is called, how grave it is, what it says of itself, and its check.
pub struct Rule {
    /// Its name, in kebab case.
    pub name: &'static str,
    /// What it looks after.
    pub family: Family,
    /// Its level where nothing says otherwise.
    pub level: Level,
    /// Its page, in Markdown; the first line says what it reports.
    pub docs: &'static str,
    /// Its check.
    pub check: Check,
}

impl Rule {
    /// What it reports, in one line.
    #[must_use]
    pub fn summary(&self) -> &'static str {
        let mut lines = self.docs.lines().map(str::trim);
        let text = |line: &&str| !line.is_empty() && !line.starts_with('#');
        lines.find(text).unwrap_or_default()
    }
}

/// Declares a rule whose doc comment is kept as its page.
macro_rules! rule {
    (
        $(#[doc = $line:literal])*
        pub const $constant:ident: $rule:ident = $same:ident {
            name: $name:literal,
            family: $family:expr,
            level: $level:expr,
            check: $check:expr $(,)?
        };
    ) => {
        $(#[doc = $line])*
        pub const $constant: $rule = $same {
            name: $name,
            family: $family,
            level: $level,
            docs: concat!($($line, "\n"),*),
            check: $check,
        };
    };
}
pub(crate) use rule;
pub use run::{Selection, nearest, run, run_for};
pub use run_audits::run_audits;

/// Takes the findings of one rule.
pub struct Reporter<'p> {
    project: &'p Project,
    rule: &'static str,
    level: Level,
    /// By file, in the order of their ids: the level that a policy gives there, and whether the
    /// rule is on only where the policy requires what it looks for.
    files: Vec<(Option<Level>, bool)>,
    findings: Vec<Finding>,
}

impl<'p> Reporter<'p> {
    /// A reporter for a rule at a level.
    #[must_use]
    pub fn new(project: &'p Project, rule: &'static str, level: Level) -> Self {
        Self {
            project,
            rule,
            level,
            files: Vec::new(),
            findings: Vec::new(),
        }
    }

    /// Says of the next file which level its policy gives the rule.
    fn in_file(&mut self, level: Option<Level>, implied: bool) {
        self.files.push((level, implied));
    }

    /// Whether the rule is on anywhere.
    fn is_on(&self) -> bool {
        let on = |level: Level| level != Level::Off;
        on(self.level) || self.files.iter().any(|(level, _)| level.is_some_and(on))
    }

    /// Whether the rule is on in a file only because its policy requires what the rule looks for.
    fn is_implied(&self, file: FileId) -> bool {
        self.files
            .get(file.0 as usize)
            .is_some_and(|(_, implied)| *implied)
    }

    /// The level of the rule in a file.
    #[must_use]
    pub fn level(&self, file: FileId) -> Level {
        let own = self.files.get(file.0 as usize);
        own.and_then(|(level, _)| *level).unwrap_or(self.level)
    }

    /// Starts a finding of this rule at its level; hand it to [`Reporter::push`] when complete.
    #[must_use]
    pub fn finding(&self, at: Place, message: impl Into<String>) -> Finding {
        Finding::new(self.rule, self.level(at.file), at, message)
    }

    /// Everything that the run knows: for fixes, which look at what the file says around a place,
    /// and at what other files say of the same image.
    #[must_use]
    pub fn project(&self) -> &'p Project {
        self.project
    }

    /// Takes a finding.
    pub fn push(&mut self, mut finding: Finding) {
        finding.shorten();
        self.findings.push(finding);
    }

    /// The findings taken.
    #[must_use]
    pub fn into_findings(self) -> Vec<Finding> {
        self.findings
    }
}
