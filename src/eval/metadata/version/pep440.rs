//! `type=pep440`: a version by PEP 440, and its normal form.

use super::super::javascript::number_text;
use super::super::template::{Arguments, Names, Value};

/// A version, as templates see it.
#[derive(Debug)]
pub(crate) struct Pep440 {
    raw: String,
    epoch: f64,
    release: Vec<f64>,
    pre: Option<(&'static str, f64)>,
    post: Option<f64>,
    dev: Option<f64>,
    local: Vec<String>,
}

/// Reads a version; `None` for what is none.
pub(crate) fn parse(text: &str) -> Option<Pep440> {
    let lower = text.to_ascii_lowercase();
    let mut reader = Reader { rest: &lower };
    reader.take("v");
    let first = reader.digits()?;
    let (epoch, first) = if reader.take("!") {
        (first, reader.digits()?)
    } else {
        (0.0, first)
    };
    let mut release = vec![first];
    while let Some(number) = reader.attempt(|r| r.take(".").then(|| r.digits()).flatten()) {
        release.push(number);
    }
    let pre = reader.attempt(|r| {
        r.separator();
        let name = r.one_of(&PRE)?;
        Some((name, r.number()))
    });
    let post = reader.attempt(|r| r.take("-").then(|| r.digits()).flatten());
    let post = post.or_else(|| {
        reader.attempt(|r| {
            r.separator();
            r.one_of(&[("post", ""), ("rev", ""), ("r", "")])?;
            Some(r.number())
        })
    });
    let dev = reader.attempt(|r| {
        r.separator();
        r.take("dev").then_some(())?;
        Some(r.number())
    });
    let local = if reader.take("+") {
        reader.local()?
    } else {
        Vec::new()
    };
    reader.rest.is_empty().then(|| Pep440 {
        raw: text.to_owned(),
        epoch,
        release,
        pre,
        post,
        dev,
        local,
    })
}

/// Words of a pre-release and their normal form; a longer word stands before one it begins with.
const PRE: [(&str, &str); 8] = [
    ("alpha", "a"),
    ("beta", "b"),
    ("preview", "rc"),
    ("pre", "rc"),
    ("rc", "rc"),
    ("a", "a"),
    ("b", "b"),
    ("c", "rc"),
];

/// Whether a text with unknown parts might be a version, as far as what is known in front tells.
pub(crate) fn may_begin(known: &str) -> bool {
    let rest = known.strip_prefix(['v', 'V']).unwrap_or(known);
    rest.starts_with(|c: char| c.is_ascii_digit()) || rest.is_empty()
}

struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn take(&mut self, wanted: &str) -> bool {
        match self.rest.strip_prefix(wanted) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// What the reading gives; where it gives nothing, nothing is read.
    fn attempt<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        let before = self.rest;
        let found = read(self);
        if found.is_none() {
            self.rest = before;
        }
        found
    }

    fn run(&mut self, wanted: fn(char) -> bool) -> Option<&'a str> {
        let rest = self.rest.trim_start_matches(wanted);
        let run = self.rest.get(..self.rest.len() - rest.len())?;
        self.rest = rest;
        (!run.is_empty()).then_some(run)
    }

    fn digits(&mut self) -> Option<f64> {
        self.run(|c| c.is_ascii_digit())?.parse().ok()
    }

    fn separator(&mut self) -> bool {
        self.take("-") || self.take("_") || self.take(".")
    }

    fn one_of(&mut self, words: &[(&'static str, &'static str)]) -> Option<&'static str> {
        let found = words.iter().find(|(word, _)| self.take(word));
        found.map(|(_, normal)| *normal)
    }

    /// A number after an optional separator, 0 where there is none. What follows never needs the
    /// separator itself.
    fn number(&mut self) -> f64 {
        self.separator();
        self.digits().unwrap_or(0.0)
    }

    fn local(&mut self) -> Option<Vec<String>> {
        let mut parts = Vec::new();
        loop {
            let part = self.run(|c| c.is_ascii_alphanumeric())?;
            let number = super::super::javascript::number(part);
            parts.push(number.map_or_else(|| part.to_owned(), number_text));
            if !self.separator() {
                return Some(parts);
            }
        }
    }
}

impl Pep440 {
    /// Whether it is a pre-, post- or development release.
    pub(crate) fn is_special(&self) -> bool {
        self.pre.is_some() || self.post.is_some() || self.dev.is_some()
    }

    /// The normal form.
    pub(crate) fn clean(&self) -> String {
        let mut text = String::new();
        if self.epoch != 0.0 {
            text = format!("{}!", number_text(self.epoch));
        }
        let release: Vec<String> = self.release.iter().map(|n| number_text(*n)).collect();
        text.push_str(&release.join("."));
        if let Some((name, number)) = self.pre {
            text.push_str(name);
            text.push_str(&number_text(number));
        }
        for (name, number) in [(".post", self.post), (".dev", self.dev)] {
            if let Some(number) = number {
                text.push_str(name);
                text.push_str(&number_text(number));
            }
        }
        if !self.local.is_empty() {
            text.push('+');
            text.push_str(&self.local.join(","));
        }
        text
    }
}

impl Names for Pep440 {
    fn names(&self) -> &'static [&'static str] {
        &["raw", "version", "major", "minor", "patch"]
    }

    fn get(&self, name: &str) -> Value {
        let found = self.names().iter().find(|known| **known == name);
        found.map_or(Value::Undefined, |name| Value::Function(name))
    }

    fn call(&self, function: &str, _: &Arguments) -> Result<Value, String> {
        let part = |at: usize| Value::Number(self.release.get(at).copied().unwrap_or(0.0));
        Ok(match function {
            "raw" => Value::text(self.raw.as_str()),
            "version" => Value::text(self.clean()),
            "major" => part(0),
            "minor" => part(1),
            _ => part(2),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_have_a_normal_form() {
        for (text, clean) in [
            ("v1.0", "1.0"),
            ("2024.03.1", "2024.3.1"),
            ("1!2.0.1", "1!2.0.1"),
            ("0!1", "1"),
            ("1.0dev4", "1.0.dev4"),
            ("1.0-1", "1.0.post1"),
            ("1.0.rev", "1.0.post0"),
            ("1.0-r4", "1.0.post4"),
            ("1.0Alpha_2", "1.0a2"),
            ("1.0c1", "1.0rc1"),
            ("1.0.preview-3.post.2_dev", "1.0rc3.post2.dev0"),
            ("1.0a.dev1", "1.0a0.dev1"),
            ("1.0a.", "1.0a0"),
            ("1.0a-1", "1.0a1"),
            ("1.0+Ubuntu.01-x", "1.0+ubuntu,1,x"),
        ] {
            assert_eq!(
                parse(text).map(|v| v.clean()).as_deref(),
                Some(clean),
                "{text}"
            );
        }
        for text in [
            "", "latest", "1.0.x", "1.0+", "1.0+a..b", " 1.0", "1.0--1", "1..0", "=1.0",
        ] {
            assert!(parse(text).is_none(), "{text}");
        }
    }
}
