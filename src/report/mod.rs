//! Findings and plans as people and programs read them. Nothing here decides what is a finding.

pub mod audit;
pub mod checkstyle;
pub mod concise;
pub mod coverage;
pub mod fingerprint;
pub mod github;
pub mod gitlab;
pub mod human;
pub mod json;
pub mod junit;
pub mod plan;
pub mod plan_json;
pub mod plan_table;
pub mod rdjson;
pub mod sarif;

mod excerpt;
mod region;
mod rule_page;

pub use rule_page::rule_page;

use crate::finding::{Applicability, Finding, Level};
use crate::source::is_active;

/// What a run looked at and found, in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Summary {
    /// Files read.
    pub files: usize,
    /// Places that run an image.
    pub images: usize,
    /// Different tags that CI would publish, over all scenarios.
    pub publications: usize,
    /// Findings of level error.
    pub errors: usize,
    /// Findings of level warning.
    pub warnings: usize,
    /// Findings of level info.
    pub infos: usize,
    /// Charts' templates that were left out.
    pub skipped_templates: usize,
    /// Findings that comments suppress.
    pub suppressed: usize,
    /// Findings that the baseline accepts, and those that it names and that are gone.
    pub baseline: Option<(usize, usize)>,
    /// Findings that were mended, and in how many files.
    pub fixed: Option<(usize, usize)>,
    /// Findings left that can be mended safely.
    pub fixable: usize,
    /// Findings left that can be mended, but not safely.
    pub unsafely_fixable: usize,
}

impl Summary {
    /// Counts a finding.
    pub fn count(&mut self, finding: &Finding) {
        match finding.fix.as_ref().map(|fix| fix.applicability) {
            Some(Applicability::Safe) => self.fixable += 1,
            Some(Applicability::Unsafe) => self.unsafely_fixable += 1,
            None => {}
        }
        match finding.level {
            Level::Error => self.errors += 1,
            Level::Warning => self.warnings += 1,
            Level::Info => self.infos += 1,
            Level::Off => {}
        }
    }

    /// What was mended, and what could be; nothing where nothing could.
    #[must_use]
    pub fn fixes(&self, verb: &str) -> Option<String> {
        let also = |left: usize| match left {
            0 => String::new(),
            _ => format!("; {left} more with --unsafe-fixes"),
        };
        match (self.fixed, self.fixable, self.unsafely_fixable) {
            (Some((0, _)) | None, 0, 0) => None,
            (Some((findings, files)), _, left) => Some(format!(
                "{verb} {} in {}{}",
                counted(findings, "finding"),
                counted(files, "file"),
                also(left)
            )),
            (None, 0, left) => Some(format!(
                "{} can be fixed with --fix --unsafe-fixes",
                counted(left, "finding")
            )),
            (None, safe, left) => Some(format!(
                "{} can be fixed with --fix{}",
                counted(safe, "finding"),
                also(left)
            )),
        }
    }

    /// All findings.
    #[must_use]
    pub fn findings(&self) -> usize {
        self.errors + self.warnings + self.infos
    }
}

/// A number with its noun: `1 file`, `2 files`.
#[must_use]
pub fn counted(number: usize, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// Text with the characters that act on a terminal made harmless, byte for byte as long as before, so
/// that offsets into it stay true. A carriage return stays only at the end of a line: elsewhere it lets
/// what follows write over what stands before.
#[must_use]
pub fn harmless(text: &str) -> std::borrow::Cow<'_, str> {
    if !text.contains(|c| c == '\r' || is_active(c)) {
        return text.into();
    }
    let mut chars = text.chars().peekable();
    let mut out = String::with_capacity(text.len());
    while let Some(c) = chars.next() {
        let bare = c == '\r' && chars.peek().is_some_and(|next| *next != '\n');
        out.push(match c.len_utf8() {
            _ if !bare && !is_active(c) => c,
            1 => '?',
            2 => '\u{b7}',
            _ => '\u{fffd}',
        });
    }
    out.into()
}

#[cfg(test)]
mod tests {
    use super::harmless;

    #[test]
    fn what_acts_on_a_terminal_does_not_reach_it() {
        for (text, wanted) in [
            ("a\u{1b}[31mb\u{7}", "a?[31mb?"),
            ("\u{9b}2J\u{9d}8;;x\u{9c}", "\u{b7}2J\u{b7}8;;x\u{b7}"),
            ("\u{202e}cba\u{2066}", "\u{fffd}cba\u{fffd}"),
            ("\u{61c}a", "\u{b7}a"),
            ("good\rbad\r\nend\r", "good?bad\r\nend\r"),
            ("名\t\u{1f433}", "名\t\u{1f433}"),
        ] {
            assert_eq!(harmless(text), wanted);
            assert_eq!(harmless(text).len(), text.len());
        }
    }
}
