//! Editing text: `tr` and `sed`.

use super::regular::{self, Flavour};
use super::{Output, input, joined, known_input};
use crate::eval::shell::glob::in_class;
use crate::eval::shell::interpreter::Shell;
use crate::eval::unknown::Mark;

pub(super) fn tr(shell: &mut Shell<'_>, arguments: &[String]) -> Option<Output> {
    let (mut delete, mut complement, mut squeeze) = (false, false, false);
    let mut sets = Vec::new();
    for word in arguments {
        match word
            .strip_prefix('-')
            .filter(|rest| !rest.is_empty() && sets.is_empty())
        {
            Some(letters) => {
                for letter in letters.chars() {
                    match letter {
                        'd' => delete = true,
                        'c' | 'C' => complement = true,
                        's' => squeeze = true,
                        _ => return None,
                    }
                }
            }
            None => sets.push(set(word)?),
        }
    }
    let text = input(shell, &[])?;
    let from = sets.first()?;
    let to = sets.get(1);
    let case_only = to.is_some_and(|to| {
        let folds = |a: &[char], b: &[char]| {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| a.eq_ignore_ascii_case(b))
        };
        folds(from, to) && !complement
    });
    let mut out = String::new();
    let mut last = None;
    for c in text.chars() {
        if Mark::from_char(c).is_some() {
            // Another case of an unknown text is unknown in the same way; other changes are not.
            let kept = if case_only {
                c
            } else {
                shell.derived("$(tr …)", &c.to_string()).chars().next()?
            };
            out.push(kept);
            last = None;
            continue;
        }
        let index = from.iter().position(|own| *own == c);
        let chosen = index.is_some() != complement;
        let mapped = match (chosen, to) {
            (true, _) if delete => continue,
            (true, Some(to)) => {
                let at = if complement {
                    usize::MAX
                } else {
                    index.unwrap_or(usize::MAX)
                };
                to.get(at).or(to.last()).copied().unwrap_or(c)
            }
            _ => c,
        };
        let squeezes = squeeze
            && match to {
                Some(to) => to.contains(&mapped),
                None => chosen,
            };
        if squeezes && last == Some(mapped) {
            continue;
        }
        last = Some(mapped);
        out.push(mapped);
    }
    Output::of(out)
}

/// The characters that a set of `tr` names, in order.
fn set(text: &str) -> Option<Vec<char>> {
    let text = crate::eval::shell::builtin::unescape(text);
    let chars: Vec<char> = text.chars().collect();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = chars.get(at) {
        if *c == '[' && chars.get(at + 1) == Some(&':') {
            let rest: String = chars.get(at + 2..)?.iter().collect();
            if let Some((name, _)) = rest.split_once(":]") {
                found.extend((0u8..128).map(char::from).filter(|c| in_class(name, *c)));
                at += name.chars().count() + 4;
                continue;
            }
        }
        if chars.get(at + 1) == Some(&'-')
            && let Some(high) = chars.get(at + 2)
        {
            if (*high as u32).saturating_sub(*c as u32) > 1_000 {
                return None;
            }
            found.extend(*c..=*high);
            at += 3;
            continue;
        }
        found.push(*c);
        at += 1;
    }
    Some(found)
}

/// A command of a `sed` program.
enum Edit {
    Substitute {
        regex: fancy_regex::Regex,
        with: Vec<Piece>,
        all: bool,
        print: bool,
        only: Only,
    },
    Print(Only),
    Delete(Only),
}

/// The lines that a command is for.
enum Only {
    Every,
    Line(usize),
    Matching(fancy_regex::Regex),
}

/// A piece of a replacement.
enum Piece {
    Text(String),
    Group(usize),
}

pub(super) fn sed(shell: &mut Shell<'_>, arguments: &[String]) -> Option<Output> {
    let mut flavour = Flavour::Basic;
    let mut silent = false;
    let mut programs = Vec::new();
    let mut files = Vec::new();
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "-e" | "--expression" => programs.push(words.next()?.clone()),
            "--regexp-extended" => flavour = Flavour::Extended,
            "--quiet" | "--silent" => silent = true,
            _ if word.starts_with('-') && word.len() > 1 => {
                for letter in word.chars().skip(1) {
                    match letter {
                        'E' | 'r' => flavour = Flavour::Extended,
                        'n' => silent = true,
                        'u' | 's' => {}
                        'e' => programs.push(words.next()?.clone()),
                        _ => return None,
                    }
                }
            }
            _ if programs.is_empty() => programs.push(word.clone()),
            _ => files.push(word.clone()),
        }
    }
    let mut edits = Vec::new();
    for program in &programs {
        parse(program, flavour, &mut edits)?;
    }
    let text = known_input(shell, &files)?;
    let mut out: Vec<String> = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let mut line = line.to_owned();
        let mut deleted = false;
        for edit in &edits {
            match edit {
                Edit::Substitute {
                    regex,
                    with,
                    all,
                    print,
                    only,
                } => {
                    if !applies(only, index, &line)? {
                        continue;
                    }
                    let changed = substitute(regex, with, *all, &line)?;
                    if let Some(changed) = changed {
                        line = changed;
                        if *print {
                            out.push(line.clone());
                        }
                    }
                }
                Edit::Print(only) => {
                    if applies(only, index, &line)? {
                        out.push(line.clone());
                    }
                }
                Edit::Delete(only) => {
                    if applies(only, index, &line)? {
                        deleted = true;
                        break;
                    }
                }
            }
        }
        if !silent && !deleted {
            out.push(line);
        }
    }
    let mut text = joined(&out);
    if shell.input.is_some() && files.is_empty() && !text.is_empty() {
        let ended = shell
            .input
            .as_ref()
            .is_some_and(|input| input.rest().ends_with('\n'));
        if !ended {
            text.pop();
        }
    }
    Output::of(text)
}

fn applies(only: &Only, index: usize, line: &str) -> Option<bool> {
    Some(match only {
        Only::Every => true,
        Only::Line(number) => *number == index + 1,
        Only::Matching(regex) => regex.is_match(line).ok()?,
    })
}

/// The line after a substitution; nothing inside where it did not match.
fn substitute(
    regex: &fancy_regex::Regex,
    with: &[Piece],
    all: bool,
    line: &str,
) -> Option<Option<String>> {
    let mut out = String::new();
    let mut from = 0;
    let mut changed = false;
    for groups in regex.captures_iter(line) {
        let groups = groups.ok()?;
        let whole = groups.get(0)?;
        out.push_str(line.get(from..whole.start())?);
        for piece in with {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Group(number) => {
                    out.push_str(groups.get(*number).map_or("", |group| group.as_str()))
                }
            }
        }
        from = whole.end();
        changed = true;
        if !all {
            break;
        }
    }
    out.push_str(line.get(from..)?);
    Some(changed.then_some(out))
}

fn parse(program: &str, flavour: Flavour, edits: &mut Vec<Edit>) -> Option<()> {
    let chars: Vec<char> = program.chars().collect();
    let mut at = 0;
    loop {
        while chars
            .get(at)
            .is_some_and(|c| c.is_whitespace() || *c == ';')
        {
            at += 1;
        }
        let Some(first) = chars.get(at) else {
            return Some(());
        };
        let mut only = Only::Every;
        if first.is_ascii_digit() {
            let mut number = 0usize;
            while let Some(digit) = chars.get(at).and_then(|c| c.to_digit(10)) {
                number = number.checked_mul(10)?.checked_add(digit as usize)?;
                at += 1;
            }
            only = Only::Line(number);
        } else if *first == '/' {
            let (pattern, next) = section(&chars, at + 1, '/')?;
            let source = regular::translate(&pattern, flavour);
            only = Only::Matching(regular::compile(&source, false)?);
            at = next;
        }
        match chars.get(at)? {
            'p' => edits.push(Edit::Print(only)),
            'd' => edits.push(Edit::Delete(only)),
            's' => {
                let delimiter = *chars.get(at + 1)?;
                let (pattern, next) = section(&chars, at + 2, delimiter)?;
                let (with, next) = section(&chars, next, delimiter)?;
                at = next;
                let (mut all, mut print, mut ignore_case) = (false, false, false);
                while let Some(flag) = chars.get(at).filter(|c| !c.is_whitespace() && **c != ';') {
                    match flag {
                        'g' => all = true,
                        'p' => print = true,
                        'i' | 'I' => ignore_case = true,
                        _ => return None,
                    }
                    at += 1;
                }
                let source = regular::translate(&pattern, flavour);
                edits.push(Edit::Substitute {
                    regex: regular::compile(&source, ignore_case)?,
                    with: pieces(&with)?,
                    all,
                    print,
                    only,
                });
                continue;
            }
            _ => return None,
        }
        at += 1;
    }
}

/// The text up to the delimiter, in which an escaped delimiter is an ordinary one, and where it ends.
fn section(chars: &[char], from: usize, delimiter: char) -> Option<(String, usize)> {
    let mut text = String::new();
    let mut at = from;
    let mut bracket = false;
    loop {
        let c = *chars.get(at)?;
        match c {
            '\\' => {
                let next = *chars.get(at + 1)?;
                if next != delimiter {
                    text.push('\\');
                }
                text.push(next);
                at += 2;
                continue;
            }
            '[' => bracket = true,
            ']' => bracket = false,
            _ => {}
        }
        if c == delimiter && !bracket {
            return Some((text, at + 1));
        }
        text.push(c);
        at += 1;
    }
}

fn pieces(with: &str) -> Option<Vec<Piece>> {
    let mut found = Vec::new();
    let mut text = String::new();
    let mut chars = with.chars();
    while let Some(c) = chars.next() {
        let group = match c {
            '&' => Some(0),
            '\\' => match chars.next()? {
                digit @ '0'..='9' => digit.to_digit(10),
                'n' => {
                    text.push('\n');
                    None
                }
                // Changes of case are not followed.
                'U' | 'L' | 'u' | 'l' | 'E' => return None,
                other => {
                    text.push(other);
                    None
                }
            },
            c => {
                text.push(c);
                None
            }
        };
        if let Some(group) = group {
            found.push(Piece::Text(std::mem::take(&mut text)));
            found.push(Piece::Group(group as usize));
        }
    }
    found.push(Piece::Text(text));
    Some(found)
}
