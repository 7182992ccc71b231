//! What a parameter expansion does to a value: cutting, replacing, slicing, changing case.

use super::expand::{Quotes, View};
use super::fields::{self, Segment};
use super::glob::Glob;
use super::interpreter::{LONGEST_TEXT, Shell};
use super::removal::{self, Which};
use super::scan::{self, text_of};
use super::truth::Truth;
use crate::eval::unknown::Mark;

/// What is done to each value.
pub(super) enum Change {
    Nothing,
    Cut {
        glob: Glob,
        longest: bool,
        suffix: bool,
    },
    Replace {
        glob: Glob,
        with: String,
        which: Which,
    },
    Case {
        upper: bool,
        all: bool,
        only: Option<Glob>,
    },
    Slice {
        offset: Option<i64>,
        length: Option<Option<i64>>,
    },
    Quote,
    NotUnderstood,
}

impl Shell<'_> {
    fn operand(&mut self, text: &[char], view: View<'_>) -> Vec<Segment> {
        let mut segments = Vec::new();
        self.walk(text, Quotes::None, view, &mut segments);
        segments
    }

    pub(super) fn change(&mut self, rest: &[char], view: View<'_>) -> Change {
        let (Some(first), second) = (rest.first(), rest.get(1)) else {
            return Change::Nothing;
        };
        let doubled = second == Some(first);
        let after = |n: usize| rest.get(n..).unwrap_or_default();
        match first {
            '#' | '%' => {
                let skip = 1 + usize::from(doubled);
                let pattern = self.operand(after(skip), view.moved(skip));
                Change::Cut {
                    glob: Glob::new(&fields::pattern(&pattern)),
                    longest: doubled,
                    suffix: *first == '%',
                }
            }
            '^' | ',' => {
                let skip = 1 + usize::from(doubled);
                let pattern = self.operand(after(skip), view.moved(skip));
                let pattern = fields::pattern(&pattern);
                Change::Case {
                    upper: *first == '^',
                    all: doubled,
                    only: (!pattern.is_empty()).then(|| Glob::new(&pattern)),
                }
            }
            '/' => {
                let (which, skip) = match second {
                    Some('/') => (Which::All, 2),
                    Some('#') => (Which::Start, 2),
                    Some('%') => (Which::End, 2),
                    _ => (Which::First, 1),
                };
                let body = after(skip);
                let mut end = 0;
                while end < body.len() && body.get(end) != Some(&'/') {
                    end = scan::skip(body, end);
                }
                let pattern = body.get(..end.min(body.len())).unwrap_or_default();
                let with = body.get(end + 1..).unwrap_or_default();
                let pattern = self.operand(pattern, view.moved(skip));
                let with = self.operand(with, view.moved(skip + end + 1));
                Change::Replace {
                    glob: Glob::new(&fields::pattern(&pattern)),
                    with: fields::text(&with),
                    which,
                }
            }
            ':' => {
                let body = after(1);
                let mut end = 0;
                while end < body.len() && body.get(end) != Some(&':') {
                    end = scan::skip(body, end);
                }
                let offset = text_of(body, 0, end);
                let offset = if offset.trim().is_empty() {
                    Some(0)
                } else {
                    self.calculate(&self.raw_here(&offset))
                };
                let length = (end < body.len()).then(|| {
                    let length = text_of(body, end + 1, body.len());
                    self.calculate(&self.raw_here(&length))
                });
                Change::Slice { offset, length }
            }
            '@' => match second {
                Some('U') => Change::Case {
                    upper: true,
                    all: true,
                    only: None,
                },
                Some('L') => Change::Case {
                    upper: false,
                    all: true,
                    only: None,
                },
                Some('u') => Change::Case {
                    upper: true,
                    all: false,
                    only: None,
                },
                Some('Q') => Change::Quote,
                _ => Change::NotUnderstood,
            },
            _ => Change::NotUnderstood,
        }
    }

    pub(super) fn apply(&mut self, change: &Change, value: &str, written: &str) -> String {
        let chars: Vec<char> = value.chars().collect();
        let changed = match change {
            Change::Nothing => return value.to_owned(),
            Change::Cut {
                glob,
                longest,
                suffix: false,
            } => removal::without_prefix(&chars, glob, *longest),
            Change::Cut {
                glob,
                longest,
                suffix: true,
            } => removal::without_suffix(&chars, glob, *longest),
            Change::Replace { glob, with, which } => {
                self.replace(&chars, glob, with, *which, written)
            }
            Change::Case { upper, all, only } => {
                Some(change_case(&chars, *upper, *all, only.as_ref()))
            }
            Change::Slice { offset, length } => slice(&chars, *offset, *length),
            Change::Quote => Some(value.to_owned()),
            Change::NotUnderstood => None,
        };
        match changed {
            Some(text) if text.len() <= LONGEST_TEXT => text,
            _ => self.derived(written, value),
        }
    }

    /// Replacing single characters is done in the known parts, piece by piece; an unknown part
    /// becomes another unknown.
    fn replace(
        &mut self,
        chars: &[char],
        glob: &Glob,
        with: &str,
        which: Which,
        written: &str,
    ) -> Option<String> {
        let unknown = |c: &char| Mark::from_char(*c).is_some();
        if which != Which::All || !glob.is_one_char() || !chars.iter().any(unknown) {
            return removal::replace(chars, glob, with, which);
        }
        let mut out = String::new();
        for piece in chars.chunk_by(|a, b| unknown(a) == unknown(b)) {
            if piece.first().is_some_and(unknown) {
                let from: String = piece.iter().collect();
                out.push_str(&self.derived(written, &from));
            } else {
                out.push_str(&removal::replace(piece, glob, with, which)?);
            }
        }
        Some(out)
    }
}

fn change_case(chars: &[char], upper: bool, all: bool, only: Option<&Glob>) -> String {
    let mut out = String::new();
    for (index, c) in chars.iter().enumerate() {
        let meant = only.is_none_or(|only| only.matches(&[*c]) == Truth::True);
        match (meant && (all || index == 0), upper) {
            (false, _) => out.push(*c),
            (true, true) => out.extend(c.to_uppercase()),
            (true, false) => out.extend(c.to_lowercase()),
        }
    }
    out
}

fn slice(chars: &[char], offset: Option<i64>, length: Option<Option<i64>>) -> Option<String> {
    let offset = offset?;
    let count = i64::try_from(chars.len()).ok()?;
    let known_before = |end: usize| {
        let piece = chars.get(..end.min(chars.len())).unwrap_or_default();
        piece.iter().all(|c| Mark::from_char(*c).is_none())
    };
    let all_known = known_before(chars.len());
    if offset < 0 && !all_known {
        return None;
    }
    let start = if offset < 0 { count + offset } else { offset };
    if start < 0 {
        return Some(String::new());
    }
    let start = usize::try_from(start).ok()?;
    let end = match length {
        None => chars.len(),
        Some(length) => {
            let length = length?;
            if length < 0 {
                if !all_known {
                    return None;
                }
                usize::try_from(count + length).unwrap_or(0)
            } else {
                start.saturating_add(usize::try_from(length).ok()?)
            }
        }
    };
    let bounded = length.is_some();
    if !known_before(if bounded { end } else { start }) {
        return None;
    }
    Some(text_of(
        chars,
        start.min(chars.len()),
        end.max(start.min(chars.len())),
    ))
}
