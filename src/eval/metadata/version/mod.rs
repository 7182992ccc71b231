//! Versions as the action's entries read them: strict semantic versions, and PEP 440.

pub(crate) mod pep440;
pub(crate) mod semver;
