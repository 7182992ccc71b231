//! The rules: one file each, and this one table of them.
//!
//! A rule sees resolved facts and gives findings. It reads no file, parses nothing, and knows no
//! output format. Its doc comment is its page in the documentation.

mod contested_tag;
mod dead_tag_entry;
mod floating_tag;
mod malformed_tag;
mod missing_dockerfile;
mod missing_latest;
mod partial_version;
mod pins;
mod prerelease_moves_latest;
mod read_faults;
mod run;
mod stray_argument;
mod untagged_image;
mod unused_suppression;
mod wrong_variant;

use crate::facts::ImageUse;
use crate::finding::{Finding, Level};
use crate::project::{Project, ResolvedImage};

/// Every rule there is.
pub const RULES: &[Rule] = &[
    contested_tag::CONTESTED_TAG,
    dead_tag_entry::DEAD_TAG_ENTRY,
    malformed_tag::MALFORMED_TAG,
    missing_dockerfile::MISSING_DOCKERFILE,
    missing_latest::MISSING_LATEST,
    prerelease_moves_latest::PRERELEASE_MOVES_LATEST,
    stray_argument::STRAY_ARGUMENT,
    wrong_variant::WRONG_VARIANT,
    floating_tag::FLOATING_TAG,
    partial_version::PARTIAL_VERSION,
    untagged_image::UNTAGGED_IMAGE,
    read_faults::INVALID_YAML,
    read_faults::INVALID_WORKFLOW,
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
pub use run::{Selection, nearest, run};

/// Takes the findings of one rule.
pub struct Reporter<'p> {
    project: &'p Project,
    rule: &'static str,
    level: Level,
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
            findings: Vec::new(),
        }
    }

    /// Starts a finding of this rule at its level; hand it to [`Reporter::push`] when complete.
    #[must_use]
    pub fn finding(&self, at: crate::source::Place, message: impl Into<String>) -> Finding {
        Finding::new(self.rule, self.level, at, message)
    }

    /// Everything that the run knows: for fixes, which look at what the file says around a place,
    /// and at what other files say of the same image.
    #[must_use]
    pub fn project(&self) -> &'p Project {
        self.project
    }

    /// Takes a finding.
    pub fn push(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// The findings taken.
    #[must_use]
    pub fn into_findings(self) -> Vec<Finding> {
        self.findings
    }
}
