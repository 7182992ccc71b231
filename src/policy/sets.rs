//! Compose files that a policy says are loaded together.

use super::Environment;
use crate::source::Place;

/// Files that one `docker compose` command loads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ComposeSet {
    /// The files that `-f` names, from the policy's folder, each with its place in the policy.
    pub files: Vec<(String, Place)>,
    /// The files that `--env-file` names, likewise.
    pub env_files: Vec<(String, Place)>,
    /// What the set deploys to, where that is declared.
    pub environment: Option<Environment>,
}
