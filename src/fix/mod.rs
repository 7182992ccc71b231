//! Edits that mend findings: how they are spelled where they stand, whether they keep everything
//! else as it was, and how several are applied to one text. Which edit mends a finding is the rule's
//! business; what is written to disk, and when, that of the command.
//!
//! A rule writes an edit's text as the value has it. [`settle`] spells it for the scalar that it
//! stands in (quotes, escapes, indentation, line endings) and drops a fix after which the file would
//! not be the same tree apart from that scalar.

mod apply;
mod conflict;
mod settle;
mod spell;

pub use apply::{Applied, apply};
pub use settle::settle;

/// Whether a file is read as YAML, by its path; anything else is edited as text.
#[must_use]
pub fn is_yaml(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let lower = name.to_ascii_lowercase();
    let dockerfile = lower.contains("dockerfile") || lower.contains("containerfile");
    match extension.to_ascii_lowercase().as_str() {
        "yaml" | "yml" | "json" => true,
        "hcl" | "tf" | "env" | "sh" => false,
        _ => !dockerfile,
    }
}

#[cfg(test)]
mod tests;
