//! An image that is no valid reference.

use super::{Check, Family, Reporter, Rule, pins, rule};
use crate::facts::{ImageUse, Resolved};
use crate::finding::Level;

rule! {
    /// Reports the text of an image that is no valid reference.
    ///
    /// ## What it does
    /// Checks every image that something runs against the grammar of references, once its variables
    /// have been filled in: names in lower case, one tag, a digest of the right length. Words in
    /// capitals (`APP_IMAGE`) stand for what a script fills in, and are left alone.
    ///
    /// ## Why it matters
    /// No engine pulls it: the container never starts.
    ///
    /// ## Example
    /// ```yaml
    /// image: Acme/App:1.2.3:latest
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// image: acme/app:1.2.3
    /// ```
    pub const INVALID_REFERENCE: Rule = Rule {
        name: "invalid-reference",
        family: Family::File,
        level: Level::Error,
        check: Check::Use(check),
    };
}

fn check(found: &ImageUse, report: &mut Reporter) {
    let Resolved::Invalid(reason) = &found.resolved else {
        return;
    };
    // A variable without a value is reported as such.
    if !pins::runs(found) || !found.variables.is_empty() || is_placeholder(&found.written) {
        return;
    }
    let message = format!("`{}` is no valid image reference: {reason}", found.written);
    let finding = report
        .finding(found.at, message)
        .label("no engine pulls it")
        .image(found.written.clone())
        .environment(found.environment)
        .help("write `name:tag`, in lower case but for the tag");
    report.push(finding);
}

/// Whether a part of the text is a word in capitals, as scripts look for, or marked as one.
fn is_placeholder(text: &str) -> bool {
    let word = |part: &str| {
        let mut letters = part.chars().filter(|c| c.is_ascii_alphabetic());
        part.len() > 1
            && part.chars().any(|c| c.is_ascii_uppercase())
            && letters.all(|c| c.is_ascii_uppercase())
    };
    text.split(['/', ':', '@', '-']).any(word)
        || text.contains(['{', '<', '%', '#', '[', '(', '*', ' '])
        || text.contains("__")
}
