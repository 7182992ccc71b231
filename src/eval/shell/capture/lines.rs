//! Whole lines: `head`, `tail`, `grep`, `sort`, `uniq`, `wc`, `seq`.

use super::regular::{self, Flavour};
use super::{Output, input, joined, known_input};
use crate::eval::shell::interpreter::Shell;
use crate::eval::shell::truth::Status;
use crate::eval::unknown::{self, Mark};

/// How many lines or characters, and the files.
struct Count {
    lines: Option<String>,
    bytes: Option<String>,
    files: Vec<String>,
}

fn count(arguments: &[String]) -> Option<Count> {
    let mut found = Count {
        lines: None,
        bytes: None,
        files: Vec::new(),
    };
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        let mut value = |rest: &str| {
            if rest.is_empty() {
                words.next().cloned()
            } else {
                Some(rest.to_owned())
            }
        };
        if let Some(rest) = word.strip_prefix("--lines=") {
            found.lines = Some(rest.to_owned());
        } else if let Some(rest) = word.strip_prefix("--bytes=") {
            found.bytes = Some(rest.to_owned());
        } else if let Some(rest) = word.strip_prefix("-n") {
            found.lines = Some(value(rest)?);
        } else if let Some(rest) = word.strip_prefix("-c") {
            found.bytes = Some(value(rest)?);
        } else if let Some(rest) = word
            .strip_prefix('-')
            .filter(|rest| rest.parse::<usize>().is_ok())
        {
            found.lines = Some(rest.to_owned());
        } else if word.starts_with('-') && word.len() > 1 {
            if word != "-q" {
                return None;
            }
        } else {
            found.files.push(word.clone());
        }
    }
    Some(found)
}

/// Whether a line may be several: it is nothing but unknown.
fn is_open(line: &str) -> bool {
    !line.is_empty() && line.chars().all(|c| Mark::from_char(c).is_some())
}

pub(super) fn head(shell: &mut Shell<'_>, arguments: &[String]) -> Option<Output> {
    let count = count(arguments)?;
    let text = input(shell, &count.files)?;
    if let Some(bytes) = count.bytes {
        let bytes: i64 = bytes.parse().ok()?;
        if !unknown::is_known(&text) {
            let kept: String = text.chars().take(usize::try_from(bytes).ok()?).collect();
            return unknown::is_known(&kept).then(|| Output::of(kept))?;
        }
        let end = if bytes < 0 {
            text.len()
                .saturating_sub(usize::try_from(bytes.unsigned_abs()).ok()?)
        } else {
            usize::try_from(bytes).ok()?.min(text.len())
        };
        return Output::of(text.get(..end)?);
    }
    let wanted: i64 = count.lines.map_or(Some(10), |lines| lines.parse().ok())?;
    let lines: Vec<&str> = text.lines().collect();
    let kept = if wanted < 0 {
        lines
            .len()
            .saturating_sub(usize::try_from(wanted.unsigned_abs()).ok()?)
    } else {
        usize::try_from(wanted).ok()?
    };
    let kept = lines.get(..kept.min(lines.len()))?;
    if kept.iter().any(|line| is_open(line)) {
        return None;
    }
    Output::of(joined(kept))
}

pub(super) fn tail(shell: &mut Shell<'_>, arguments: &[String]) -> Option<Output> {
    let count = count(arguments)?;
    let text = input(shell, &count.files)?;
    if let Some(bytes) = count.bytes {
        if !unknown::is_known(&text) {
            return None;
        }
        let start = match bytes.strip_prefix('+') {
            Some(from) => from.parse::<usize>().ok()?.saturating_sub(1),
            None => text.len().saturating_sub(bytes.parse().ok()?),
        };
        return Output::of(text.get(start.min(text.len())..)?);
    }
    let lines: Vec<&str> = text.lines().collect();
    let wanted = count.lines.unwrap_or_else(|| "10".to_owned());
    let from = match wanted.strip_prefix('+') {
        Some(from) => from.parse::<usize>().ok()?.saturating_sub(1),
        None => lines
            .len()
            .saturating_sub(wanted.trim_start_matches('-').parse().ok()?),
    };
    if lines.iter().any(|line| is_open(line)) {
        return None;
    }
    Output::of(joined(lines.get(from.min(lines.len())..)?))
}

pub(super) fn grep(shell: &mut Shell<'_>, arguments: &[String]) -> Option<Output> {
    let mut flavour = Flavour::Basic;
    let (mut only, mut quiet, mut invert, mut ignore_case, mut counts, mut whole, mut word_bound) =
        (false, false, false, false, false, false, false);
    let mut most = usize::MAX;
    let mut patterns = Vec::new();
    let mut files = Vec::new();
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "--only-matching" => only = true,
            "--quiet" | "--silent" => quiet = true,
            "--invert-match" => invert = true,
            "--ignore-case" => ignore_case = true,
            "--extended-regexp" => flavour = Flavour::Extended,
            "--perl-regexp" => flavour = Flavour::Perl,
            "--fixed-strings" => flavour = Flavour::Fixed,
            "-e" => patterns.push(words.next()?.clone()),
            "-m" => most = words.next()?.parse().ok()?,
            "--" => {}
            _ if word.starts_with("--") => return None,
            _ if word.starts_with('-') && word.len() > 1 => {
                let letters = word.strip_prefix('-')?;
                if let Some(number) = letters.strip_prefix('m') {
                    most = number.parse().ok()?;
                    continue;
                }
                for letter in letters.chars() {
                    match letter {
                        'o' => only = true,
                        'q' => quiet = true,
                        'v' => invert = true,
                        'i' => ignore_case = true,
                        'E' => flavour = Flavour::Extended,
                        'P' => flavour = Flavour::Perl,
                        'F' => flavour = Flavour::Fixed,
                        'c' => counts = true,
                        'x' => whole = true,
                        'w' => word_bound = true,
                        's' | 'h' | 'a' => {}
                        'e' => patterns.push(words.next()?.clone()),
                        _ => return None,
                    }
                }
            }
            _ if patterns.is_empty() => patterns.push(word.clone()),
            _ => files.push(word.clone()),
        }
    }
    let text = known_input(shell, &files)?;
    let mut sources = Vec::new();
    for pattern in &patterns {
        let mut source = regular::translate(pattern, flavour);
        if whole {
            source = format!("^(?:{source})$");
        }
        if word_bound {
            source = format!("\\b(?:{source})\\b");
        }
        sources.push(source);
    }
    let regex = regular::compile(&sources.join("|"), ignore_case)?;
    let mut out: Vec<&str> = Vec::new();
    for line in text.lines() {
        if out.len() >= most {
            break;
        }
        if only && !invert {
            for found in regex.find_iter(line) {
                let found = found.ok()?.as_str();
                if !found.is_empty() {
                    out.push(found);
                }
            }
        } else if regex.is_match(line).ok()? != invert {
            out.push(line);
        }
    }
    let status = if out.is_empty() {
        Status::Failure
    } else {
        Status::Success
    };
    let text = if quiet {
        String::new()
    } else if counts {
        format!("{}\n", out.len())
    } else {
        joined(&out)
    };
    Some(Output { text, status })
}

pub(super) fn sort(shell: &mut Shell<'_>, arguments: &[String]) -> Option<Output> {
    let (mut reverse, mut versions, mut unique, mut numbers) = (false, false, false, false);
    let mut files = Vec::new();
    for word in arguments {
        match word.as_str() {
            "--version-sort" => versions = true,
            "--reverse" => reverse = true,
            "--unique" => unique = true,
            "--numeric-sort" => numbers = true,
            _ if word.starts_with('-') && word.len() > 1 => {
                for letter in word.chars().skip(1) {
                    match letter {
                        'r' => reverse = true,
                        'V' => versions = true,
                        'u' => unique = true,
                        'n' => numbers = true,
                        _ => return None,
                    }
                }
            }
            _ => files.push(word.clone()),
        }
    }
    let text = known_input(shell, &files)?;
    let mut lines: Vec<&str> = text.lines().collect();
    if versions || numbers {
        lines.sort_by(|a, b| natural(a).cmp(&natural(b)).then_with(|| a.cmp(b)));
    } else {
        lines.sort_unstable();
    }
    if reverse {
        lines.reverse();
    }
    if unique {
        lines.dedup();
    }
    Output::of(joined(&lines))
}

/// A text as runs of digits, by their value, and of other characters. `~` comes before everything.
fn natural(text: &str) -> Vec<(u8, u128, String)> {
    let chars: Vec<char> = text.chars().collect();
    chars
        .chunk_by(|a, b| a.is_ascii_digit() == b.is_ascii_digit())
        .map(|piece| {
            let text: String = piece.iter().collect();
            match text.parse::<u128>() {
                Ok(number) => (1, number, String::new()),
                Err(_) if text.starts_with('~') => (0, 0, text),
                Err(_) => (2, 0, text),
            }
        })
        .collect()
}

pub(super) fn uniq(shell: &mut Shell<'_>, arguments: &[String]) -> Option<Output> {
    if arguments.iter().any(|word| word.starts_with('-')) {
        return None;
    }
    let text = known_input(shell, arguments)?;
    let mut lines: Vec<&str> = text.lines().collect();
    lines.dedup();
    Output::of(joined(&lines))
}

pub(super) fn wc(shell: &mut Shell<'_>, arguments: &[String]) -> Option<Output> {
    let (flag, files) = arguments.split_first()?;
    let text = known_input(shell, files)?;
    let count = match flag.as_str() {
        "-l" => text.matches('\n').count(),
        "-w" => text.split_whitespace().count(),
        "-c" => text.len(),
        "-m" => text.chars().count(),
        _ => return None,
    };
    Output::of(format!("{count}\n"))
}

pub(super) fn seq(arguments: &[String]) -> Option<Output> {
    let numbers: Vec<i64> = arguments
        .iter()
        .map(|word| word.parse().ok())
        .collect::<Option<_>>()?;
    let (first, step, last) = match numbers.as_slice() {
        [last] => (1, 1, *last),
        [first, last] => (*first, 1, *last),
        [first, step, last] => (*first, *step, *last),
        _ => return None,
    };
    if step == 0 || last.abs_diff(first) / step.unsigned_abs() > 1_000 {
        return None;
    }
    let mut lines = Vec::new();
    let mut at = first;
    while (step > 0 && at <= last) || (step < 0 && at >= last) {
        lines.push(at.to_string());
        at = at.checked_add(step)?;
    }
    Output::of(joined(&lines))
}
