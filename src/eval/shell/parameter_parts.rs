//! The parts of a parameter expansion as written.

use super::scan::{self, text_of};

/// A parsed `${…}`.
pub(super) struct Parsed<'t> {
    /// `${#…}`
    pub(super) length: bool,
    /// `${!…}`
    pub(super) indirect: bool,
    pub(super) name: String,
    pub(super) subscript: Option<String>,
    /// The operator with all that follows, and at which character it starts.
    pub(super) rest: &'t [char],
    pub(super) rest_at: usize,
}

/// The operator of `${V:-w}` with whether it has its colon, and the word.
pub(super) fn default_operator(rest: &[char]) -> Option<((char, bool), &[char])> {
    let colon = rest.first() == Some(&':');
    let operator = *rest.get(usize::from(colon))?;
    if !matches!(operator, '-' | '+' | '=' | '?') {
        return None;
    }
    Some(((operator, colon), rest.get(1 + usize::from(colon)..)?))
}

pub(super) fn parse(inner: &[char]) -> Option<Parsed<'_>> {
    let plain = |inner| parse_name(inner, false, false);
    match inner.first()? {
        '#' if inner.len() > 1 => {
            if let Some(parsed) = parse_name(inner.get(1..)?, true, false)
                && parsed.rest.is_empty()
            {
                return Some(parsed);
            }
            plain(inner)
        }
        '!' if inner.len() > 1 => {
            let mut parsed = parse_name(inner.get(1..)?, false, true)?;
            parsed.rest_at += 1;
            Some(parsed)
        }
        _ => plain(inner),
    }
}

fn parse_name(inner: &[char], length: bool, indirect: bool) -> Option<Parsed<'_>> {
    let first = *inner.first()?;
    let mut end = 1;
    if first.is_ascii_alphabetic() || first == '_' {
        while inner
            .get(end)
            .is_some_and(|c| c.is_ascii_alphanumeric() || *c == '_')
        {
            end += 1;
        }
    } else if first.is_ascii_digit() {
        while inner.get(end).is_some_and(char::is_ascii_digit) {
            end += 1;
        }
    } else if !"@*#?$!-".contains(first) {
        return None;
    }
    let name = text_of(inner, 0, end);
    let mut subscript = None;
    if inner.get(end) == Some(&'[') {
        let mut at = end + 1;
        while inner.get(at).is_some_and(|c| *c != ']') {
            at = scan::skip(inner, at);
        }
        subscript = Some(text_of(inner, end + 1, at.min(inner.len())));
        end = (at + 1).min(inner.len());
    }
    Some(Parsed {
        length,
        indirect,
        name,
        subscript,
        rest: inner.get(end..)?,
        rest_at: end,
    })
}
