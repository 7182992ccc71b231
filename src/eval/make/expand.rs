//! Expansion of `$(…)`, `${…}` and `$x`.

use super::words::replaced;
use super::{Host, LONGEST_TEXT, Makefile};

/// How deep variables may lead to one another.
const DEPTH: usize = 40;
/// So many bytes of text count as one step.
const BYTES_A_STEP: usize = 100;

/// Where the bracket that is opened before `start` closes.
fn closing(text: &str, start: usize, open: char, close: char) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, c) in text.get(start..)?.char_indices() {
        if c == open {
            depth += 1;
        } else if c == close {
            match depth.checked_sub(1) {
                Some(rest) => depth = rest,
                None => return Some(start + at),
            }
        }
    }
    None
}

impl Makefile {
    /// Text with everything in it expanded.
    pub(super) fn expanded(&mut self, text: &str, host: &mut dyn Host) -> String {
        self.expand(text, host, 0)
    }

    pub(super) fn expand(&mut self, text: &str, host: &mut dyn Host, depth: usize) -> String {
        if !text.contains('$') {
            return text.to_owned();
        }
        if depth > DEPTH || !self.step() {
            return host.unknown(text, "it is expanded too often");
        }
        let mut done = String::with_capacity(text.len());
        let mut at = 0;
        while let Some(found) = text.get(at..).and_then(|rest| rest.find('$')) {
            done.push_str(text.get(at..at + found).unwrap_or_default());
            let sign = at + found + 1;
            let next = text.get(sign..).and_then(|rest| rest.chars().next());
            let close = match next {
                Some('(') => Some(('(', ')')),
                Some('{') => Some(('{', '}')),
                _ => None,
            };
            match (next, close) {
                (Some('$'), _) => {
                    done.push('$');
                    at = sign + 1;
                }
                (_, Some((open, close))) => {
                    let Some(end) = closing(text, sign + 1, open, close) else {
                        return done;
                    };
                    let inside = text.get(sign + 1..end).unwrap_or_default();
                    done.push_str(&self.reference(inside, host, depth + 1));
                    at = end + 1;
                }
                (Some(c), None) => {
                    done.push_str(&self.value(&c.to_string(), host, depth + 1));
                    at = sign + c.len_utf8();
                }
                (None, None) => at = sign,
            }
            if done.len() > LONGEST_TEXT {
                return host.unknown("a text", "it grows too long");
            }
        }
        done.push_str(text.get(at..).unwrap_or_default());
        self.spend(done.len() / BYTES_A_STEP);
        done
    }

    /// What stands between brackets: a function, a variable, or one with a replacement.
    fn reference(&mut self, inside: &str, host: &mut dyn Host, depth: usize) -> String {
        if let Some((name, rest)) = inside.split_once([' ', '\t'])
            && let Some(text) = self.function(name, rest.trim_start(), host, depth)
        {
            return text;
        }
        let name = self.expand(inside, host, depth);
        if let Some((variable, change)) = name.split_once(':')
            && let Some((from, to)) = change.split_once('=')
        {
            let text = self.value(variable, host, depth);
            if from.contains('%') {
                return replaced(from, to, &text);
            }
            return replaced(&format!("%{from}"), &format!("%{to}"), &text);
        }
        self.value(&name, host, depth)
    }

    /// The value of a variable.
    pub(super) fn value(&mut self, name: &str, host: &mut dyn Host, depth: usize) -> String {
        match self.variable(name) {
            Some(variable) if variable.simple => variable.text.clone(),
            Some(variable) => {
                let text = variable.text.clone();
                self.expand(&text, host, depth + 1)
            }
            None => host.variable(name).unwrap_or_default(),
        }
    }
}
