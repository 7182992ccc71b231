//! One reading of CSV, with the rules and the leniency of the reader that the action uses.

use super::error::{Input, MetadataError};
use super::input::Located;

/// One pass: whether quotes inside a field are refused, and what begins a comment.
pub(super) struct Reader {
    pub(super) strict: bool,
    pub(super) comment: Option<char>,
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
    pub(super) fn read(
        &self,
        input: Input,
        text: &Located,
    ) -> Result<Vec<Vec<Located>>, MetadataError> {
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
            let may_end = matches!(c, '\r' | '\n');
            if !state.quoting && may_end {
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
                    let length = if may_end {
                        state.line_end_at(&get, at)
                    } else {
                        0
                    };
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
