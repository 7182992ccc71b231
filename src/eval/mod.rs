//! What CI would do: values that may be unknown, expressions, matrices, tag lists, scripts.
//!
//! Nothing here reads a file or knows a rule. Each part takes text and contexts, and gives values;
//! what it cannot know it marks as [`unknown`] with the reason.

pub mod bake;
pub mod compose;
pub mod expr;
pub mod go_template;
pub mod goreleaser;
pub mod jq;
pub mod ko;
pub mod make;
pub mod matrix;
pub(crate) mod memo;
pub mod metadata;
pub(crate) mod recall;
pub mod shell;
pub mod unknown;
pub mod value;
