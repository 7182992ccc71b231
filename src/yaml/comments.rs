//! Where comments stand, told from the scalars: what begins with `#` and lies in none of them.

use memchr::{memchr, memchr2};

use super::Yaml;
use crate::source::Span;

impl Yaml<'_> {
    /// All comments, in order of place, each from its `#` to the end of its line, without the line
    /// break. What lies behind a fault in its document is not known to be a comment.
    #[must_use]
    pub fn comments(&self) -> Vec<Span> {
        let bytes = self.text.as_bytes();
        let mut taken = self.scalars().map(|(_, scalar)| scalar.span).peekable();
        let mut faults = self.broken.iter().copied().peekable();
        let mut comments = Vec::new();
        let mut at = 0;
        while let Some(found) = memchr(b'#', bytes.get(at..).unwrap_or_default()) {
            let hash = at + found;
            if let Some(fault) = faults.next_if(|fault| *fault <= hash) {
                at = self.next_document(fault).max(at);
                continue;
            }
            while taken.next_if(|span| span.end <= hash).is_some() {}
            if let Some(span) = taken.peek().filter(|span| span.start <= hash) {
                at = span.end;
                continue;
            }
            at = hash + 1;
            let before = self.text.get(..hash).unwrap_or_default();
            if before.is_empty() || before.ends_with([' ', '\t', '\n', '\r', '\u{feff}']) {
                let rest = bytes.get(hash..).unwrap_or_default();
                at = memchr2(b'\n', b'\r', rest).map_or(bytes.len(), |end| hash + end);
                comments.push(Span::new(hash, at));
            }
        }
        comments
    }

    /// Where the document behind a place begins, or the text ends.
    fn next_document(&self, from: usize) -> usize {
        let bytes = self.text.as_bytes();
        let rest = bytes.get(from..).unwrap_or_default();
        let next = super::parts::starts(rest).next();
        next.map_or(bytes.len(), |start| from + start)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<&str> {
        let comments = Yaml::parse(text).comments().into_iter();
        comments
            .map(|span| text.get(span.start..span.end).unwrap())
            .collect()
    }

    #[test]
    fn what_lies_in_no_scalar_is_a_comment() {
        let text = "\u{feff}# first\na: b#c # plain\r\nd: \"# e\n  # f\" #quoted\n'g # h': [i, # flow\n  j] # after\n# é\n&k l: |  # header\n  # m\n\n  # n\n # less\n# end";
        let wanted = [
            "# first", "# plain", "#quoted", "# flow", "# after", "# é", "# header", "# less",
            "# end",
        ];
        assert_eq!(of(text), wanted);
        assert!(of("a: *b#c\n").is_empty());
        assert_eq!(of("a: >-\n  # b\n"), [""; 0]);
    }

    #[test]
    fn behind_a_fault_nothing_is_known_until_the_next_document() {
        let text = "# a\nb: *c # d\n---\n# e\nf: g: h # i\n# \"j\n---\nk: l # m\n";
        assert_eq!(of(text), ["# a", "# d", "# e", "# m"]);
    }
}
