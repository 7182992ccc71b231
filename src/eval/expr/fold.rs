//! Comparison without case as GitHub does it: character by character, in upper case.
//!
//! Only mappings of one character to one count, so `ß` is no `SS`; the dotless `ı` and the long
//! `ſ` stay what they are.

use std::cmp::Ordering;

/// The character that stands for all cases of this one.
pub(crate) fn fold(c: char) -> char {
    if c.is_ascii() {
        return c.to_ascii_uppercase();
    }
    match c {
        'ı' | 'ſ' => c,
        // Greek letters with iota below: one to one here, while the full mapping spells it out.
        '\u{1f80}'..='\u{1f87}' | '\u{1f90}'..='\u{1f97}' | '\u{1fa0}'..='\u{1fa7}' => {
            char::from_u32(u32::from(c) + 8).unwrap_or(c)
        }
        '\u{1fb3}' | '\u{1fc3}' | '\u{1ff3}' => char::from_u32(u32::from(c) + 9).unwrap_or(c),
        _ => {
            let mut upper = c.to_uppercase();
            match (upper.next(), upper.next()) {
                (Some(one), None) => one,
                _ => c,
            }
        }
    }
}

/// Text in which case no longer matters.
pub(crate) fn fold_text(text: &str) -> String {
    match text.is_ascii() {
        true => text.to_ascii_uppercase(),
        false => text.chars().map(fold).collect(),
    }
}

/// Whether two characters differ at most in case.
pub(crate) fn same(a: char, b: char) -> bool {
    a == b || fold(a) == fold(b)
}

/// Whether two texts differ at most in case.
pub(crate) fn same_text(a: &str, b: &str) -> bool {
    if a.is_ascii() && b.is_ascii() {
        return a.eq_ignore_ascii_case(b);
    }
    let (mut a, mut b) = (a.chars(), b.chars());
    loop {
        match (a.next(), b.next()) {
            (None, None) => return true,
            (Some(one), Some(other)) if same(one, other) => {}
            _ => return false,
        }
    }
}

/// The order of two characters without case, by their UTF-16 units.
pub(crate) fn order(a: char, b: char) -> Ordering {
    let (a, b) = (fold(a), fold(b));
    let first_unit = |c: char| *c.encode_utf16(&mut [0; 2]).first().unwrap_or(&0);
    first_unit(a).cmp(&first_unit(b)).then(a.cmp(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_to_one_mappings_only() {
        assert!(same('a', 'A') && same('ä', 'Ä') && same('ς', 'σ'));
        assert!(!same('ı', 'I') && !same('ß', 'S') && !same('İ', 'i'));
    }

    #[test]
    fn nothing_else_folds_to_ascii() {
        let others = ('\u{80}'..=char::MAX).map(fold);
        assert_eq!(others.filter(char::is_ascii).count(), 0);
    }

    #[test]
    fn characters_order_by_their_units() {
        assert_eq!(order('a', 'B'), Ordering::Less);
        // A surrogate pair begins below U+FF5E although its code point lies above.
        assert_eq!(order('\u{1f60a}', '\u{ff5e}'), Ordering::Less);
    }
}
