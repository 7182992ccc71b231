//! `${VAR}` in a pipeline file, replaced before anything else looks at it: the functions that Drone
//! and Woodpecker know, over variables of the pipeline. A plain `$VAR` is left to the shell.

use std::ops::Range;
use std::rc::Rc;

use globset::GlobBuilder;

use crate::eval::unknown::{self, Mark, Unknowns};
use crate::formats::ci::text::Text;
use crate::formats::ci::tree::Template;
use crate::source::{FileId, Place};

/// How deep substitutions may stand in one another.
const DEPTH: usize = 8;

/// Where variables come from: the text, empty where there is none.
pub type Lookup<'a> = &'a dyn Fn(&str) -> String;

/// A scalar with its variables replaced.
pub fn scalar(file: FileId, template: &Template, lookup: Lookup<'_>, unknowns: &Unknowns) -> Text {
    let template = Rc::new(template.clone());
    let source = template.text.as_str();
    let mut text = Text::default();
    let mut at = 0;
    while let Some(found) = source.get(at..).and_then(|rest| rest.find('$')) {
        let dollar = at + found;
        let rest = source.get(dollar..).unwrap_or_default();
        text.copy(file, &template, at..dollar);
        let span = |range: Range<usize>| Place {
            file,
            span: template.span_of(range),
        };
        if rest.starts_with("$$") {
            // An escaped dollar is the shell's.
            text.replace("$", span(dollar..dollar + 2));
            at = dollar + 2;
            if source.get(at..).is_some_and(|rest| rest.starts_with('{')) {
                let end = closing(source, at + 1).map_or(at, |end| end + 1);
                text.copy(file, &template, at..end);
                at = end;
            }
        } else if rest.starts_with("${") {
            let Some(end) = closing(source, dollar + 2) else {
                text.copy(file, &template, dollar..source.len());
                return text;
            };
            let inside = source.get(dollar + 2..end).unwrap_or_default();
            let place = span(dollar..end + 1);
            let value = substituted(inside, lookup, 0).unwrap_or_else(|| {
                let what = format!("${{{inside}}}");
                let mark = unknowns.note_at(what, "it is no valid substitution", Some(place));
                mark.as_char().to_string()
            });
            text.replace(&value, place);
            at = end + 1;
        } else {
            text.copy(file, &template, dollar..dollar + 1);
            at = dollar + 1;
        }
    }
    text.copy(file, &template, at..source.len());
    text
}

/// The brace that closes a substitution whose inside starts there.
fn closing(text: &str, start: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let mut before = ' ';
    for (at, c) in text.get(start..)?.char_indices() {
        match c {
            '{' if before == '$' => depth += 1,
            '}' if depth == 0 => return Some(start + at),
            '}' => depth -= 1,
            _ => {}
        }
        before = c;
    }
    None
}

/// What stands between the braces, evaluated; `None` where it is malformed.
fn substituted(inside: &str, lookup: Lookup<'_>, depth: usize) -> Option<String> {
    if depth > DEPTH {
        return None;
    }
    let named = |text: &str| {
        let end = text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
        text.split_at_checked(end.unwrap_or(text.len()))
            .map(|(name, rest)| (name.to_owned(), rest.to_owned()))
    };
    if let Some(rest) = inside.strip_prefix('#') {
        let (name, rest) = named(rest)?;
        if name.is_empty() || !rest.is_empty() {
            return None;
        }
        let value = lookup(&name);
        return Some(match unknown::first_mark(&value) {
            Some(mark) => mark.as_char().to_string(),
            None => value.len().to_string(),
        });
    }
    let (name, rest) = named(inside)?;
    if name.is_empty() {
        return None;
    }
    let value = lookup(&name);
    let argument = |text: &str| arguments(text, lookup, depth + 1);
    let function = |names: &[&str]| {
        let mut names = names.iter();
        names.find_map(|name| Some(((*name).to_owned(), rest.strip_prefix(name)?.to_owned())))
    };
    if rest.is_empty() {
        return Some(value);
    }
    if let Some((_, word)) = function(&[":-", ":=", ":?", ":+", "="]) {
        let default = argument(&word)?;
        return Some(if value.is_empty() { default } else { value });
    }
    if let Some((_, word)) = function(&[":"]) {
        return Some(cut(&value, &argument(&word)?));
    }
    if let Some((name, word)) = function(&["##", "#", "%%", "%"]) {
        return Some(trim(&value, &name, &argument(&word)?));
    }
    if let Some((name, word)) = function(&["^^", "^", ",,", ","]) {
        return word.is_empty().then(|| cased(&value, &name));
    }
    if let Some((name, word)) = function(&["//", "/#", "/%", "/"]) {
        let (from, to) = word.split_once('/')?;
        return Some(replaced(&value, &name, &argument(from)?, &argument(to)?));
    }
    None
}

/// The argument of a function, in which substitutions may stand.
fn arguments(text: &str, lookup: Lookup<'_>, depth: usize) -> Option<String> {
    let mut done = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        done.push_str(rest.get(..at)?);
        let end = closing(rest, at + 2)?;
        done.push_str(&substituted(rest.get(at + 2..end)?, lookup, depth)?);
        rest = rest.get(end + 1..)?;
    }
    done.push_str(rest);
    Some(done)
}

/// The mark for what is made from text that holds one.
fn unsettled(texts: &[&str]) -> Option<String> {
    let mark: Option<Mark> = texts.iter().find_map(|text| unknown::first_mark(text));
    mark.map(|mark| mark.as_char().to_string())
}

/// `:position` and `:position:length`, in bytes.
fn cut(value: &str, word: &str) -> String {
    if let Some(text) = unsettled(&[value, word]) {
        return text;
    }
    let (position, length) = match word.split_once(':') {
        Some((position, length)) => (position, Some(length)),
        None => (word, None),
    };
    let Ok(position) = position.parse::<i64>() else {
        return value.to_owned();
    };
    let size = i64::try_from(value.len()).unwrap_or(i64::MAX);
    let start = if position < 0 {
        position.saturating_add(size).max(0)
    } else {
        position.min(size)
    };
    let end = match length.map(str::parse::<i64>) {
        None => size,
        Some(Err(_)) => return value.to_owned(),
        Some(Ok(length)) => start.saturating_add(length).clamp(start, size),
    };
    let at = |number: i64| usize::try_from(number).unwrap_or(0);
    value.get(at(start)..at(end)).unwrap_or_default().to_owned()
}

/// `#` and `%`: the shortest, doubled the longest part that a pattern matches is taken off. The
/// real tool never takes off nothing, and never looks at the empty text.
fn trim(value: &str, function: &str, pattern: &str) -> String {
    if let Some(text) = unsettled(&[value, pattern]) {
        // What only a known end can lose is known where that end is.
        return match function {
            "#" | "##" if unknown::is_known(pattern) && !pattern.contains(['*', '?', '[']) => {
                value.strip_prefix(pattern).map_or(text, str::to_owned)
            }
            _ => text,
        };
    }
    let Ok(glob) = GlobBuilder::new(pattern).literal_separator(false).build() else {
        return value.to_owned();
    };
    let matcher = glob.compile_matcher();
    let mut ends: Vec<usize> = value.char_indices().map(|(at, _)| at).collect();
    ends.push(value.len());
    let front = function.starts_with('#');
    let long = function.len() == 2;
    let part = |at: &usize| {
        if front {
            value.get(..*at)
        } else {
            value.get(*at..)
        }
    };
    let found: Vec<usize> = ends
        .into_iter()
        .filter(|at| part(at).is_some_and(|part| !part.is_empty() && matcher.is_match(part)))
        .collect();
    let chosen = if front == long {
        found.last()
    } else {
        found.first()
    };
    let rest = chosen.and_then(|at| {
        if front {
            value.get(*at..)
        } else {
            value.get(..*at)
        }
    });
    rest.unwrap_or(value).to_owned()
}

fn cased(value: &str, function: &str) -> String {
    let first = |change: fn(&str) -> String| {
        let end = value.chars().next().map_or(0, char::len_utf8);
        let (head, tail) = value.split_at_checked(end).unwrap_or(("", value));
        change(head) + tail
    };
    match function {
        "^^" => value.to_uppercase(),
        ",," => value.to_lowercase(),
        "^" => first(str::to_uppercase),
        _ => first(str::to_lowercase),
    }
}

/// The patterns of replacements are plain text.
fn replaced(value: &str, function: &str, from: &str, to: &str) -> String {
    if from.is_empty() && function != "/" {
        return value.to_owned();
    }
    if let Some(text) = unsettled(&[value, from]) {
        return text;
    }
    match function {
        "//" => value.replace(from, to),
        "/#" => match value.strip_prefix(from) {
            Some(rest) => format!("{to}{rest}"),
            None => value.to_owned(),
        },
        "/%" => match value.strip_suffix(from) {
            Some(rest) => format!("{rest}{to}"),
            None => value.to_owned(),
        },
        _ => value.replacen(from, to, 1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lookup(name: &str) -> String {
        match name {
            "TAG" => "v1.2.3-rc.1".to_owned(),
            "SHA" => "abcdef1000".to_owned(),
            "BRANCH" => "feature/New".to_owned(),
            _ => String::new(),
        }
    }

    #[test]
    fn functions_of_substitutions() {
        for (inside, wanted) in [
            ("TAG", Some("v1.2.3-rc.1")),
            ("NONE", Some("")),
            ("TAG##v", Some("1.2.3-rc.1")),
            ("TAG#v", Some("1.2.3-rc.1")),
            ("TAG/v/", Some("1.2.3-rc.1")),
            ("TAG%%.*", Some("v1")),
            ("TAG%.*", Some("v1.2.3-rc")),
            ("TAG#*.", Some("2.3-rc.1")),
            ("TAG##*.", Some("1")),
            ("BRANCH%/*", Some("feature")),
            ("BRANCH##*/", Some("New")),
            ("SHA:0:7", Some("abcdef1")),
            ("SHA:7", Some("000")),
            ("SHA:0:99", Some("abcdef1000")),
            ("BRANCH//e/3", Some("f3atur3/N3w")),
            ("BRANCH,,", Some("feature/new")),
            ("BRANCH^", Some("Feature/New")),
            ("NONE:-latest", Some("latest")),
            ("NONE=${TAG##v}", Some("1.2.3-rc.1")),
            ("#SHA", Some("10")),
            ("TAG@Q", None),
            ("", None),
        ] {
            assert_eq!(
                substituted(inside, &lookup, 0).as_deref(),
                wanted,
                "{inside}"
            );
        }
    }
}
