//! Fields and characters of lines: `cut`, and the simple programs of `awk`.

use super::{Output, input, joined};
use crate::eval::shell::interpreter::Shell;
use crate::eval::unknown::{self, Mark};

pub(super) fn cut(shell: &mut Shell<'_>, arguments: &[String]) -> Option<Output> {
    let (mut delimiter, mut fields, mut chars) = ('\t', None, None);
    let mut files = Vec::new();
    let mut only_delimited = false;
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let mut value = |rest: &str| {
            if rest.is_empty() {
                words.next().cloned()
            } else {
                Some(rest.to_owned())
            }
        };
        if let Some(rest) = word.strip_prefix("--delimiter=") {
            delimiter = rest.chars().next()?;
        } else if let Some(rest) = word.strip_prefix("--fields=") {
            fields = Some(rest.to_owned());
        } else if let Some(rest) = word.strip_prefix("-d") {
            delimiter = value(rest)?.chars().next()?;
        } else if let Some(rest) = word.strip_prefix("-f") {
            fields = Some(value(rest)?);
        } else if let Some(rest) = word.strip_prefix("-c").or_else(|| word.strip_prefix("-b")) {
            chars = Some(value(rest)?);
        } else if word == "-s" {
            only_delimited = true;
        } else if word.starts_with('-') && word.len() > 1 {
            return None;
        } else {
            files.push(word.clone());
        }
    }
    let text = input(shell, &files)?;
    let mut out = Vec::new();
    for line in text.lines() {
        if let Some(list) = &chars {
            let ranges = ranges(list)?;
            let all: Vec<char> = line.chars().collect();
            let last = ranges.iter().map(|(_, end)| *end).max()?;
            let reached = all.get(..last.min(all.len()))?;
            if reached.iter().any(|c| Mark::from_char(*c).is_some()) {
                return None;
            }
            let kept = all
                .iter()
                .enumerate()
                .filter(|(i, _)| holds(&ranges, i + 1));
            out.push(kept.map(|(_, c)| *c).collect());
            continue;
        }
        let ranges = ranges(fields.as_ref()?)?;
        let parts: Vec<&str> = line.split(delimiter).collect();
        if parts.len() == 1 {
            if !unknown::is_known(line) {
                return None;
            }
            if !only_delimited {
                out.push(line.to_owned());
            }
            continue;
        }
        // An unknown part may hold a delimiter, and then the fields from it on are others.
        let last = ranges.iter().map(|(_, end)| *end).max()?.min(parts.len());
        let open_end = ranges.iter().any(|(_, end)| *end == usize::MAX);
        let first = ranges.iter().map(|(start, _)| *start).min()?;
        let reached = if open_end {
            first.saturating_sub(1)
        } else {
            last
        };
        if parts
            .iter()
            .take(reached)
            .any(|part| !unknown::is_known(part))
        {
            return None;
        }
        let kept: Vec<&str> = parts
            .iter()
            .enumerate()
            .filter(|(i, _)| holds(&ranges, i + 1))
            .map(|(_, part)| *part)
            .collect();
        out.push(kept.join(&delimiter.to_string()));
    }
    Output::of(joined(&out))
}

fn ranges(list: &str) -> Option<Vec<(usize, usize)>> {
    let mut found = Vec::new();
    for part in list.split(',') {
        let range = match part.split_once('-') {
            Some(("", end)) => (1, end.parse().ok()?),
            Some((start, "")) => (start.parse().ok()?, usize::MAX),
            Some((start, end)) => (start.parse().ok()?, end.parse().ok()?),
            None => {
                let at = part.parse().ok()?;
                (at, at)
            }
        };
        found.push(range);
    }
    Some(found)
}

fn holds(ranges: &[(usize, usize)], at: usize) -> bool {
    ranges
        .iter()
        .any(|(start, end)| (*start..=*end).contains(&at))
}

/// `awk -F… '{print $1"-"$NF}'`, with an optional `/text/` or `NR==1` before.
pub(super) fn awk(shell: &mut Shell<'_>, arguments: &[String]) -> Option<Output> {
    let mut separator: Option<String> = None;
    let mut words = arguments.iter();
    let mut program = None;
    let mut files = Vec::new();
    while let Some(word) = words.next() {
        if let Some(rest) = word.strip_prefix("-F") {
            separator = Some(if rest.is_empty() {
                words.next()?.clone()
            } else {
                rest.to_owned()
            });
        } else if word.starts_with('-') && word.len() > 1 {
            return None;
        } else if program.is_none() {
            program = Some(word.clone());
        } else {
            files.push(word.clone());
        }
    }
    let program = program?;
    let (condition, action) = program.split_once('{')?;
    let action = action
        .trim()
        .strip_suffix('}')?
        .trim()
        .trim_end_matches(';');
    let items = action.strip_prefix("print")?;
    let text = input(shell, &files).filter(|text| unknown::is_known(text))?;
    let splitter = match separator.as_deref() {
        None => None,
        Some(s) if s.chars().count() == 1 => Some(s.to_owned()),
        Some(s) if s.len() == 2 && s.starts_with('\\') => s.get(1..).map(str::to_owned),
        Some(s) if s.starts_with('[') && s.ends_with(']') && s.chars().count() == 3 => {
            s.get(1..2).map(str::to_owned)
        }
        Some(s)
            if s.chars()
                .all(|c| c.is_alphanumeric() || c == '-' || c == '/' || c == ':') =>
        {
            Some(s.to_owned())
        }
        Some(_) => return None,
    };
    let condition = condition.trim();
    let mut out = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let runs = match condition {
            "" => true,
            _ => match (condition.strip_prefix("NR=="), condition.strip_prefix('/')) {
                (Some(number), _) => number.trim().parse::<usize>().ok()? == index + 1,
                (_, Some(pattern)) => {
                    let pattern = pattern.strip_suffix('/')?;
                    let plain = pattern.trim_start_matches('^');
                    if plain.contains(['.', '*', '[', '(', '\\', '+', '?', '$', '|']) {
                        return None;
                    }
                    if plain.len() == pattern.len() {
                        line.contains(plain)
                    } else {
                        line.starts_with(plain)
                    }
                }
                _ => return None,
            },
        };
        if runs {
            let parts: Vec<&str> = match &splitter {
                Some(s) => line.split(s.as_str()).collect(),
                None => line.split_whitespace().collect(),
            };
            out.push(print(items, line, &parts)?);
        }
    }
    Output::of(joined(&out))
}

/// What `print` prints: fields and quoted text, joined by nothing, or by a blank after a comma.
fn print(items: &str, line: &str, parts: &[&str]) -> Option<String> {
    let mut rest = items.trim();
    let mut out = String::new();
    if rest.is_empty() {
        return Some(line.to_owned());
    }
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('"') {
            let (text, after) = after.split_once('"')?;
            if text.contains('\\') {
                return None;
            }
            out.push_str(text);
            rest = after.trim_start();
        } else if let Some((folded, after)) = folded(rest, line, parts) {
            out.push_str(&folded);
            rest = after.trim_start();
        } else if let Some(after) = rest.strip_prefix("$NF") {
            out.push_str(parts.last().copied().unwrap_or_default());
            rest = after.trim_start();
        } else if let Some(after) = rest.strip_prefix("$(NF-1)") {
            out.push_str(parts.iter().rev().nth(1).copied().unwrap_or_default());
            rest = after.trim_start();
        } else if let Some(after) = rest.strip_prefix('$') {
            let end = after
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(after.len());
            let (number, after) = after.split_at_checked(end)?;
            match number.parse::<usize>().ok()? {
                0 => out.push_str(line),
                n => out.push_str(parts.get(n - 1).copied().unwrap_or_default()),
            }
            rest = after.trim_start();
        } else if let Some(after) = rest.strip_prefix(',') {
            out.push(' ');
            rest = after.trim_start();
        } else {
            return None;
        }
    }
    Some(out)
}

/// `tolower(…)` and `toupper(…)` at the start of what is printed, and what follows them.
fn folded<'t>(rest: &'t str, line: &str, parts: &[&str]) -> Option<(String, &'t str)> {
    let lower = rest.strip_prefix("tolower(");
    let inner = lower.or_else(|| rest.strip_prefix("toupper("))?;
    let (inner, after) = inner.split_once(')')?;
    if inner.contains('(') {
        return None;
    }
    let text = print(inner, line, parts)?;
    let text = if lower.is_some() {
        text.to_lowercase()
    } else {
        text.to_uppercase()
    };
    Some((text, after))
}
