//! A comment that suppresses nothing. What comments suppress is decided after all rules have run:
//! see the module `suppress`.

use super::{Check, Family, Rule, rule};
use crate::finding::Level;

rule! {
    /// Reports a comment `taglint: ignore[…]` that suppresses nothing, or that cannot be read.
    ///
    /// ## What it does
    /// Looks at every suppression once all rules have run. One whose rule finds nothing on its lines,
    /// that names no rule, or that names a rule which does not exist is reported. A suppression of a
    /// rule that does not run is left alone.
    ///
    /// ## Why it matters
    /// It hides the next finding on that line, which nobody has looked at. One with a misspelt rule
    /// has never hidden anything.
    ///
    /// ## Example
    /// ```yaml
    /// image: nginx:1.27.4 # taglint: ignore[floating-tag] the newest is wanted
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// image: nginx:1.27.4
    /// ```
    pub const UNUSED_SUPPRESSION: Rule = Rule {
        name: "unused-suppression",
        family: Family::File,
        level: Level::Warning,
        check: Check::Reader,
    };
}
