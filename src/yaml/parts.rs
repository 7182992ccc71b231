//! Where the documents of a text lie, told without reading them.

use memchr::memmem;

use crate::source::Span;

/// The parts of a text that hold the documents that are wanted, in order; what lies side by side is
/// one part.
///
/// A line that begins with `---` begins a document wherever it stands: neither block scalars nor quotes
/// may hold one.
pub(super) fn wanted(text: &str, wanted: impl Fn(&str) -> bool) -> Vec<Span> {
    let mut starts = starts(text.as_bytes()).peekable();
    // Directives stand before the document that they speak of.
    let directives = || text.starts_with('%') || memmem::find(text.as_bytes(), b"\n%").is_some();
    if starts.peek().is_none() || directives() {
        return vec![Span::new(0, text.len())];
    }
    let mut parts: Vec<Span> = Vec::new();
    let mut from = 0;
    for end in starts.chain([text.len()]) {
        if text.get(from..end).is_some_and(&wanted) {
            match parts.last_mut() {
                Some(last) if last.end == from => last.end = end,
                _ => parts.push(Span::new(from, end)),
            }
        }
        from = end;
    }
    parts
}

/// Where lines begin that begin a further document.
pub(super) fn starts(bytes: &[u8]) -> impl Iterator<Item = usize> {
    let lines = memmem::find_iter(bytes, b"\n---").map(|at| at + 1);
    lines.filter(|at| bytes.get(at + 3).is_none_or(u8::is_ascii_whitespace))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::Yaml;

    fn of<'t>(text: &'t str, word: &str) -> Vec<&'t str> {
        let parts = wanted(text, |part| part.contains(word));
        let parts = parts.into_iter();
        parts
            .map(|part| text.get(part.start..part.end).unwrap())
            .collect()
    }

    #[test]
    fn documents_begin_at_their_lines() {
        let text = "# a\n---\nx: 1\n--- # x\ny: 2\n---\r\nz: |\n  x\n---x: 3\n---";
        assert_eq!(of(text, "a"), ["# a\n"]);
        assert_eq!(of(text, "y"), ["--- # x\ny: 2\n"]);
        assert_eq!(of(text, "z"), ["---\r\nz: |\n  x\n---x: 3\n"]);
        assert_eq!(of(text, ""), [text]);
        assert_eq!(
            of(text, "x"),
            ["---\nx: 1\n--- # x\ny: 2\n---\r\nz: |\n  x\n---x: 3\n"]
        );
        assert!(of(text, "absent").is_empty());
        // One document only is read in any case.
        assert_eq!(of("x: 1\n", "y"), ["x: 1\n"]);
        assert_eq!(of("", "y"), [""]);
        let directive = "%TAG !e! tag:e,2:\n---\nx: !e!a 1\n---\ny: 2\n";
        assert_eq!(of(directive, "y"), [directive]);
    }

    #[test]
    fn what_is_read_is_as_in_the_whole() {
        let text =
            "a: &x {b: 1}\nc: *x\n---\nd: [é, *x]\n---\na: |\n  image\n---\nf: \"e\n---\ng: *x\n";
        let whole = Yaml::parse(text);
        let all = Yaml::parse_where(text, |_| true);
        assert_eq!(format!("{whole:?}"), format!("{all:?}"));
        let some = Yaml::parse_where(text, |part| part.contains('a'));
        let spans = |yaml: &Yaml<'_>| yaml.documents().map(|root| root.span()).collect::<Vec<_>>();
        let of_whole: Vec<_> = [0, 2].iter().map(|at| spans(&whole)[*at]).collect();
        assert_eq!(spans(&some), of_whole);
        assert!(some.errors().is_empty() && !whole.errors().is_empty());
        let last = Yaml::parse_where(text, |part| part.contains('g'));
        let errors = |yaml: &Yaml<'_>| yaml.errors().last().cloned();
        assert_eq!(errors(&last), errors(&whole));
        assert!(errors(&last).is_some());
    }
}
