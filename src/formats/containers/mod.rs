//! The containers that jobs of CI run in, and those that they start beside them.
//!
//! What such jobs publish is read elsewhere: here is only what they run.

pub mod github;
pub mod gitlab;

use super::uses::Holder;
use crate::facts::UseKind;
use crate::policy::{Environment, Evidence, Reason};
use crate::source::FileId;

/// The holder of what a job runs.
fn holder(file: FileId, kind: UseKind) -> Holder {
    Holder {
        file,
        kind,
        name: String::new(),
        environment: Environment::Ci,
        reason: Reason::Nature("a job of CI runs it"),
        evidence: Evidence::default(),
    }
}
