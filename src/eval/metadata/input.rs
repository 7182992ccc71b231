//! The lists that the inputs hold: CSV read twice, each character with its place in the raw text.
//!
//! The first pass makes lines of an input and takes the quotes away; the second splits a line into
//! fields and is strict about the quotes that are left. Comments count in the first pass only.

use std::ops::Range;

use super::csv::Reader;
use super::error::{Input, MetadataError};
use super::javascript::is_space;

/// Text whose characters know where they stand in the raw input.
#[derive(Debug, Clone, Default)]
pub(crate) struct Located {
    pub(super) chars: Vec<(char, usize)>,
    /// Where the text would stand if it is empty.
    pub(super) at: usize,
}

impl Located {
    pub(crate) fn text(&self) -> String {
        self.chars.iter().map(|(c, _)| c).collect()
    }

    /// From the first byte to the last, quotes between them included.
    pub(crate) fn range(&self) -> Range<usize> {
        match (self.chars.first(), self.chars.last()) {
            (Some((_, start)), Some((c, end))) => *start..(end + c.len_utf8()).max(*start),
            _ => self.at..self.at,
        }
    }

    pub(crate) fn trim(&self) -> Self {
        let space = |(c, _): &&(char, usize)| is_space(*c);
        let start = self.chars.iter().take_while(space).count();
        let end = self.chars.iter().rev().take_while(space).count();
        let end = self.chars.len().saturating_sub(end);
        self.part(start, end)
    }

    /// The parts before and after the first `=` that is not the first character.
    pub(crate) fn split_once(&self) -> Option<(Self, Self)> {
        let at = self.chars.iter().position(|(c, _)| *c == '=')?;
        (at > 0).then(|| (self.part(0, at), self.part(at + 1, self.chars.len())))
    }

    /// The first two parts between `=`: a key, and its value up to a second `=`.
    pub(crate) fn split_all(&self) -> Option<(Self, Self)> {
        let mut signs = (0..self.chars.len()).filter(|at| self.char(*at) == Some('='));
        let first = signs.next()?;
        let second = signs.next().unwrap_or(self.chars.len());
        Some((self.part(0, first), self.part(first + 1, second)))
    }

    pub(super) fn char(&self, index: usize) -> Option<char> {
        self.chars.get(index).map(|(c, _)| *c)
    }

    fn part(&self, start: usize, end: usize) -> Self {
        Self {
            chars: self.chars.get(start..end).unwrap_or_default().to_vec(),
            at: self
                .chars
                .get(start)
                .map_or(self.range().end, |(_, at)| *at),
        }
    }
}

/// The lines of an input.
pub(crate) fn lines(input: Input, raw: &str) -> Result<Vec<Located>, MetadataError> {
    let whole = Located {
        chars: raw.char_indices().map(|(at, c)| (c, at)).collect(),
        at: 0,
    };
    let reader = Reader {
        strict: false,
        comment: Some('#'),
    };
    let records = reader.read(input, &whole.trim())?;
    let mut lines = Vec::new();
    for record in records {
        let mut line = Located {
            at: record.first().map_or(0, |field| field.at),
            ..Located::default()
        };
        for (index, field) in record.into_iter().enumerate() {
            if index > 0 {
                // A field's place is the one after its comma.
                line.chars.push((',', field.at.saturating_sub(1)));
            }
            line.chars.extend(field.chars);
        }
        if !line.chars.is_empty() {
            lines.push(line.trim());
        }
    }
    Ok(lines)
}

/// The fields of a line. A line of blanks has no fields at all, which the action does not survive.
pub(crate) fn fields(input: Input, line: &Located) -> Result<Vec<Located>, MetadataError> {
    let reader = Reader {
        strict: true,
        comment: None,
    };
    let record = reader.read(input, line)?.into_iter().next();
    record.ok_or_else(|| {
        MetadataError::new(input, line.range(), "a line of the list holds blanks only")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(raw: &str) -> Vec<String> {
        let lines = lines(Input::Tags, raw).unwrap();
        lines.iter().map(Located::text).collect()
    }

    fn split(raw: &str) -> Result<Vec<String>, MetadataError> {
        let line = &lines(Input::Tags, raw)?[0];
        Ok(fields(Input::Tags, line)?
            .iter()
            .map(Located::text)
            .collect())
    }

    #[test]
    fn comments_and_empty_lines_are_no_entries() {
        assert_eq!(read("# c\n\na,b # x\r\n"), ["a,b # x"]);
        assert_eq!(read("a\r\n#b\r\nc"), ["a", "c"]);
        assert_eq!(read("a\n  # b"), ["a", "# b"]);
        assert_eq!(read(""), [""; 0]);
    }

    #[test]
    fn quotes_are_gone_after_the_first_pass() {
        assert_eq!(read("a,\"b,c\""), ["a,b,c"]);
        assert_eq!(read("\"a\nb\",c"), ["a\nb,c"]);
        assert_eq!(read("\"a\"b"), ["\"a\"b"]);
        assert_eq!(split("\"\"\"x=1,2\"\"\",y").unwrap(), ["x=1,2", "y"]);
        assert!(split("a=\"b\"").is_err());
        assert!(lines(Input::Tags, "a,\"b").is_err());
    }

    #[test]
    fn a_line_of_blanks_fails() {
        let lines = lines(Input::Tags, "a\n   \nb").unwrap();
        assert!(fields(Input::Tags, &lines[1]).is_err());
    }

    #[test]
    fn places_point_into_the_raw_text() {
        let raw = "\n # c\n\n type=raw,  \"value=é\",x=\n";
        let lines = lines(Input::Tags, raw).unwrap();
        assert_eq!(lines.len(), 1);
        let line = &lines[0];
        assert_eq!(raw.get(line.range()), Some("type=raw,  \"value=é\",x="));
        let fields = fields(Input::Tags, line);
        assert!(fields.is_err(), "the quote does not open the field");
        let (key, value) = line.split_once().unwrap();
        assert_eq!(raw.get(key.range()), Some("type"));
        assert_eq!(value.trim().text(), "raw,  \"value=é\",x=");
    }
}
