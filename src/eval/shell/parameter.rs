//! Parameter expansion: `${…}`.

use super::expand::{Quotes, View, push_expanded};
use super::fields::{self, Segment};
use super::glob::Glob;
use super::interpreter::{LONGEST_TEXT, Shell};
use super::lookup::Held;
use super::parameter_syntax::{Parsed, default_operator, parse};
use super::removal::{self, Which};
use super::scan::{self, text_of};
use super::state::{Item, Var};
use crate::eval::unknown::{self, Mark};

/// What is done to each value.
enum Change {
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
    },
    Slice {
        offset: Option<i64>,
        length: Option<Option<i64>>,
    },
    Quote,
    NotUnderstood,
}

impl Shell<'_> {
    /// Expands what stands between `${` and `}`.
    pub(super) fn parameter(
        &mut self,
        inner: &[char],
        quoted: bool,
        view: View<'_>,
        out: &mut Vec<Segment>,
    ) {
        let written = format!("${{{}}}", inner.iter().collect::<String>());
        let done = self.deeper(|shell| {
            let Some(mut parsed) = parse(inner) else {
                let text = shell.unknown(&written, "this expansion is not understood");
                push_expanded(out, text, quoted);
                return;
            };
            if parsed.indirect && !shell.resolve(&mut parsed, &written, quoted, out) {
                return;
            }
            shell.expand_parsed(&parsed, &written, quoted, view, out);
        });
        if done.is_none() {
            let text = self.unknown(&written, "nested too deep to be evaluated");
            push_expanded(out, text, quoted);
        }
    }

    /// Follows `${!name}`; false where that already was all of it.
    fn resolve(
        &mut self,
        parsed: &mut Parsed<'_>,
        written: &str,
        quoted: bool,
        out: &mut Vec<Segment>,
    ) -> bool {
        let all = matches!(parsed.subscript.as_deref(), Some("@" | "*"));
        if all {
            let keys = match self.variable(&parsed.name) {
                Var::Map(pairs) => pairs.into_iter().map(|(key, _)| Item::new(key)).collect(),
                Var::List(items) => (0..items.len()).map(|i| Item::new(i.to_string())).collect(),
                _ => Vec::new(),
            };
            push_items(keys, quoted, out);
            return false;
        }
        let target = match self.held(&parsed.name, parsed.subscript.as_deref()) {
            Held::Text(text) if unknown::is_known(&text) => text,
            Held::Text(text) => {
                let text = self.derived(written, &text);
                push_expanded(out, text, quoted);
                return false;
            }
            _ => {
                push_expanded(out, String::new(), quoted);
                return false;
            }
        };
        let (name, subscript) = match target.split_once('[') {
            Some((name, rest)) => (name.to_owned(), rest.strip_suffix(']').map(str::to_owned)),
            None => (target, None),
        };
        parsed.name = name;
        parsed.subscript = subscript;
        true
    }

    fn expand_parsed(
        &mut self,
        parsed: &Parsed<'_>,
        written: &str,
        quoted: bool,
        view: View<'_>,
        out: &mut Vec<Segment>,
    ) {
        let held = self.held(&parsed.name, parsed.subscript.as_deref());
        if parsed.length {
            let text = self.length(&held, written);
            push_expanded(out, text, quoted);
            return;
        }
        if let Some((operator, word)) = default_operator(parsed.rest) {
            let word_at = parsed.rest_at + parsed.rest.len() - word.len();
            self.default(
                held,
                operator,
                word,
                written,
                quoted,
                (parsed, view.moved(word_at)),
                out,
            );
            return;
        }
        let change = self.change(parsed.rest, view.moved(parsed.rest_at));
        match held {
            Held::Unset => push_expanded(out, String::new(), quoted),
            Held::Text(text) => {
                let text = self.apply(&change, &text, written);
                push_expanded(out, text, quoted);
            }
            Held::Items(items) => {
                let mut items = items;
                if let Change::Slice { offset, length } = &change {
                    // `${@:1}` counts from `$1`.
                    let base = if parsed.name == "@" || parsed.name == "*" {
                        1
                    } else {
                        0
                    };
                    let from = usize::try_from(offset.unwrap_or(0) - base).unwrap_or(0);
                    let most = match length {
                        Some(Some(length)) => usize::try_from(*length).unwrap_or(0),
                        _ => usize::MAX,
                    };
                    items = items.into_iter().skip(from).take(most).collect();
                } else {
                    for item in &mut items {
                        item.text = self.apply(&change, &item.text, written);
                    }
                }
                let one = parsed.name == "*" || parsed.subscript.as_deref() == Some("*");
                if one && quoted {
                    let separator: String = self.separators().chars().take(1).collect();
                    let text = self.one_text(&items, &separator);
                    push_expanded(out, text, true);
                } else {
                    push_items(items, quoted, out);
                }
            }
        }
    }

    fn one_text(&self, items: &[Item], separator: &str) -> String {
        if let Some(maybe) = items.iter().find(|item| !item.certain) {
            return self.unknown(
                &maybe.text,
                "it is in the list under a condition that is not known",
            );
        }
        let texts: Vec<&str> = items.iter().map(|item| item.text.as_str()).collect();
        texts.join(separator)
    }

    fn length(&mut self, held: &Held, written: &str) -> String {
        match held {
            Held::Unset => "0".to_owned(),
            Held::Text(text) if unknown::is_known(text) => text.chars().count().to_string(),
            Held::Text(text) => self.derived(written, text),
            Held::Items(items) => match items.iter().find(|item| !item.certain) {
                Some(item) => self.unknown(
                    written,
                    &format!(
                        "whether `{}` is in it is not known",
                        unknown::pattern(&item.text)
                    ),
                ),
                None => items.len().to_string(),
            },
        }
    }

    /// `${V:-w}` and its like.
    #[allow(clippy::too_many_arguments)]
    fn default(
        &mut self,
        held: Held,
        (operator, colon): (char, bool),
        word: &[char],
        written: &str,
        quoted: bool,
        (parsed, view): (&Parsed<'_>, View<'_>),
        out: &mut Vec<Segment>,
    ) {
        // Whether there is a value; nothing where that depends on what is not known.
        let present = match &held {
            Held::Unset => Some(false),
            Held::Text(text) if !colon || has_known_char(text) => Some(true),
            Held::Text(text) if text.is_empty() => Some(false),
            Held::Text(_) => None,
            Held::Items(items) if items.is_empty() => Some(false),
            Held::Items(items) => items.iter().any(|item| item.certain).then_some(true),
        };
        let quotes = if quoted { Quotes::Double } else { Quotes::None };
        match (operator, present) {
            ('+', Some(false)) => push_expanded(out, String::new(), quoted),
            ('+', Some(true)) | ('-' | '=', Some(false)) => {
                let mut segments = Vec::new();
                self.walk(word, quotes, view, &mut segments);
                if operator == '=' {
                    let text = fields::text(&segments);
                    self.set_text(&parsed.name, text);
                }
                for segment in &mut segments {
                    if let Segment::Text { expanded, .. } = segment {
                        *expanded = true;
                    }
                }
                if segments.is_empty() {
                    push_expanded(out, String::new(), quoted);
                }
                out.append(&mut segments);
            }
            ('?', Some(false)) => {
                let text = self.unknown(written, "the script ends here: the variable is not set");
                push_expanded(out, text, quoted);
            }
            (_, None) if operator != '?' => {
                let text = match &held {
                    Held::Text(text) => self.derived(written, text),
                    _ => self.unknown(written, "it is set under a condition that is not known"),
                };
                if operator == '=' {
                    self.set_text(&parsed.name, text.clone());
                }
                push_expanded(out, text, quoted);
            }
            _ => match held {
                Held::Text(text) => push_expanded(out, text, quoted),
                Held::Items(items) => push_items(items, quoted, out),
                Held::Unset => push_expanded(out, String::new(), quoted),
            },
        }
    }

    fn operand(&mut self, text: &[char], view: View<'_>) -> Vec<Segment> {
        let mut segments = Vec::new();
        self.walk(text, Quotes::None, view, &mut segments);
        segments
    }

    fn change(&mut self, rest: &[char], view: View<'_>) -> Change {
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
            '^' | ',' => Change::Case {
                upper: *first == '^',
                all: doubled,
            },
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
                },
                Some('L') => Change::Case {
                    upper: false,
                    all: true,
                },
                Some('u') => Change::Case {
                    upper: true,
                    all: false,
                },
                Some('Q') => Change::Quote,
                _ => Change::NotUnderstood,
            },
            _ => Change::NotUnderstood,
        }
    }

    fn apply(&mut self, change: &Change, value: &str, written: &str) -> String {
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
            Change::Case { upper, all } => Some(change_case(&chars, *upper, *all)),
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

fn has_known_char(text: &str) -> bool {
    text.chars().any(|c| Mark::from_char(c).is_none())
}

fn push_items(items: Vec<Item>, quoted: bool, out: &mut Vec<Segment>) {
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            out.push(Segment::Break);
        }
        out.push(Segment::Text {
            text: item.text,
            quoted,
            expanded: true,
            certain: item.certain,
        });
    }
}

fn change_case(chars: &[char], upper: bool, all: bool) -> String {
    let mut out = String::new();
    for (index, c) in chars.iter().enumerate() {
        match (all || index == 0, upper) {
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
