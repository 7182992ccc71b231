//! `.env` files, to the letter of compose: `KEY=value` and `KEY: value`, `export`, quotes, escapes,
//! comments, values over several lines, and variables in values. Errors name their line.

mod escape;

use std::collections::HashMap;
use std::ops::Range;

use super::interpolate::interpolate;

/// A variable that a file sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// Its name; empty for a last line that has no `=`, whose text is the value.
    pub name: String,
    /// Its value.
    pub value: String,
    /// The statement's bytes, from its key to the end of its value.
    pub range: Range<usize>,
}

/// Why a file is refused, as compose says it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct DotenvError {
    /// What is wrong; most begin with the line.
    pub message: String,
}

/// Reads a file; a name that is set twice comes twice, and the later one counts. `outer` is asked
/// first for a variable in a value, and for a line that is a name alone; `fallback` last, for a
/// variable in a value.
///
/// # Errors
/// The first statement that is none, and a variable in a value that is required and missing.
pub fn read(
    text: &str,
    outer: &dyn Fn(&str) -> Option<String>,
    fallback: &dyn Fn(&str) -> Option<String>,
) -> Result<Vec<Setting>, DotenvError> {
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader {
        text,
        at: text.len() - body.len(),
        line: 1,
        outer,
        fallback,
        settings: Vec::new(),
        latest: HashMap::new(),
    };
    while reader.seek_statement() {
        reader.statement()?;
    }
    Ok(reader.settings)
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    line: usize,
    outer: &'t dyn Fn(&str) -> Option<String>,
    fallback: &'t dyn Fn(&str) -> Option<String>,
    settings: Vec<Setting>,
    /// Index of the last setting of each name.
    latest: HashMap<String, usize>,
}

impl<'t> Reader<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn fail<T>(&self, message: &str) -> Result<T, DotenvError> {
        let message = format!("line {}: {message}", self.line);
        Err(DotenvError { message })
    }

    /// Goes to where the next statement begins, past blank lines and comments.
    fn seek_statement(&mut self) -> bool {
        loop {
            let rest = self.rest();
            let body = rest.trim_start();
            let blank = rest.get(..rest.len() - body.len()).unwrap_or_default();
            self.line += blank.matches('\n').count();
            self.at += blank.len();
            if !body.starts_with('#') {
                return !body.is_empty();
            }
            match body.find('\n') {
                Some(end) => self.at += end,
                None => return false,
            }
        }
    }

    fn statement(&mut self) -> Result<(), DotenvError> {
        if let Some(after) = self.rest().strip_prefix("export")
            && after.starts_with([' ', '\t', '\n', '\u{c}', '\r'])
        {
            self.at += "export".len();
            self.skip_blanks();
        }
        let start = self.at;
        let rest = self.rest();
        let line = rest.split('\n').next().unwrap_or_default();
        let mut end = None;
        for (at, c) in rest.char_indices() {
            match c {
                '=' | ':' | '\n' => {
                    end = Some((at, c == '\n'));
                    break;
                }
                '_' | '.' | '-' | '[' | ']' => {}
                c if is_blank(c) || c.is_alphabetic() || c.is_numeric() => {}
                c => {
                    let message = format!("unexpected character \"{c}\" in variable name {line:?}");
                    return self.fail(&message);
                }
            }
        }
        if rest.is_empty() {
            let message = "zero length string".to_owned();
            return Err(DotenvError { message });
        }
        let (length, inherited) = end.unwrap_or((0, false));
        let written = rest.get(..length).unwrap_or_default();
        if inherited && !written.contains(' ') {
            self.line += 1;
        }
        let name = written.trim_end();
        if end.is_some() {
            self.at += length + 1;
        }
        self.skip_blanks();
        if name.contains(' ') {
            return self.fail("key cannot contain a space");
        }
        let (value, end) = if inherited {
            match (self.outer)(name) {
                Some(value) => (value, start + name.len()),
                None => return Ok(()),
            }
        } else {
            self.value()?
        };
        self.latest.insert(name.to_owned(), self.settings.len());
        self.settings.push(Setting {
            name: name.to_owned(),
            value,
            range: start..end,
        });
        Ok(())
    }

    /// Past blanks that are no line breaks.
    fn skip_blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches(is_blank).len();
    }

    /// The value at this place, and where it ends.
    fn value(&mut self) -> Result<(String, usize), DotenvError> {
        let rest = self.rest();
        if let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) {
            return self.quoted(quote);
        }
        let line = rest.split('\n').next().unwrap_or_default();
        let text = line.split(" #").next().unwrap_or_default().trim_end();
        let end = self.at + text.len();
        self.at += (line.len() + 1).min(rest.len());
        self.line += 1;
        Ok((self.expanded(text)?, end))
    }

    fn quoted(&mut self, quote: char) -> Result<(String, usize), DotenvError> {
        let rest = self.rest();
        let mut text = String::new();
        let mut escaped = false;
        for (at, c) in rest.char_indices().skip(1) {
            if c == '\n' {
                self.line += 1;
            }
            match c {
                c if c == quote && escaped => {
                    escaped = false;
                    text.push(c);
                }
                c if c == quote => {
                    self.at += at + 1;
                    if quote == '"' {
                        text = self.expanded(&escape::expand(&text))?;
                    }
                    return Ok((text, self.at));
                }
                '\\' if !escaped => escaped = true,
                c => {
                    if escaped {
                        text.push('\\');
                    }
                    escaped = false;
                    text.push(c);
                }
            }
        }
        let line = rest.split('\n').next().unwrap_or_default();
        self.fail(&format!("unterminated quoted value {line}"))
    }

    /// A value with its variables replaced: those from outside, then those of this file.
    fn expanded(&self, text: &str) -> Result<String, DotenvError> {
        if !text.contains('$') {
            return Ok(text.to_owned());
        }
        let lookup = |name: &str| {
            let own = || self.settings.get(*self.latest.get(name)?);
            (self.outer)(name)
                .or_else(|| own().map(|setting| setting.value.clone()))
                .or_else(|| (self.fallback)(name))
        };
        match interpolate(text, &lookup) {
            Ok(done) => Ok(done.text),
            Err(error) => Err(DotenvError {
                message: error.to_string(),
            }),
        }
    }
}

/// Space that does not end a line.
fn is_blank(c: char) -> bool {
    matches!(
        c,
        '\t' | '\u{b}' | '\u{c}' | '\r' | ' ' | '\u{85}' | '\u{a0}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(text: &str) -> Result<Vec<(String, String)>, String> {
        let outer = |name: &str| (name == "OUT").then(|| "o".to_owned());
        let settings = read(text, &outer, &|_| None).map_err(|error| error.to_string())?;
        let pair = |setting: Setting| (setting.name, setting.value);
        Ok(settings.into_iter().map(pair).collect())
    }

    #[test]
    fn values_are_read() {
        for (text, wanted) in [
            ("A=1", "1"),
            ("A = 1 # c", "1"),
            ("A=1#c", "1#c"),
            ("export A='x $OUT'", "x $OUT"),
            ("A=\"x $OUT\\n\\$y\"", "x o\n$y"),
            ("A='it\\'s'", "it's"),
            ("A='a\\b'", "a\\b"),
            ("A=\"\\101\\0101\\q\\08\"", "\\101A\\q\\8"),
            ("A=${B:-d}", "d"),
        ] {
            let got = pairs(text).unwrap();
            assert_eq!(got, [("A".to_owned(), wanted.to_owned())], "{text}");
        }
        assert_eq!(
            pairs("OUT\nNONE\n# c").unwrap(),
            [("OUT".into(), "o".into())]
        );
    }

    #[test]
    fn faults_name_their_line() {
        for (text, wanted) in [
            ("\n\nA='x", "line 3: unterminated quoted value 'x"),
            ("A=1\nB C=2", "line 2: key cannot contain a space"),
            (
                "A=\"1\n2\"\n!x",
                "line 3: unexpected character \"!\" in variable name \"!x\"",
            ),
        ] {
            assert_eq!(pairs(text).unwrap_err(), wanted);
        }
    }

    #[test]
    fn places_are_those_of_the_statements() {
        let text = "# c\nexport A=1 # d\nB='x'\n";
        let settings = read(text, &|_| None, &|_| None).unwrap();
        let written: Vec<&str> = settings
            .iter()
            .map(|s| text.get(s.range.clone()).unwrap())
            .collect();
        assert_eq!(written, ["A=1", "B='x'"]);
    }

    #[test]
    fn hostile_files_end() {
        let mut text = String::from("A=xxxxxxxx\n");
        (0..100).for_each(|_| text.push_str("A=$A$A$A$A\n"));
        assert!(pairs(&text).is_err());
        assert!(pairs("export").is_ok());
        assert!(pairs("export ").is_err());
    }
}
