//! Expanding words: quotes, variables, substitutions, splitting.

use std::borrow::Cow;

use super::Word;
use super::braces;
use super::fields::{self, Field, Segment};
use super::interpreter::Shell;
use super::scan::{self, text_of};
use super::state::Var;
use super::syntax::Raw;
use crate::eval::unknown;

/// A part of a word being expanded: which word, and at which of its characters the part starts.
#[derive(Clone, Copy)]
pub(super) struct View<'r> {
    pub(super) raw: &'r Raw,
    pub(super) base: usize,
}

impl<'r> View<'r> {
    pub(super) fn moved(self, by: usize) -> Self {
        Self {
            raw: self.raw,
            base: self.base.saturating_add(by),
        }
    }

    /// The code at these characters of the view, standing where it stands in the script.
    fn code(self, text: &str, start: usize) -> Raw {
        let before: usize = self
            .raw
            .text
            .chars()
            .take(self.base.saturating_add(start))
            .map(char::len_utf8)
            .sum();
        Raw {
            text: text.into(),
            at: self.raw.part(before, before + text.len()),
            exact: self.raw.exact,
        }
    }
}

impl Shell<'_> {
    /// A word as the words that it becomes on a command line.
    pub(super) fn words(&mut self, raw: &Raw) -> Vec<Word> {
        if is_plain(&raw.text) {
            // Most words of most scripts: they become themselves.
            return vec![Word {
                text: raw.text.to_string(),
                span: raw.at.clone(),
                certain: true,
                open: false,
            }];
        }
        let mut words = Vec::new();
        if !braces::may_expand(&raw.text) {
            self.split(raw, raw, &mut words);
            return words;
        }
        let written = braces::expand(&raw.text);
        let single = written.len() == 1;
        for text in written {
            let piece = Raw {
                text: text.as_str().into(),
                at: raw.at.clone(),
                exact: raw.exact && single,
            };
            self.split(&piece, raw, &mut words);
        }
        words
    }

    /// Expands one of the words that a word as written stands for, and splits it.
    fn split(&mut self, piece: &Raw, raw: &Raw, words: &mut Vec<Word>) {
        let segments = self.segments(piece);
        let separators = self.separators();
        for field in fields::split(segments, &separators) {
            words.push(self.word(field, raw));
        }
    }

    fn word(&self, field: Field, raw: &Raw) -> Word {
        // A wildcard gives the names of files. Arguments like `--set=*.tags=x` match none and stay.
        let stays = field.text.contains(['=', '[']) || field.text.contains("://");
        let mut text = field.text;
        let mut open = field.open;
        if !field.wild.is_empty() && !stays {
            let names = self.unknown(&text, "the names of files are not known");
            open |= text.chars().all(|c| matches!(c, '*' | '?'));
            let mut filled = String::new();
            for (at, c) in text.chars().enumerate() {
                if field.wild.contains(&at) {
                    filled.push_str(&names);
                } else {
                    filled.push(c);
                }
            }
            text = filled;
        }
        Word {
            text,
            span: raw.at.clone(),
            certain: field.certain,
            open,
        }
    }

    pub(super) fn separators(&self) -> Cow<'static, str> {
        match self.state.variables.get("IFS") {
            Some(Var::Text(text)) => Cow::Owned(text.clone()),
            _ => Cow::Borrowed(" \t\n"),
        }
    }

    /// A word as one text, with nothing split.
    pub(super) fn text(&mut self, raw: &Raw) -> String {
        fields::text(&self.segments(raw))
    }

    /// A word as a pattern.
    pub(super) fn pattern(&mut self, raw: &Raw) -> String {
        fields::pattern(&self.segments(raw))
    }

    /// A word as a regular expression.
    pub(super) fn regex(&mut self, raw: &Raw) -> String {
        fields::regex(&self.segments(raw))
    }

    /// A here-document as text: `"` and `'` are ordinary in it.
    pub(super) fn document(&mut self, raw: &Raw) -> String {
        let chars: Vec<char> = raw.text.chars().collect();
        let mut out = Vec::new();
        self.walk(&chars, Quotes::Document, View { raw, base: 0 }, &mut out);
        fields::text(&out)
    }

    fn segments(&mut self, raw: &Raw) -> Vec<Segment> {
        let chars: Vec<char> = raw.text.chars().collect();
        let mut out = Vec::new();
        self.walk(&chars, Quotes::None, View { raw, base: 0 }, &mut out);
        out
    }

    /// Expands characters of a word into its parts.
    pub(super) fn walk(
        &mut self,
        text: &[char],
        quotes: Quotes,
        view: View<'_>,
        out: &mut Vec<Segment>,
    ) {
        let quoted = quotes != Quotes::None;
        let mut at = 0;
        while let Some(c) = text.get(at) {
            let rest = text.get(at..).unwrap_or_default();
            let plain = rest.iter().take_while(|c| !is_special(**c)).count();
            if plain > 0 {
                push(out, rest.iter().take(plain), quoted);
                at += plain;
                continue;
            }
            let end = scan::skip(text, at);
            match c {
                '\\' => {
                    let next = text.get(at + 1).copied();
                    let special = match quotes {
                        Quotes::None => true,
                        Quotes::Double => matches!(next, Some('$' | '`' | '"' | '\\' | '\n' | '}')),
                        Quotes::Document => matches!(next, Some('$' | '`' | '\\' | '\n')),
                    };
                    match next {
                        Some('\n') if special => {}
                        Some(next) if special => push(out, [&next], true),
                        Some(next) => push(out, ['\\', next].iter(), true),
                        None => push(out, ['\\'].iter(), true),
                    }
                    at += 2;
                    continue;
                }
                '\'' if !quoted => {
                    let closed = end.saturating_sub(1);
                    let inner = text.get(at + 1..closed).unwrap_or_default();
                    push(out, inner, true);
                }
                '"' if quotes != Quotes::Document => {
                    if quoted {
                        // `"${A:-"x"}"`: the inner quotes go, what they hold is quoted anyway.
                        at += 1;
                        continue;
                    }
                    self.string(text, at + 1, end, view, out);
                }
                '$' => {
                    at = self.dollar(text, at, quotes, view, out);
                    continue;
                }
                '`' => {
                    let inner = text_of(text, at + 1, end.saturating_sub(1));
                    let inner = inner
                        .replace("\\`", "`")
                        .replace("\\$", "$")
                        .replace("\\\\", "\\");
                    let value = self.substitute(&view.code(&inner, at + 1));
                    push_expanded(out, value, quoted);
                }
                '<' | '>' if !quoted && text.get(at + 1) == Some(&'(') => {
                    let inner = text_of(text, at + 2, end.saturating_sub(1));
                    let value = self.process(&view.code(&inner, at + 2), *c == '<');
                    push_text(out, &value, true);
                }
                c => {
                    push(out, [c], quoted);
                    at += 1;
                    continue;
                }
            }
            at = end.max(at + 1);
        }
    }

    fn string(
        &mut self,
        text: &[char],
        start: usize,
        end: usize,
        view: View<'_>,
        out: &mut Vec<Segment>,
    ) {
        let closed = end.saturating_sub(1).max(start);
        let inner = text.get(start..closed).unwrap_or_default();
        if inner.is_empty() {
            push_quoted_nothing(out);
        }
        self.walk(inner, Quotes::Double, view.moved(start), out);
    }

    /// Expands what starts with `$`, and gives where it ends.
    fn dollar(
        &mut self,
        text: &[char],
        at: usize,
        quotes: Quotes,
        view: View<'_>,
        out: &mut Vec<Segment>,
    ) -> usize {
        let quoted = quotes != Quotes::None;
        let end = scan::skip(text, at);
        let Some(next) = text.get(at + 1).copied() else {
            push(out, ['$'].iter(), quoted);
            return at + 1;
        };
        match next {
            '(' if text.get(at + 2) == Some(&'(') && ends_twice(text, end) => {
                let inner = text_of(text, at + 3, end.saturating_sub(2));
                let value = self.arithmetic(&view.code(&inner, at + 3));
                push_expanded(out, value, quoted);
                end
            }
            '(' => {
                let inner = text_of(text, at + 2, end.saturating_sub(1));
                let value = self.substitute(&view.code(&inner, at + 2));
                push_expanded(out, value, quoted);
                end
            }
            '{' => {
                let inner = text.get(at + 2..end.saturating_sub(1)).unwrap_or_default();
                self.parameter(inner, quoted, view.moved(at + 2), out);
                end
            }
            '\'' if !quoted => {
                let inner = text_of(text, at + 2, end.saturating_sub(1));
                push_text(out, &super::builtin::unescape(&inner), true);
                end
            }
            '"' if !quoted => {
                self.string(text, at + 2, end, view, out);
                end
            }
            c if c.is_ascii_alphabetic() || c == '_' => {
                let mut end = at + 1;
                while text
                    .get(end)
                    .is_some_and(|c| c.is_ascii_alphanumeric() || *c == '_')
                {
                    end += 1;
                }
                let name = text.get(at + 1..end).unwrap_or_default();
                self.parameter(name, quoted, view.moved(at + 1), out);
                end
            }
            c if c.is_ascii_digit() || "@*#?$!-".contains(c) => {
                self.parameter(&[c], quoted, view.moved(at + 1), out);
                at + 2
            }
            _ => {
                push(out, ['$'].iter(), quoted);
                at + 1
            }
        }
    }

    /// What a command prints, without line breaks at its end.
    pub(super) fn substitute(&mut self, code: &Raw) -> String {
        let here = self.here.clone();
        // `$(<file)`
        if let Some(path) = code.text.trim().strip_prefix('<')
            && !path.starts_with(['<', '('])
        {
            let path = self.raw_here(path.trim());
            let path = self.text(&path);
            return match self.read_file(&path) {
                Some(text) => text.trim_end_matches('\n').to_owned(),
                None => self.unknown(&format!("$(<{path})"), "the file is not known"),
            };
        }
        let printed = self.deeper(|shell| {
            let block = shell.parse(code);
            shell.subshell(|shell| {
                shell.captured(|shell| {
                    shell.block(&block);
                })
            })
        });
        self.here = here;
        let Some(mut printed) = printed else {
            return self.unknown(&code.text, "nested too deep to be evaluated");
        };
        while printed.ends_with('\n') {
            printed.pop();
        }
        printed
    }

    /// `<(…)`: the path of a file that holds what the command prints.
    fn process(&mut self, code: &Raw, reads: bool) -> String {
        let printed = self.substitute(code);
        let path = format!("/dev/fd/{}", 63 + self.state.files.len());
        if reads {
            self.write(&path, &(printed + "\n"), false);
        }
        path
    }

    /// Evaluates `$(( … ))`; unknown where it is not known or no number.
    pub(super) fn arithmetic(&mut self, code: &Raw) -> String {
        let what = || format!("$(({}))", code.text);
        // What stands inside is expanded once: twice would double the work with each level.
        let Some(text) = self.deeper(|shell| shell.document(code)) else {
            return self.unknown(&what(), "nested too deep to be evaluated");
        };
        match self.calculated(&text) {
            Some(value) => value.to_string(),
            None if unknown::is_known(&text) => self.unknown(&what(), "it cannot be calculated"),
            None => self.derived(&what(), &text),
        }
    }
}

/// In which quotes text stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quotes {
    None,
    Double,
    Document,
}

fn ends_twice(text: &[char], end: usize) -> bool {
    end >= 2 && text.get(end - 2..end) == Some(&[')', ')'])
}

/// Whether a character may begin something that expands, or a quote or an escape.
fn is_special(c: char) -> bool {
    matches!(c, '\\' | '\'' | '"' | '$' | '`' | '<' | '>')
}

/// Whether a word stands for itself: nothing in it expands, and nothing in it is a pattern or unknown.
fn is_plain(word: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_./:=@,+%".contains(&b);
    !word.is_empty() && word.bytes().all(plain)
}

/// Adds text as written; neighbours of one kind grow together.
fn push<'c>(out: &mut Vec<Segment>, added: impl IntoIterator<Item = &'c char>, quoted: bool) {
    match growing(out, quoted) {
        Some(text) => text.extend(added),
        None => out.push(written(added.into_iter().collect(), quoted)),
    }
}

fn push_text(out: &mut Vec<Segment>, added: &str, quoted: bool) {
    match growing(out, quoted) {
        Some(text) => text.push_str(added),
        None => out.push(written(added.to_owned(), quoted)),
    }
}

/// The text that more of the same kind is added to.
fn growing(out: &mut [Segment], wanted: bool) -> Option<&mut String> {
    match out.last_mut()? {
        Segment::Text {
            text,
            quoted,
            expanded: false,
            certain: true,
        } if *quoted == wanted => Some(text),
        _ => None,
    }
}

fn written(text: String, quoted: bool) -> Segment {
    Segment::Text {
        text,
        quoted,
        expanded: false,
        certain: true,
    }
}

fn push_quoted_nothing(out: &mut Vec<Segment>) {
    push_text(out, "", true);
}

/// Adds text that came out of an expansion.
pub(super) fn push_expanded(out: &mut Vec<Segment>, text: String, quoted: bool) {
    out.push(Segment::Text {
        text,
        quoted,
        expanded: true,
        certain: true,
    });
}
