//! Cutting and replacing parts of text by a pattern: `${V#p}`, `${V%p}`, `${V/p/r}`.
//!
//! Each gives nothing where unknown parts of the text or of the pattern decide the outcome.

use super::glob::Glob;
use super::truth::Truth;
use crate::eval::unknown::Mark;

/// Texts longer than this are not cut.
const LONGEST: usize = 4_000;
/// Texts longer than this are not searched for patterns with wildcards.
const LONGEST_SEARCHED: usize = 300;

fn is_mark(c: &char) -> bool {
    Mark::from_char(*c).is_some()
}

/// The text without the shortest or longest start that matches.
pub(super) fn without_prefix(text: &[char], glob: &Glob, longest: bool) -> Option<String> {
    let cut = cut(text, glob, longest, false)?;
    Some(text.get(cut..)?.iter().collect())
}

/// The text without the shortest or longest end that matches.
pub(super) fn without_suffix(text: &[char], glob: &Glob, longest: bool) -> Option<String> {
    let cut = cut(text, glob, longest, true)?;
    Some(text.get(..cut)?.iter().collect())
}

/// Where to cut; at the edge where nothing matches.
fn cut(text: &[char], glob: &Glob, longest: bool, suffix: bool) -> Option<usize> {
    if text.len() > LONGEST {
        return None;
    }
    let end = text.len();
    let cuts: Box<dyn Iterator<Item = usize>> = if longest == suffix {
        Box::new(0..=end)
    } else {
        Box::new((0..=end).rev())
    };
    let growing = !longest;
    for cut in cuts {
        // A cut inside an unknown part: between this place and the one before it in this order.
        let crossed = match (suffix, growing) {
            (false, true) | (true, false) => cut.checked_sub(1),
            (false, false) | (true, true) => Some(cut),
        };
        if let Some(at) = crossed
            && text.get(at).is_some_and(is_mark)
        {
            let piece = if suffix {
                text.get(at..)?
            } else {
                text.get(..=at)?
            };
            if glob.could_match(piece) {
                // What is removed to the end of the unknown part may still be all there is to it.
                return None;
            }
        }
        let piece = if suffix {
            text.get(cut..)?
        } else {
            text.get(..cut)?
        };
        match glob.matches(piece) {
            Truth::True => return Some(cut),
            Truth::Unknown => return None,
            Truth::False => {}
        }
    }
    Some(if suffix { end } else { 0 })
}

/// Which matches `${V/p/r}` replaces.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    First,
    All,
    Start,
    End,
}

/// The text with what matches replaced.
pub(super) fn replace(text: &[char], glob: &Glob, with: &str, which: Which) -> Option<String> {
    if text.len() > LONGEST || text.iter().any(is_mark) {
        return None;
    }
    let end = text.len();
    if glob.literal().is_some_and(|literal| literal.is_empty()) {
        let text: String = text.iter().collect();
        return Some(match which {
            Which::Start => format!("{with}{text}"),
            Which::End => format!("{text}{with}"),
            _ => text,
        });
    }
    if which == Which::End {
        for start in 0..=end {
            match glob.matches(text.get(start..)?) {
                Truth::True => {
                    let kept: String = text.get(..start)?.iter().collect();
                    return Some(kept + with);
                }
                Truth::Unknown => return None,
                Truth::False => {}
            }
        }
        return Some(text.iter().collect());
    }
    let literal = glob.literal();
    let mut out = String::new();
    let mut at = 0;
    while at < end {
        let found = match &literal {
            Some(literal) => text
                .get(at..)?
                .starts_with(literal)
                .then_some(literal.len()),
            None if glob.is_one_char() => match glob.matches(text.get(at..=at)?) {
                Truth::True => Some(1),
                Truth::Unknown => return None,
                Truth::False => None,
            },
            None if end > LONGEST_SEARCHED => return None,
            None => longest_at(text.get(at..)?, glob)?,
        };
        match found {
            Some(length) if length > 0 => {
                out.push_str(with);
                at += length;
                if which != Which::All {
                    break;
                }
            }
            _ if which == Which::Start => break,
            _ => {
                out.extend(text.get(at));
                at += 1;
            }
        }
    }
    out.extend(text.get(at..).unwrap_or_default());
    Some(out)
}

/// The length of the longest match at the start; nothing where that is not known.
fn longest_at(text: &[char], glob: &Glob) -> Option<Option<usize>> {
    for length in (1..=text.len()).rev() {
        match glob.matches(text.get(..length)?) {
            Truth::True => return Some(Some(length)),
            Truth::Unknown => return None,
            Truth::False => {}
        }
    }
    Some(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::unknown::{Unknowns, pattern};

    fn chars(text: &str) -> Vec<char> {
        let hole = Unknowns::default().note("x", "y").as_char().to_string();
        text.replace('?', &hole).chars().collect()
    }

    #[test]
    fn cuts_are_bashs_and_unknown_where_they_must_be() {
        for (text, glob, suffix, longest, wanted) in [
            ("refs/tags/v1", "refs/tags/", false, false, Some("v1")),
            ("refs/tags/v1", "*/", false, true, Some("v1")),
            ("refs/tags/v1", "*/", false, false, Some("tags/v1")),
            ("1.2.3", ".*", true, false, Some("1.2")),
            ("1.2.3", ".*", true, true, Some("1")),
            ("1.2.3", "x", true, true, Some("1.2.3")),
            ("v?", "v", false, false, Some("{?}")),
            ("w?", "v", false, false, Some("w{?}")),
            ("?", "v", false, false, None),
            ("ghcr.io/?/app", "*/", false, true, Some("app")),
            ("ghcr.io/?", "*/", false, false, Some("{?}")),
            ("ghcr.io/?", "*/", false, true, None),
            ("?-slim", "-slim", true, false, Some("{?}")),
            ("a:?", ":*", true, true, Some("a")),
            ("a:?", ":*", true, false, None),
        ] {
            let text_chars = chars(text);
            let glob_made = Glob::new(glob);
            let found = if suffix {
                without_suffix(&text_chars, &glob_made, longest)
            } else {
                without_prefix(&text_chars, &glob_made, longest)
            };
            let found = found.map(|found| pattern(&found));
            assert_eq!(found.as_deref(), wanted, "{text} {glob} {suffix} {longest}");
        }
    }

    #[test]
    fn replacing() {
        for (text, glob, with, which, wanted) in [
            ("a/b/c", "/", "-", Which::All, Some("a-b-c")),
            ("a/b/c", "/", "-", Which::First, Some("a-b/c")),
            ("vv1", "v", "", Which::Start, Some("v1")),
            ("a.b", ".*", "", Which::End, Some("a")),
            (
                "feature/x y",
                "[^a-z]",
                "-",
                Which::All,
                Some("feature-x-y"),
            ),
            ("aXXb", "X*", "y", Which::All, Some("ay")),
            ("?", "/", "-", Which::All, None),
        ] {
            let found = replace(&chars(text), &Glob::new(glob), with, which);
            assert_eq!(found.as_deref(), wanted, "{text} {glob}");
        }
    }
}
