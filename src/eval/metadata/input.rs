//! The lists that the inputs hold: CSV read twice, each character with its place in the raw text.
//!
//! The first pass makes lines of an input and takes the quotes away; the second splits a line into
//! fields and is strict about the quotes that are left. Comments count in the first pass only.

use std::ops::Range;

use super::error::{Input, MetadataError};
use super::javascript::is_space;

/// Text whose characters know where they stand in the raw input.
#[derive(Debug, Clone, Default)]
pub(crate) struct Located {
    chars: Vec<(char, usize)>,
    /// Where the text would stand if it is empty.
    at: usize,
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

    fn char(&self, index: usize) -> Option<char> {
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

/// One pass: whether quotes inside a field are refused, and what begins a comment.
struct Reader {
    strict: bool,
    comment: Option<char>,
}

/// Where a pass stands.
#[derive(Default)]
struct State {
    records: Vec<Vec<Located>>,
    record: Vec<Located>,
    field: Vec<(char, usize)>,
    /// Where the current field begins.
    start: usize,
    quoting: bool,
    /// The current field was quoted, so it counts even if it is empty.
    quoted: bool,
    commenting: bool,
    escaped: bool,
    /// The line end of this text, once one was met: any other is an ordinary character then.
    line_end: Option<&'static [char]>,
}

impl Reader {
    fn read(&self, input: Input, text: &Located) -> Result<Vec<Vec<Located>>, MetadataError> {
        let chars = &text.chars;
        let get = |at: usize| text.char(at);
        let place = |at: usize| chars.get(at).map_or(text.range().end, |(_, place)| *place);
        let refuse =
            |at: usize, message: &str| MetadataError::new(input, place(at)..place(at) + 1, message);
        let mut state = State {
            start: place(0),
            ..State::default()
        };
        let mut opened = 0;
        let mut at = 0;
        while let Some(c) = get(at) {
            if !state.quoting {
                state.discover(&get, at);
            }
            if state.escaped {
                state.escaped = false;
            } else {
                if state.quoting && c == '"' && get(at + 1) == Some('"') {
                    state.escaped = true;
                    at += 1;
                    continue;
                }
                if !state.commenting && c == '"' {
                    if state.quoting {
                        let next = get(at + 1);
                        state.discover(&get, at + 1);
                        let closes = next.is_none()
                            || next == Some(',')
                            || (next == self.comment && next.is_some())
                            || state.line_end_at(&get, at + 1) > 0;
                        if !closes && self.strict {
                            return Err(refuse(
                                at + 1,
                                "a closing quote is followed by text: invalid closing quote",
                            ));
                        }
                        state.quoting = false;
                        state.quoted = true;
                        if closes {
                            at += 1;
                            continue;
                        }
                        state.field.insert(0, (c, place(opened)));
                    } else if state.field.is_empty() {
                        state.quoting = true;
                        opened = at;
                        at += 1;
                        continue;
                    } else if self.strict {
                        return Err(refuse(
                            at,
                            "a quote stands inside a field: invalid opening quote",
                        ));
                    }
                }
                if !state.quoting {
                    let length = state.line_end_at(&get, at);
                    if length > 0 {
                        state.end_line(place(at + length));
                        at += length;
                        continue;
                    }
                    let fresh = state.record.is_empty() && state.field.is_empty();
                    if !state.commenting && fresh && self.comment == Some(c) {
                        state.commenting = true;
                    }
                    if state.commenting {
                        at += 1;
                        continue;
                    }
                    if c == ',' {
                        state.end_field(place(at + 1));
                        at += 1;
                        continue;
                    }
                }
            }
            state.field.push((c, place(at)));
            at += 1;
        }
        if state.quoting {
            return Err(refuse(opened, "a quote is not closed"));
        }
        if state.quoted || !state.record.is_empty() || !state.field.is_empty() {
            state.end_field(place(at));
            state.end_record();
        }
        Ok(state.records)
    }
}

const LINE_ENDS: [&[char]; 3] = [&['\r', '\n'], &['\n'], &['\r']];

impl State {
    fn discover(&mut self, get: &dyn Fn(usize) -> Option<char>, at: usize) {
        if self.line_end.is_none() {
            let here = |end: &&&[char]| begins(get, at, end);
            self.line_end = LINE_ENDS.iter().find(here).copied();
        }
    }

    /// How many characters the line end at this place has; 0 where there is none.
    fn line_end_at(&self, get: &dyn Fn(usize) -> Option<char>, at: usize) -> usize {
        self.line_end
            .filter(|end| begins(get, at, end))
            .map_or(0, <[char]>::len)
    }

    fn end_line(&mut self, next: usize) {
        let empty = !self.quoted && self.record.is_empty() && self.field.is_empty();
        self.commenting = false;
        if !empty {
            self.end_field(next);
            self.end_record();
        }
        self.start = next;
    }

    fn end_field(&mut self, next: usize) {
        self.record.push(Located {
            chars: std::mem::take(&mut self.field),
            at: self.start,
        });
        self.start = next;
        self.quoted = false;
    }

    fn end_record(&mut self) {
        self.records.push(std::mem::take(&mut self.record));
    }
}

fn begins(get: &dyn Fn(usize) -> Option<char>, at: usize, wanted: &[char]) -> bool {
    wanted
        .iter()
        .enumerate()
        .all(|(offset, c)| get(at + offset) == Some(*c))
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
