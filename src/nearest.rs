//! Which known word a misspelt one was meant for.

/// The known word that differs least from the given one, if it is near enough to be meant: at most
/// half of the letters differ, or one is the start of the other (`prod` for `production`).
#[must_use]
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let lower = word.to_lowercase();
    let weighed = known.into_iter().map(|name| {
        let begins = lower.len() >= 3 && (name.starts_with(&lower) || lower.starts_with(name));
        let begins = begins && !name.is_empty();
        (if begins { 1 } else { distance(&lower, name) }, name)
    });
    let (weight, name) = weighed.min()?;
    let allowed = match word.chars().count() {
        0..=2 => 1,
        length => length.div_ceil(2),
    };
    (weight <= allowed && weight < name.chars().count().max(2)).then_some(name)
}

/// The half sentence that proposes the nearest known word; empty where none is near.
#[must_use]
pub fn hint<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(word, known).map_or_else(String::new, |near| format!("; did you mean `{near}`?"))
}

/// How many letters have to be put in, taken away, replaced, or exchanged with their neighbour to
/// get from one word to the other.
#[must_use]
pub fn distance(a: &str, b: &str) -> usize {
    let a: Vec<char> = a.chars().take(LONGEST).collect();
    let b: Vec<char> = b.chars().take(LONGEST).collect();
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, c) in a.iter().enumerate() {
        let mut next = vec![i + 1];
        for (j, other) in b.iter().enumerate() {
            let at = |row: &[usize], index: usize| row.get(index).copied().unwrap_or(usize::MAX);
            let replaced = at(&row, j).saturating_add(usize::from(c != other));
            let dropped = at(&row, j + 1).saturating_add(1);
            let added = at(&next, j).saturating_add(1);
            let mut best = replaced.min(dropped).min(added);
            let crossed = i > 0 && j > 0 && b.get(j - 1) == Some(c) && a.get(i - 1) == Some(other);
            if crossed {
                best = best.min(at(&before, j - 1).saturating_add(1));
            }
            next.push(best);
        }
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or(0)
}

/// Letters of a word that are looked at: no word that is known is nearly as long.
const LONGEST: usize = 200;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_counted() {
        assert_eq!(distance("latest", "latest"), 0);
        assert_eq!(distance("lastest", "latest"), 1);
        assert_eq!(distance("latest-slmi", "latest-slim"), 1);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("名前", "名"), 1);
    }

    #[test]
    fn only_near_words_are_proposed() {
        let known = ["production", "staging", "development", "ci"];
        let of = |word| nearest(word, known);
        assert_eq!(of("prod"), Some("production"));
        assert_eq!(of("developement"), Some("development"));
        assert_eq!(of("stagign"), Some("staging"));
        assert_eq!(of("Production"), Some("production"));
        assert_eq!(of("zzz"), None);
        assert_eq!(of(""), None);
        assert_eq!(hint("cl", known), "; did you mean `ci`?");
    }
}
