//! What the fuzz targets share: places that must lie in a text, and a script's surroundings.

use taglint::eval::shell::{Environment, Repository, Variable};
use taglint::eval::unknown::Unknowns;
use taglint::source::Span;

/// Fails where a span does not lie in a text, or cuts a character.
pub fn lies_in(span: Span, text: &str) {
    assert!(
        text.get(span.start..span.end).is_some(),
        "{span:?} is no part of a text of {} bytes",
        text.len()
    );
}

/// Fails where a text would reach a terminal with control characters in it.
pub fn is_harmless(text: &str) {
    let harmful = |c: &char| c.is_control() && !matches!(c, '\n' | '\t');
    assert_eq!(text.chars().find(harmful), None, "{text:?}");
}

/// Some texts out of one: what stands between bytes that no text has.
pub fn texts(data: &[u8]) -> Vec<&str> {
    let parts = data.split(|byte| *byte == 0xff);
    parts.filter_map(|part| std::str::from_utf8(part).ok()).collect()
}

/// A checkout of a tagged commit with one file.
pub struct Step<'u> {
    /// Where unknown things are noted.
    pub unknowns: &'u Unknowns,
    /// What the file `VERSION` holds.
    pub file: &'u str,
}

impl Environment for Step<'_> {
    fn variable(&self, name: &str) -> Variable {
        match name {
            "GITHUB_REF" => Variable::Known("refs/tags/v1.2.3".to_owned()),
            "TAG" => Variable::Known("v1.2.3".to_owned()),
            "FILE" => Variable::Known(self.file.to_owned()),
            "SECRET" => Variable::Unknown(self.unknowns.note("secrets.X", "a secret")),
            _ => Variable::Unset,
        }
    }

    fn git(&self, arguments: &[String]) -> Option<String> {
        let repository = Repository {
            commit: Some("abcdef1000000000000000000000000000000000".to_owned()),
            branch: Some("main".to_owned()),
            tags: Some(vec!["v1.2.3".to_owned()]),
            last_tag: None,
        };
        repository.answer(arguments)
    }

    fn file(&self, path: &str) -> Option<String> {
        (path == "VERSION").then(|| self.file.to_owned())
    }
}
