//! Names of `images` as kustomize takes them: regular expressions in Go's syntax, not escaped, with
//! the grammar of tags and digests behind them.
//!
//! What Go's syntax and that of the engine here disagree on is written anew; what either refuses
//! matches nothing.

use regex::{Regex, RegexBuilder};

/// What may follow a name: a tag, a digest, both, or nothing.
const TAIL: &str = r"(:[a-zA-Z0-9_.{}-]*)?(@[a-zA-Z][a-zA-Z0-9]*:[a-zA-Z0-9_.{}-]*)?$";

/// Names longer than this match nothing.
const MAX_LENGTH: usize = 4096;

/// What a compiled name may weigh.
const MAX_SIZE: usize = 1 << 20;

/// A text that is compared as an expression, ready for it.
#[derive(Debug, Clone)]
enum Pattern {
    /// Letters that stand for themselves, and dots for any: most names, and no engine is needed.
    Letters(Box<str>),
    /// A regular expression.
    Expression(Box<Regex>),
    /// What is none matches nothing.
    Nothing,
}

impl Pattern {
    /// The pattern of a text, with what goes around it as an expression.
    fn new(text: &str, around: impl FnOnce(&str) -> String) -> Self {
        let letter = |b: u8| b.is_ascii_alphanumeric() || b"/.:@_-".contains(&b);
        if text.len() > MAX_LENGTH {
            return Self::Nothing;
        }
        if text.bytes().all(letter) {
            return Self::Letters(text.into());
        }
        let built = translate(text).and_then(|text| {
            let mut builder = RegexBuilder::new(&around(&text));
            builder.size_limit(MAX_SIZE).build().ok()
        });
        built.map_or(Self::Nothing, |regex| Self::Expression(Box::new(regex)))
    }
}

/// What follows letters at the start of a text; a dot among them is any character of one line.
fn after<'t>(letters: &str, text: &'t str) -> Option<&'t str> {
    let mut rest = text.chars();
    for letter in letters.chars() {
        let met = rest.next()?;
        if met != letter && (letter != '.' || met == '\n') {
            return None;
        }
    }
    Some(rest.as_str())
}

/// Whether a text is what [`TAIL`] describes.
fn is_tail(text: &str) -> bool {
    let of_tag = |b: u8| b.is_ascii_alphanumeric() || b"_.{}-".contains(&b);
    let (tag, digest) = match text.split_once('@') {
        Some((tag, digest)) => (tag, Some(digest)),
        None => (text, None),
    };
    let is_tag = match tag.strip_prefix(':') {
        Some(tag) => tag.bytes().all(of_tag),
        None => tag.is_empty(),
    };
    is_tag
        && digest.is_none_or(|digest| {
            digest.split_once(':').is_some_and(|(algorithm, hash)| {
                algorithm.starts_with(|c: char| c.is_ascii_alphabetic())
                    && algorithm.bytes().all(|b| b.is_ascii_alphanumeric())
                    && hash.bytes().all(of_tag)
            })
        })
}

/// The name of an entry, ready to be compared with images.
#[derive(Debug, Clone)]
pub struct NamePattern(Pattern);

impl NamePattern {
    /// The pattern of a name; one that is no regular expression matches nothing.
    #[must_use]
    pub fn new(name: &str) -> Self {
        // An alternation in the name takes the anchors apart, as it does in kustomize.
        Self(Pattern::new(name, |name| format!("^{name}{TAIL}")))
    }

    /// Whether the whole text of an image is this name with perhaps a tag and a digest.
    #[must_use]
    pub fn matches(&self, image: &str) -> bool {
        match &self.0 {
            Pattern::Letters(letters) => after(letters, image).is_some_and(is_tail),
            Pattern::Expression(regex) => regex.is_match(image),
            Pattern::Nothing => false,
        }
    }
}

/// A regular expression that a whole name must meet, as selectors of patches have it.
#[derive(Debug, Clone)]
pub struct Whole(Pattern);

impl Whole {
    /// The expression of a text; one that is none matches nothing.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(Pattern::new(text, |text| format!("^(?:{text})$")))
    }

    /// Whether a name meets it.
    #[must_use]
    pub fn matches(&self, name: &str) -> bool {
        match &self.0 {
            Pattern::Letters(letters) => after(letters, name).is_some_and(str::is_empty),
            Pattern::Expression(regex) => regex.is_match(name),
            Pattern::Nothing => false,
        }
    }
}

/// Go's syntax in the engine's; `None` where Go refuses what the engine would take.
fn translate(name: &str) -> Option<String> {
    let mut out = String::with_capacity(name.len());
    let mut rest = name;
    let mut repeated = false;
    while let Some(c) = rest.chars().next() {
        let after = rest.get(c.len_utf8()..).unwrap_or_default();
        let was = std::mem::take(&mut repeated);
        rest = match c {
            '\\' => escape(after, &mut out)?,
            '[' => class(after, &mut out),
            '*' | '+' | '?' if was => return None,
            '*' | '+' | '?' => {
                repeated = true;
                out.push(c);
                lazy(after, &mut out)
            }
            '{' => match count(after) {
                Some(_) if was => return None,
                Some(length) => {
                    repeated = true;
                    out.push(c);
                    out.push_str(after.get(..length).unwrap_or_default());
                    lazy(after.get(length..).unwrap_or_default(), &mut out)
                }
                None => {
                    out.push_str(r"\{");
                    after
                }
            },
            '}' => {
                out.push_str(r"\}");
                after
            }
            _ => {
                out.push(c);
                after
            }
        };
    }
    Some(out)
}

/// Takes the `?` that makes a repetition lazy.
fn lazy<'n>(rest: &'n str, out: &mut String) -> &'n str {
    match rest.strip_prefix('?') {
        Some(rest) => {
            out.push('?');
            rest
        }
        None => rest,
    }
}

/// How long a counted repetition is behind its brace: `3}`, `3,}`, `3,5}`; anything else is text.
fn count(rest: &str) -> Option<usize> {
    let end = rest.find('}')?;
    let number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let (from, to) = match rest.get(..end)?.split_once(',') {
        Some((from, to)) => (from, Some(to)),
        None => (rest.get(..end)?, None),
    };
    let valid = number(from) && to.is_none_or(|to| to.is_empty() || number(to));
    valid.then_some(end + 1)
}

/// Takes what stands behind a backslash.
fn escape<'n>(rest: &'n str, out: &mut String) -> Option<&'n str> {
    let c = rest.chars().next()?;
    let after = rest.get(c.len_utf8()..).unwrap_or_default();
    if c == 'Q' {
        let (text, after) = after.split_once(r"\E").unwrap_or((after, ""));
        out.push_str(&regex::escape(text));
        return Some(after);
    }
    if c.is_ascii_punctuation() && !matches!(c, '_') {
        out.push_str(&regex::escape(&c.to_string()));
        // What needs no escape here may still mean something else with one.
        return Some(after);
    }
    // Digits, words and blanks are those of ASCII.
    let ascii = match c {
        'd' => "[0-9]",
        'D' => "[^0-9]",
        's' => r"[\t\n\f\r ]",
        'S' => r"[^\t\n\f\r ]",
        'w' => "[0-9A-Za-z_]",
        'W' => "[^0-9A-Za-z_]",
        'b' => r"(?-u:\b)",
        'B' => r"(?-u:\B)",
        _ => {
            out.push('\\');
            out.push(c);
            return Some(after);
        }
    };
    out.push_str(ascii);
    Some(after)
}

/// Takes a class behind its bracket: the engine's classes nest and have operators, Go's do not.
fn class<'n>(rest: &'n str, out: &mut String) -> &'n str {
    out.push('[');
    let mut rest = rest;
    if let Some(after) = rest.strip_prefix('^') {
        out.push('^');
        rest = after;
    }
    if let Some(after) = rest.strip_prefix(']') {
        out.push_str(r"\]");
        rest = after;
    }
    while let Some(c) = rest.chars().next() {
        let mut taken = c.len_utf8();
        match c {
            ']' => {
                out.push(c);
                return rest.get(1..).unwrap_or_default();
            }
            '[' => match named(rest) {
                Some(length) => {
                    out.push_str(rest.get(..length).unwrap_or_default());
                    taken = length;
                }
                None => out.push_str(r"\["),
            },
            '\\' => {
                out.push(c);
                if let Some(next) = rest.get(1..).and_then(|rest| rest.chars().next()) {
                    out.push(next);
                    taken += next.len_utf8();
                }
            }
            '&' | '~' => {
                out.push('\\');
                out.push(c);
            }
            _ => out.push(c),
        }
        rest = rest.get(taken..).unwrap_or_default();
    }
    rest
}

/// How long a named class such as `[:alpha:]` is.
fn named(rest: &str) -> Option<usize> {
    let name = rest.strip_prefix("[:")?;
    Some(name.find(":]")? + 4)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_expressions_of_go() {
        for (name, image, wanted) in [
            ("nginx", "nginx:1.27", true),
            ("nginx", "docker.io/library/nginx:1.27", false),
            ("gcr.io/p/app", "gcrXio/p/app:v1", true),
            (".*", "anything:1", true),
            ("[", "[", false),
            ("a**", "aa", false),
            ("a|b", "about:anything", true),
            ("a|b", "crab:1", true),
            ("(a|b)", "about", false),
            (r"\Qa.b\E", "a.b:1", true),
            (r"\Qa.b\E", "axb:1", false),
            (r"a\d{2}", "a12", true),
            (r"a\d", "a\u{663}", false),
            ("{name}", "{name}:1", true),
            ("a{,2}", "a{,2}", true),
            ("[[a]", "[:1", true),
            ("[a&&b]", "&:1", true),
            ("[[:alpha:]]+", "abc:1", true),
            (r"a\-b", "a-b@sha512:ab", true),
            ("(?i)nginx", "NGINX:1", true),
            ("", "nginx", false),
            ("", ":1@sha256:ab", true),
            ("nginx", "nginx:1@sha256:ab", true),
            ("nginx", "nginx@sha256:ab", true),
            ("nginx", "nginx@256:ab", false),
            ("nginx", "nginx:1:2", false),
            ("nginx", "nginx:é", false),
            ("nginx", "nginxes", false),
            ("a.b", "a\u{e9}b:1", true),
            ("a.b", "a\nb:1", false),
        ] {
            assert_eq!(
                NamePattern::new(name).matches(image),
                wanted,
                "{name} {image}"
            );
        }
    }

    #[test]
    fn letters_meet_what_their_expression_meets() {
        let names = ["nginx", "gcr.io/p/app", "a.b", "h:5000/a", "", "a@b:c"];
        let tails = [
            "",
            ":",
            ":1",
            ":é",
            "@a:",
            "@a:b@c:d",
            ":1@s2:{x}",
            "@2:b",
            "\n",
            "x",
            ":1\n",
        ];
        for name in names {
            let expression = Regex::new(&format!("^{name}{TAIL}")).unwrap();
            let whole = Regex::new(&format!("^(?:{name})$")).unwrap();
            for tail in tails {
                for image in [format!("{name}{tail}"), name.replace('.', "\u{e9}") + tail] {
                    let same = expression.is_match(&image);
                    assert_eq!(
                        NamePattern::new(name).matches(&image),
                        same,
                        "{name} {image}"
                    );
                    assert_eq!(Whole::new(name).matches(&image), whole.is_match(&image));
                }
            }
        }
    }
}
