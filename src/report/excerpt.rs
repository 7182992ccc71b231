//! The piece of a source that is drawn: the lines that labels touch. Nothing else of the source is
//! looked at, so that thousands of findings in one file cost as much as in many, and a long line is
//! cut to what lies around its labels.

use miette::{
    LabeledSpan, MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents as Contents,
};

use super::harmless;
use crate::source::{Place, Position, Source};

/// A line longer than this many bytes is cut.
const LONGEST: usize = 1000;

/// What is left of a long line on either side of a label, in bytes.
const AROUND: usize = 120;

/// The most bytes of a long line that one label underlines.
const WIDEST: usize = 400;

/// What stands for what is left out.
const GAP: &str = " … ";

/// A label to draw.
pub(super) struct Label {
    pub(super) at: Place,
    pub(super) text: String,
    pub(super) primary: bool,
}

/// Bytes of the source that are drawn: where they start there and in the excerpt, and how many.
struct Kept {
    source: usize,
    excerpt: usize,
    length: usize,
}

/// Lines of one source, as miette reads them.
pub(super) struct Excerpt<'a> {
    path: &'a str,
    text: String,
    /// How many lines of the source stand before.
    before: usize,
    kept: Vec<Kept>,
    /// The labels' places in the excerpt with those in the source.
    places: Vec<(usize, Position)>,
    labels: Vec<LabeledSpan>,
}

impl<'a> Excerpt<'a> {
    /// The lines from the first to the last label.
    pub(super) fn new(source: &'a Source, labels: &[Label]) -> Self {
        let line = |label: &Label| source.position(label.at.span.start).line;
        let first = labels.iter().map(line).min().unwrap_or(1);
        let last = labels.iter().map(line).max().unwrap_or(1);
        let mut excerpt = Self {
            path: source.path(),
            text: String::new(),
            before: first - 1,
            kept: Vec::new(),
            places: Vec::new(),
            labels: Vec::new(),
        };
        let spans: Vec<(usize, usize)> = labels
            .iter()
            .map(|label| first_line(source, label.at))
            .collect();
        for number in first..=last {
            if number > first {
                excerpt.text.push('\n');
            }
            if let (Some(start), Some(line)) = (source.line_start(number), source.line(number)) {
                excerpt.line(start, line, &spans);
            }
        }
        for (label, (start, length)) in labels.iter().zip(spans) {
            excerpt.label(source, label, start, length);
        }
        excerpt
    }

    /// Takes up a line that starts at a byte of the source.
    fn line(&mut self, start: usize, line: &str, spans: &[(usize, usize)]) {
        if line.len() <= LONGEST {
            self.keep(start, line);
            return;
        }
        let mut windows: Vec<(usize, usize)> = spans
            .iter()
            .filter(|(at, _)| (start..=start + line.len()).contains(at))
            .map(|(at, length)| {
                let from = (at - start).saturating_sub(AROUND);
                let to = at - start + (*length).min(WIDEST) + AROUND;
                (from, to.min(line.len()))
            })
            .collect();
        if windows.is_empty() {
            windows.push((0, AROUND));
        }
        windows.sort_unstable();
        let mut done = 0;
        for (from, to) in windows {
            let from = line.ceil_char_boundary(from.max(done));
            let to = line.floor_char_boundary(to);
            if to <= from && done > 0 {
                continue;
            }
            if from > done {
                self.text.push_str(GAP);
            }
            self.keep(start + from, line.get(from..to).unwrap_or_default());
            done = to;
        }
        if done < line.len() {
            self.text.push_str(GAP.trim_end());
        }
    }

    fn keep(&mut self, source: usize, text: &str) {
        self.kept.push(Kept {
            source,
            excerpt: self.text.len(),
            length: text.len(),
        });
        // The end of the line is not part of it, so that whatever returns to its start is harmful.
        let shown = harmless(text);
        match shown.strip_suffix('\r') {
            Some(shown) => self.text.extend([shown, "?"]),
            None => self.text.push_str(&shown),
        }
    }

    fn label(&mut self, source: &Source, label: &Label, start: usize, length: usize) {
        let kept = self.kept.iter();
        let mut around =
            kept.filter(|kept| (kept.source..=kept.source + kept.length).contains(&start));
        let (at, room) = match around.next_back() {
            Some(kept) => {
                let inside = start - kept.source;
                (kept.excerpt + inside, kept.length - inside)
            }
            None => (0, 0),
        };
        let text = (!label.text.is_empty()).then(|| harmless(&label.text).into_owned());
        let span = SourceSpan::new(at.into(), length.min(room.max(usize::from(length > 0))));
        self.places.push((at, source.position(start)));
        self.labels.push(match label.primary {
            true => LabeledSpan::new_primary_with_span(text, span),
            false => LabeledSpan::new_with_span(text, span),
        });
    }

    /// The labels, at their places in the excerpt.
    pub(super) fn labels(&self) -> impl Iterator<Item = LabeledSpan> + '_ {
        self.labels.iter().cloned()
    }
}

/// Of a span over several lines only the first is drawn: the label says the rest.
fn first_line(source: &Source, at: Place) -> (usize, usize) {
    let slice = source.slice(at.span);
    let first = slice.lines().next().unwrap_or_default().trim_end();
    let length = first.len().max(usize::from(!slice.is_empty()));
    (at.span.start, length)
}

impl SourceCode for Excerpt<'_> {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn Contents<'a> + 'a>, MietteError> {
        // The handler asks with context for what it draws, and without for the heading's place.
        // What is drawn are the span's own lines, whole, and no others.
        let with_context = before + after > 0;
        let shown = match with_context {
            true => whole_lines(&self.text, span),
            false => *span,
        };
        let contents = self.text.as_str().read_span(&shown, 0, 0)?;
        let place = self.places.iter().find(|(at, _)| *at == span.offset());
        let (line, column) = match place.filter(|_| !with_context) {
            Some((_, place)) => (place.line - 1, place.column - 1),
            None => (self.before + contents.line(), contents.column()),
        };
        Ok(Box::new(MietteSpanContents::new_named(
            self.path.to_owned(),
            contents.data(),
            *contents.span(),
            line,
            column,
            self.before + contents.line_count(),
        )))
    }
}

/// The lines that a span touches, without the last line break.
fn whole_lines(text: &str, span: &SourceSpan) -> SourceSpan {
    let bytes = text.as_bytes();
    let start = span.offset().min(bytes.len());
    let end = (start + span.len()).min(bytes.len());
    let before = bytes.get(..start).unwrap_or_default();
    let from = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
    let after = bytes.get(end..).unwrap_or_default();
    let to = end + memchr::memchr(b'\n', after).unwrap_or(after.len());
    SourceSpan::new(from.into(), to - from)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::{FileId, Span};

    fn at(source: &Source, word: &str) -> Label {
        let start = source.text().find(word).unwrap();
        Label {
            at: Place {
                file: FileId(0),
                span: Span::new(start, start + word.len()),
            },
            text: "here".to_owned(),
            primary: true,
        }
    }

    #[test]
    fn short_lines_are_kept_whole_and_no_others() {
        let source = Source::new("a.yaml", "one\ntwo é x\r\nthree\nfour\n");
        let excerpt = Excerpt::new(&source, &[at(&source, "x"), at(&source, "three")]);
        assert_eq!(excerpt.text, "two é x\nthree");
        let labels: Vec<_> = excerpt.labels().collect();
        assert_eq!((labels[0].offset(), labels[0].len()), (7, 1));
        assert_eq!((labels[1].offset(), labels[1].len()), (9, 5));
        let heading = excerpt.read_span(labels[0].inner(), 0, 0).unwrap();
        assert_eq!((heading.line(), heading.column()), (1, 6));
    }

    #[test]
    fn long_lines_are_cut_around_their_labels() {
        let pad = "é".repeat(1 << 20);
        let source = Source::new("a.yaml", format!("{pad} first {pad} second {pad}\n"));
        let labels = [at(&source, "first"), at(&source, "second")];
        let excerpt = Excerpt::new(&source, &labels);
        assert!(excerpt.text.len() < LONGEST, "{}", excerpt.text.len());
        for (label, word) in excerpt.labels().zip(["first", "second"]) {
            let end = label.offset() + label.len();
            assert_eq!(excerpt.text.get(label.offset()..end), Some(word));
        }
        let label = excerpt.labels().next().unwrap();
        let heading = excerpt.read_span(label.inner(), 0, 0).unwrap();
        assert_eq!((heading.line(), heading.column()), (0, (1 << 20) + 1));
    }

    #[test]
    fn a_label_wider_than_the_page_is_cut() {
        let wide = "x".repeat(1 << 20);
        let source = Source::new("a.yaml", format!("a: {wide}"));
        let excerpt = Excerpt::new(&source, &[at(&source, &wide)]);
        let label = excerpt.labels().next().unwrap();
        assert!(label.offset() + label.len() <= excerpt.text.len());
        assert!(excerpt.text.len() < LONGEST);
    }
}
