//! Where label and taglint disagree: the reason, and who is right.

/// A comparison that does not agree.
pub struct Disagreement {
    pub name: &'static str,
    /// Whether files alone decide it.
    pub decidable: bool,
    pub why: &'static str,
}

/// All of them.
pub const ALL: &[Disagreement] = &[];

/// The entry for a comparison.
pub fn find(name: &str) -> Option<&'static Disagreement> {
    ALL.iter().find(|known| known.name == name)
}
