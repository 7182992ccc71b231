//! Why a registry gave no answer that can be used.

use std::time::Duration;

use thiserror::Error;

use crate::image::Digest;

/// Why a registry gave no answer that can be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RegistryError {
    /// There is no such repository, or it is hidden from who asks.
    #[error("{host} has no repository `{path}`, or hides it: `docker login {host}` may show it")]
    NoRepository {
        /// The registry.
        host: String,
        /// The repository.
        path: String,
    },
    /// The registry wants other credentials.
    #[error("{host} refuses access to `{path}`: {reason}")]
    Unauthorized {
        /// The registry.
        host: String,
        /// The repository.
        path: String,
        /// What was tried.
        reason: String,
    },
    /// Too many requests, for longer than the run may take.
    #[error("{host} allows no more requests for now{}", asked_wait(*.wait))]
    RateLimited {
        /// The registry.
        host: String,
        /// How long it asks to wait, where it says so.
        wait: Option<Duration>,
    },
    /// An answer with a status that has no use.
    #[error("{host} answered with status {status}{}", told(.reason))]
    Status {
        /// The host.
        host: String,
        /// The status.
        status: u16,
        /// What it said, cut short.
        reason: String,
    },
    /// No answer, or half of one.
    #[error("{host} cannot be reached: {reason}")]
    Unreachable {
        /// The host.
        host: String,
        /// Why.
        reason: String,
    },
    /// An answer that is not what the API says.
    #[error("{host} sent what cannot be used: {reason}")]
    Malformed {
        /// The host.
        host: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Content that is not what its digest names.
    #[error("{host} sent content with the digest {found} for {wanted}: none of it is used")]
    Mismatch {
        /// The host.
        host: String,
        /// The digest asked for, or told beside the content.
        wanted: Digest,
        /// The digest of the content.
        found: Digest,
    },
    /// A place that must not be asked.
    #[error("{0}")]
    Forbidden(String),
    /// The time of the whole run is over.
    #[error("the time for asking registries is over (`--timeout`)")]
    OutOfTime,
    /// It was not asked for, as what failed before would have failed again.
    #[error("not asked for after that")]
    Skipped,
    /// The client cannot be set up.
    #[error("{0}")]
    Setup(String),
}

impl RegistryError {
    /// Whether whatever is asked next of the same registry would fail as well.
    #[must_use]
    pub fn is_lasting(&self) -> bool {
        matches!(
            self,
            Self::RateLimited { .. } | Self::OutOfTime | Self::Unreachable { .. }
        )
    }

    /// Whether whatever is asked next of the same image would fail as well.
    pub(super) fn is_lasting_for_image(&self) -> bool {
        self.is_lasting() || matches!(self, Self::Unauthorized { .. })
    }
}

fn asked_wait(wait: Option<Duration>) -> String {
    wait.map_or_else(String::new, |wait| {
        format!(": it asks to wait {} s", wait.as_secs())
    })
}

fn told(reason: &str) -> String {
    match reason {
        "" => String::new(),
        reason => format!(": {reason}"),
    }
}
