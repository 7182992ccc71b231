//! Parameter expansion: `${…}`.

use super::expand::{Quotes, View, push_expanded};
use super::fields::{self, Segment};
use super::interpreter::Shell;
use super::lookup::Held;
use super::parameter_change::Change;
use super::parameter_parts::{Parsed, default_operator, parse};
use super::state::{Item, Var};
use crate::eval::unknown::{self, Mark};

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
                    // `${@:1}` counts from `$1`, and a negative offset from the end.
                    let base = i64::from(parsed.name == "@" || parsed.name == "*");
                    let count = i64::try_from(items.len()).unwrap_or(i64::MAX);
                    let from = match offset.unwrap_or(0) {
                        offset if offset < 0 => count.saturating_add(offset),
                        offset => offset - base,
                    };
                    let from = usize::try_from(from).unwrap_or(0);
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
