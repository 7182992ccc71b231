//! POSIX regular expressions in the syntax of the regular expression crate.

use std::cell::RefCell;
use std::collections::VecDeque;

use fancy_regex::{Regex, RegexBuilder};

/// How far a match may search back.
const BACKTRACKING: usize = 50_000;
/// Expressions longer than this are not compiled.
const LONGEST: usize = 2_000;

/// How many expressions are kept ready.
const KEPT: usize = 32;

thread_local! {
    /// The last expressions, each compiled: the same script runs on every event and in every instance
    /// of a matrix, and an expression takes far longer to compile than to match.
    static COMPILED: RefCell<VecDeque<(String, Option<Regex>)>> = const { RefCell::new(VecDeque::new()) };
}

/// How an expression is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Flavour {
    Basic,
    Extended,
    Perl,
    Fixed,
}

/// The expression as the crate reads it.
pub(super) fn translate(pattern: &str, flavour: Flavour) -> String {
    let mut out = String::new();
    if flavour == Flavour::Perl {
        return pattern.to_owned();
    }
    let mut chars = pattern.chars().peekable();
    let mut at_start = true;
    while let Some(c) = chars.next() {
        let started = std::mem::replace(&mut at_start, false);
        match (flavour, c) {
            (Flavour::Fixed, c) => literal(c, &mut out),
            (_, '\\') => match chars.next() {
                // What is special with a backslash in one flavour is special without in the other.
                Some(c @ ('(' | ')' | '{' | '}' | '|' | '+' | '?'))
                    if flavour == Flavour::Basic =>
                {
                    at_start = matches!(c, '(' | '|');
                    out.push(c);
                }
                Some('<' | '>') => out.push_str("\\b"),
                Some(c @ ('w' | 'W' | 's' | 'S' | 'b' | 'B' | '1'..='9')) => {
                    out.push('\\');
                    out.push(c);
                }
                Some('n') => out.push_str("\\n"),
                Some('t') => out.push_str("\\t"),
                Some(c) => literal(c, &mut out),
                None => out.push_str("\\\\"),
            },
            (_, '[') => {
                out.push('[');
                bracket(&mut chars, &mut out);
            }
            (Flavour::Basic, '(' | ')' | '{' | '}' | '|' | '+' | '?') => literal(c, &mut out),
            (Flavour::Basic, '*') if started => literal(c, &mut out),
            (Flavour::Basic, '^') if !started => literal(c, &mut out),
            (Flavour::Basic, '$') if chars.peek().is_some_and(|next| *next != '\\') => {
                literal(c, &mut out)
            }
            (_, c) => {
                at_start = c == '^' && started;
                out.push(c);
            }
        }
    }
    out
}

fn literal(c: char, out: &mut String) {
    if c.is_ascii_punctuation() {
        out.push('\\');
    }
    out.push(c);
}

/// A bracket expression: backslashes and brackets in it are ordinary.
fn bracket(chars: &mut std::iter::Peekable<std::str::Chars<'_>>, out: &mut String) {
    if let Some(c) = chars.next_if_eq(&'^') {
        out.push(c);
    }
    let mut first = true;
    while let Some(c) = chars.next() {
        match c {
            ']' if !first => {
                out.push(']');
                return;
            }
            '[' if chars.peek() == Some(&':') => {
                out.push('[');
                for c in chars.by_ref() {
                    out.push(c);
                    if c == ']' {
                        break;
                    }
                }
            }
            '\\' if matches!(chars.peek(), Some('n' | 't' | ']' | '\\' | '/' | '.' | '-')) => {
                out.push('\\');
                out.extend(chars.next());
            }
            '-' => out.push('-'),
            c => literal(c, out),
        }
        first = false;
    }
}

/// An expression ready to be used; nothing where it is none.
pub(super) fn compile(source: &str, ignore_case: bool) -> Option<Regex> {
    if source.len() > LONGEST {
        return None;
    }
    let source = if ignore_case {
        format!("(?i){source}")
    } else {
        source.to_owned()
    };
    COMPILED.with_borrow_mut(|compiled| {
        if let Some((_, known)) = compiled.iter().find(|(known, _)| *known == source) {
            return known.clone();
        }
        let mut builder = RegexBuilder::new(&source);
        let built = builder.backtrack_limit(BACKTRACKING).build().ok();
        if compiled.len() == KEPT {
            compiled.pop_front();
        }
        compiled.push_back((source, built.clone()));
        built
    })
}
