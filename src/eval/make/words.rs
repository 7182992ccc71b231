//! Words and `%` patterns.

/// The part that `%` stands for, where a pattern matches a word.
pub(super) fn stem<'w>(pattern: &str, word: &'w str) -> Option<&'w str> {
    match pattern.split_once('%') {
        Some((head, tail)) => {
            let rest = word.strip_prefix(head)?;
            rest.strip_suffix(tail)
        }
        None => (pattern == word).then_some(""),
    }
}

/// A pattern with the stem in its place.
pub(super) fn filled(pattern: &str, stem: &str) -> String {
    pattern.replacen('%', stem, 1)
}

/// `patsubst` over all words.
pub(super) fn replaced(pattern: &str, to: &str, text: &str) -> String {
    each(text, |word| match stem(pattern, word) {
        Some(stem) => filled(to, stem),
        None => word.to_owned(),
    })
}

/// All words changed.
pub(super) fn each(text: &str, change: impl Fn(&str) -> String) -> String {
    let words: Vec<String> = text.split_whitespace().map(change).collect();
    words.join(" ")
}
