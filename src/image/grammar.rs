//! The grammar of image references, byte by byte: which texts are a domain, a path, a tag, a
//! digest, and where one ends and the next begins. What the parts mean is not decided here.

/// Repositories with a longer path are refused.
pub(super) const MAX_PATH: usize = 255;
/// Tags are no longer than this.
pub(super) const MAX_TAG: usize = 128;

/// A reference cut at its separators: `name[:tag][@digest]`. The name is not looked at yet.
pub(super) struct Cut<'t> {
    pub(super) name: &'t str,
    pub(super) tag: Option<&'t str>,
    pub(super) digest: Option<&'t str>,
}

/// Cuts a reference; `None` where what follows the name is no tag or no digest.
pub(super) fn cut(text: &str) -> Option<Cut<'_>> {
    let (rest, digest) = match text.rsplit_once('@') {
        Some((rest, digest)) if is_digest(digest) => (rest, Some(digest)),
        Some(_) => return None,
        None => (text, None),
    };
    // The colon of a port stands before the last slash, that of a tag after it.
    let slash = rest.rfind('/').map_or(0, |at| at + 1);
    let (name, tag) = match rest.get(slash..)?.split_once(':') {
        Some((last, tag)) if is_tag(tag) => (rest.get(..slash + last.len())?, Some(tag)),
        Some(_) => return None,
        None => (rest, None),
    };
    Some(Cut { name, tag, digest })
}

/// How much of a name is its domain: 0 for none. `None` where it is no name.
pub(super) fn domain_length(name: &str) -> Option<usize> {
    match name.split_once('/') {
        Some((domain, path)) if is_domain(domain) && is_path(path) => Some(domain.len()),
        _ if is_path(name) => Some(0),
        _ => None,
    }
}

pub(super) fn is_lower_hex(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

/// `host`, `host.example:5000`, `[::1]:5000`.
fn is_domain(text: &str) -> bool {
    let digits = |port: &str| !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
    if let Some(rest) = text.strip_prefix('[') {
        let Some((address, after)) = rest.split_once(']') else {
            return false;
        };
        return !address.is_empty()
            && address.bytes().all(|b| b.is_ascii_hexdigit() || b == b':')
            && (after.is_empty() || after.strip_prefix(':').is_some_and(digits));
    }
    let (host, port) = match text.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (text, None),
    };
    host.split('.').all(is_label) && port.is_none_or(digits)
}

/// Letters and digits, with dashes inside.
fn is_label(label: &str) -> bool {
    let bytes = label.as_bytes();
    let ends = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
    ends(bytes.first())
        && ends(bytes.last())
        && bytes
            .iter()
            .all(|b| b.is_ascii_alphanumeric() || *b == b'-')
}

/// Components of lower-case letters and digits, joined inside by `.`, `_`, `__` or a run of `-`.
pub(super) fn is_path(text: &str) -> bool {
    let word = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    text.split('/').all(|component| {
        let bytes = component.as_bytes();
        let ends = |b: Option<&u8>| b.is_some_and(|b| word(*b));
        ends(bytes.first())
            && ends(bytes.last())
            && bytes.split(|b| word(*b)).all(|separator| match separator {
                [] | b"." | b"_" | b"__" => true,
                run => run.iter().all(|b| *b == b'-'),
            })
    })
}

/// Whether a text can be a tag: at most 128 letters, digits, `_`, `.` and `-`, the first of them a
/// letter, a digit or `_`.
#[must_use]
pub fn is_tag(text: &str) -> bool {
    let bytes = text.as_bytes();
    let word = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
    bytes.len() <= MAX_TAG
        && bytes.first().is_some_and(word)
        && bytes.iter().all(|b| word(b) || matches!(b, b'.' | b'-'))
}

/// `algorithm:hex`, the algorithm of words joined by one of `+ . _ -`, the digits 32 or more.
fn is_digest(text: &str) -> bool {
    let Some((algorithm, hex)) = text.split_once(':') else {
        return false;
    };
    let word = |word: &str| {
        word.starts_with(|c: char| c.is_ascii_alphabetic())
            && word.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    algorithm.split(['+', '.', '_', '-']).all(word)
        && hex.len() >= 32
        && hex.bytes().all(|b| b.is_ascii_hexdigit())
}
