//! Shell arithmetic on known integers.

use super::interpreter::Shell;
use super::state::Var;
use super::syntax::Raw;
use crate::eval::unknown;

/// How deep parentheses and prefixes may nest.
const DEPTH: usize = 32;

/// Operators by binding, loosest first.
const LEVELS: [&[&str]; 10] = [
    &["||"],
    &["&&"],
    &["|"],
    &["^"],
    &["&"],
    &["==", "!="],
    &["<=", ">=", "<", ">"],
    &["<<", ">>"],
    &["+", "-"],
    &["*", "/", "%"],
];

impl Shell<'_> {
    /// The value of an expression; none where it is not known or is no arithmetic.
    pub(super) fn calculate(&mut self, code: &Raw) -> Option<i64> {
        let text = self.document(code);
        self.calculated(&text)
    }

    /// The same of an expression in which everything is expanded already.
    pub(super) fn calculated(&mut self, text: &str) -> Option<i64> {
        let text = text.replace(['"', '\''], "");
        if !unknown::is_known(&text) {
            return None;
        }
        let mut reader = Reader {
            rest: text.trim(),
            shell: self,
            depth: DEPTH,
        };
        if reader.rest.is_empty() {
            return Some(0);
        }
        let value = reader.list()?;
        reader.rest.trim().is_empty().then_some(value)
    }
}

struct Reader<'t, 's, 'e> {
    rest: &'t str,
    shell: &'s mut Shell<'e>,
    depth: usize,
}

impl<'t> Reader<'t, '_, '_> {
    fn take(&mut self, token: &str) -> bool {
        let rest = self.rest.trim_start();
        match rest.strip_prefix(token) {
            Some(after) => {
                self.rest = after;
                true
            }
            None => false,
        }
    }

    fn list(&mut self) -> Option<i64> {
        let mut value = self.ternary()?;
        while self.take(",") {
            value = self.ternary()?;
        }
        Some(value)
    }

    fn ternary(&mut self) -> Option<i64> {
        let condition = self.binary(0)?;
        if !self.take("?") {
            return Some(condition);
        }
        self.depth = self.depth.checked_sub(1)?;
        let yes = self.ternary()?;
        if !self.take(":") {
            return None;
        }
        let no = self.ternary()?;
        self.depth += 1;
        Some(if condition != 0 { yes } else { no })
    }

    fn operator(&mut self, level: usize) -> Option<&'static str> {
        let rest = self.rest.trim_start();
        let found = LEVELS
            .get(level)?
            .iter()
            .find(|op| rest.starts_with(**op))?;
        let after = rest.strip_prefix(found)?;
        // `<` is not the start of `<<`, nor `|` of `||`, nor `*` of `**` or `*=`.
        let longer = match *found {
            "|" | "&" | "<" | ">" | "*" => after.starts_with(found),
            _ => false,
        };
        let assigns = after.starts_with('=') && !matches!(*found, "==" | "!=" | "<=" | ">=");
        if longer || assigns {
            return None;
        }
        self.rest = after;
        Some(found)
    }

    fn binary(&mut self, level: usize) -> Option<i64> {
        if level >= LEVELS.len() {
            return self.power();
        }
        let mut left = self.binary(level + 1)?;
        while let Some(operator) = self.operator(level) {
            let right = self.binary(level + 1)?;
            left = match operator {
                "||" => i64::from(left != 0 || right != 0),
                "&&" => i64::from(left != 0 && right != 0),
                "|" => left | right,
                "^" => left ^ right,
                "&" => left & right,
                "==" => i64::from(left == right),
                "!=" => i64::from(left != right),
                "<=" => i64::from(left <= right),
                ">=" => i64::from(left >= right),
                "<" => i64::from(left < right),
                ">" => i64::from(left > right),
                "<<" => left.checked_shl(u32::try_from(right).ok()?)?,
                ">>" => left.checked_shr(u32::try_from(right).ok()?)?,
                "+" => left.wrapping_add(right),
                "-" => left.wrapping_sub(right),
                "*" => left.wrapping_mul(right),
                "/" => left.checked_div(right)?,
                _ => left.checked_rem(right)?,
            };
        }
        Some(left)
    }

    fn power(&mut self) -> Option<i64> {
        let base = self.prefix()?;
        if self.take("**") {
            self.depth = self.depth.checked_sub(1)?;
            let exponent = u32::try_from(self.power()?).ok()?;
            return base.checked_pow(exponent);
        }
        Some(base)
    }

    fn prefix(&mut self) -> Option<i64> {
        self.depth = self.depth.checked_sub(1)?;
        let value = if self.take("++") {
            let name = self.name()?;
            self.step(name, 1)?.wrapping_add(1)
        } else if self.take("--") {
            let name = self.name()?;
            self.step(name, -1)?.wrapping_sub(1)
        } else if self.take("!") {
            i64::from(self.prefix()? == 0)
        } else if self.take("-") {
            self.prefix()?.wrapping_neg()
        } else if self.take("+") {
            self.prefix()?
        } else if self.take("~") {
            !self.prefix()?
        } else if self.take("(") {
            let value = self.list()?;
            if !self.take(")") {
                return None;
            }
            value
        } else {
            self.primary()?
        };
        self.depth += 1;
        Some(value)
    }

    fn name(&mut self) -> Option<&'t str> {
        let rest = self.rest.trim_start();
        let end = rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
            .unwrap_or(rest.len());
        let (name, after) = rest.split_at_checked(end)?;
        if name.is_empty() {
            return None;
        }
        self.rest = after;
        Some(name)
    }

    fn value(&self, name: &str) -> Option<i64> {
        match self.shell.variable(name) {
            Var::Unset => Some(0),
            Var::Text(text) if text.trim().is_empty() => Some(0),
            Var::Text(text) => number(text.trim()),
            _ => None,
        }
    }

    fn primary(&mut self) -> Option<i64> {
        let word = self.name()?;
        if word.starts_with(|c: char| c.is_ascii_digit()) {
            if self.rest.starts_with('#') {
                let radix: u32 = word.parse().ok()?;
                self.rest = self.rest.strip_prefix('#')?;
                let digits = self.name()?;
                return (2..=36)
                    .contains(&radix)
                    .then(|| i64::from_str_radix(digits, radix).ok())?;
            }
            return number(word);
        }
        if self.take("++") {
            return self.step(word, 1);
        }
        if self.take("--") {
            return self.step(word, -1);
        }
        let rest = self.rest.trim_start();
        for operator in ["+=", "-=", "*=", "/=", "%="] {
            if let Some(after) = rest.strip_prefix(operator) {
                self.rest = after;
                let (left, right) = (self.value(word)?, self.ternary()?);
                let value = match operator {
                    "+=" => left.wrapping_add(right),
                    "-=" => left.wrapping_sub(right),
                    "*=" => left.wrapping_mul(right),
                    "/=" => left.checked_div(right)?,
                    _ => left.checked_rem(right)?,
                };
                self.shell.set_text(word, value.to_string());
                return Some(value);
            }
        }
        if rest.starts_with('=') && !rest.starts_with("==") {
            self.rest = rest.strip_prefix('=')?;
            let value = self.ternary()?;
            self.shell.set_text(word, value.to_string());
            return Some(value);
        }
        self.value(word)
    }

    /// `name++`: the value before.
    fn step(&mut self, name: &str, by: i64) -> Option<i64> {
        let value = self.value(name)?;
        self.shell
            .set_text(name, value.wrapping_add(by).to_string());
        Some(value)
    }
}

fn number(text: &str) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, text),
    };
    let value = if let Some(hex) = digits
        .strip_prefix("0x")
        .or_else(|| digits.strip_prefix("0X"))
    {
        i64::from_str_radix(hex, 16).ok()?
    } else if digits.len() > 1 && digits.starts_with('0') {
        i64::from_str_radix(digits, 8).ok()?
    } else {
        digits.parse().ok()?
    };
    Some(if negative { -value } else { value })
}
