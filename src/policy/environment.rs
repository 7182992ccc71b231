//! What a file deploys to, and what says so.

/// What a file deploys to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Environment {
    /// Somebody relies on it.
    Production,
    /// A rehearsal of production.
    Staging,
    /// A developer's machine, a test, an example.
    Development,
    /// A job of a CI system.
    Ci,
    /// Nothing says.
    Unknown,
}

impl Environment {
    /// The word for it, as in the policy and in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Production => "production",
            Self::Staging => "staging",
            Self::Development => "development",
            Self::Ci => "ci",
            Self::Unknown => "unknown",
        }
    }
}
