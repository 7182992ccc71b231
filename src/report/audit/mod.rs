//! Audits as people and programs read them: the grid of versions by variants with the channels on
//! top, and the findings below it.

pub mod grid;
pub mod html;
pub mod human;
pub mod json;
pub mod markdown;
pub mod sarif;

use std::time::Duration;

use super::counted;
use crate::audit::Audit;
use crate::finding::{Finding, Level};
use crate::project::Project;

/// What a registry says of how many pulls it still allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Allowance {
    /// Pulls allowed in a window.
    pub limit: u64,
    /// Pulls left in it.
    pub remaining: u64,
    /// The window, in seconds; 0 where it is not told.
    pub window: u64,
}

/// Everything that an audit came to.
#[derive(Debug)]
pub struct Sheet<'a> {
    /// The policies, and a file for each image at which its findings stand.
    pub project: &'a Project,
    /// The images, in the order of their files.
    pub audits: &'a [Audit],
    /// The findings, image by image.
    pub findings: &'a [Finding],
    /// Images that could not be looked at, and why.
    pub failures: &'a [(String, String)],
    /// Requests sent.
    pub requests: usize,
    /// What the registry still allows, where it says so.
    pub allowance: Option<Allowance>,
    /// How long it took, where that is told.
    pub elapsed: Option<Duration>,
}

impl Sheet<'_> {
    /// The findings about an image.
    pub fn findings_of(&self, audit: &Audit) -> impl Iterator<Item = &Finding> {
        let at = audit.at;
        self.findings.iter().filter(move |finding| finding.at == at)
    }

    /// How many findings have a level.
    #[must_use]
    pub fn count(&self, level: Level) -> usize {
        let findings = self.findings.iter();
        findings.filter(|finding| finding.level == level).count()
    }

    /// Images not seen as a whole, those not seen at all among them.
    #[must_use]
    pub fn partial(&self) -> usize {
        let audits = self.audits.iter();
        let partial = audits.filter(|audit| !audit.observed.is_whole()).count();
        partial + self.failures.len()
    }
}

/// The host and the size of an image: `docker.io · 12 versions × 3 variants`.
#[must_use]
pub fn size(audit: &Audit, dot: &str, times: &str) -> String {
    let image = &audit.observed.image;
    let host = image.split('/').next().unwrap_or(image);
    format!(
        "{host} {dot} {} {times} {}",
        counted(audit.releases.len(), "version"),
        counted(audit.scheme.variants.len(), "variant"),
    )
}
