//! Tags, and parts of tags, that are fixed by convention: commits, dates and numbers of builds.

/// Words that say that a commit follows.
const COMMIT_WORDS: &[&str] = &["sha", "git", "commit", "rev", "g"];

/// Whether a whole tag is a commit: 7 to 40 hexadecimal digits, a letter among them.
pub(super) fn is_commit(tag: &str) -> bool {
    is_hex(tag) && tag.bytes().any(|b| b.is_ascii_lowercase())
}

/// Whether the last part of a tag is a commit: `main-1a2b3c4`, `sha-1234567`, `5-g1a2b3c4`.
/// By itself a word such as `defaced` would be one too, so that a digit is asked for here.
pub(super) fn ends_in_commit(tag: &str) -> bool {
    let Some((before, last)) = tag.rsplit_once(['-', '_', '.']) else {
        return false;
    };
    let word = before.rsplit(['-', '_', '.']).next().unwrap_or(before);
    is_commit_part(last) || (is_hex(last) && COMMIT_WORDS.contains(&word))
}

/// Whether a part of a tag is a commit, perhaps with the `g` of `git describe` before it.
pub(super) fn is_commit_part(part: &str) -> bool {
    let hex = part.strip_prefix('g').unwrap_or(part);
    is_commit(hex) && hex.bytes().any(|b| b.is_ascii_digit())
}

fn is_hex(text: &str) -> bool {
    (7..=40).contains(&text.len()) && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'))
}

/// Whether a tag holds a day, `20240910` or `2024-09-10`, or is a month, `2024-09`.
pub(super) fn has_date(tag: &str) -> bool {
    let mut parts = tag.split(['-', '_', '.', 'T', 't']);
    let mut spread = tag.split(['-', '_']);
    if parts.any(is_day) {
        return true;
    }
    let (mut year, mut month) = ("", "");
    let mut count = 0;
    // The first part may have a word before it: `RELEASE.2024-09-10T…`.
    for part in spread.by_ref() {
        count += 1;
        let next = part.rsplit('.').next().unwrap_or(part);
        if is_year(year) && is_month(month) && starts_with_day(part) {
            return true;
        }
        (year, month) = (month, next);
    }
    count == 2 && is_year(year) && is_month(month)
}

/// `20240910`, with or without a time behind it: `202409101530`, `20240910153059`.
pub(super) fn is_day(part: &str) -> bool {
    let cut = |from: usize, to: usize| part.get(from..to).unwrap_or_default();
    matches!(part.len(), 8 | 10 | 12 | 14)
        && part.bytes().all(|b| b.is_ascii_digit())
        && is_year(cut(0, 4))
        && is_month(cut(4, 6))
        && starts_with_day(cut(6, 8))
}

fn is_year(part: &str) -> bool {
    part.len() == 4 && within(part, 1990, 2099)
}

fn is_month(part: &str) -> bool {
    part.len() == 2 && within(part, 1, 12)
}

fn starts_with_day(part: &str) -> bool {
    part.get(..2).is_some_and(|day| within(day, 1, 31))
}

fn within(digits: &str, low: u32, high: u32) -> bool {
    digits.bytes().all(|b| b.is_ascii_digit())
        && digits
            .parse()
            .is_ok_and(|value: u32| (low..=high).contains(&value))
}

/// Cuts what tells builds apart off the text that follows a version: gives it and the rest, in
/// which the variant stands. `_9-jre` is build 9 of the variant `jre`, `-debian-12-r5` build `r5`
/// of `debian-12`.
pub(super) fn cut_build(rest: &str) -> (&str, &str) {
    let body = rest.trim_start_matches(['-', '_', '.']);
    let (first, after) = match body.find(['-', '_']) {
        Some(at) => body.split_at_checked(at).unwrap_or((body, "")),
        None => (body, ""),
    };
    if is_build_number(first) || is_qualifier(first) {
        // `5-g1a2b3c4`, as `git describe` has it, is one build.
        let next = after.trim_start_matches(['-', '_']);
        if is_commit_part(next) {
            return (body, "");
        }
        return (first, next);
    }
    match body.rfind(['-', '_', '.']) {
        Some(at) if is_build(body.get(at + 1..).unwrap_or_default()) => (
            body.get(at + 1..).unwrap_or_default(),
            body.get(..at).unwrap_or_default(),
        ),
        None if is_build(body) => (body, ""),
        _ => ("", body),
    }
}

/// `9`, `1160`, `34.1599745032`.
fn is_build_number(part: &str) -> bool {
    let number = |digits: &str| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    part.split('.').all(number)
}

/// Words that say that a version is released, and nothing of its variant.
fn is_qualifier(part: &str) -> bool {
    ["final", "ga", "release"]
        .iter()
        .any(|word| part.eq_ignore_ascii_case(word))
}

/// A last part that is no variant: `r5`, `ls123`, `b1234`, a day, a commit, a long number.
fn is_build(part: &str) -> bool {
    let counted = ["r", "ls", "b", "build"].iter().any(|word| {
        part.strip_prefix(word)
            .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|b| b.is_ascii_digit()))
    });
    let long = part.len() >= 6 && part.bytes().all(|b| b.is_ascii_digit());
    counted || long || is_day(part) || is_commit_part(part)
}
