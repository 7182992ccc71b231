//! The command line of `jq`.

/// What a variable that the command line gives is bound to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// A text.
    Text(String),
    /// A value, as JSON.
    Json(String),
    /// The values of a file, as an array.
    Slurped(String),
    /// The text of a file.
    Raw(String),
}

/// A call of `jq`.
#[derive(Debug, Clone, Default)]
pub struct Call {
    /// The program, or the file that holds it.
    pub(super) program: Option<String>,
    pub(super) from_file: bool,
    /// The files that it reads; standard input where there are none.
    pub(super) files: Vec<String>,
    pub(super) named: Vec<(String, Named)>,
    pub(super) positional: Vec<Named>,
    pub(super) raw: bool,
    pub(super) joined: bool,
    pub(super) null_input: bool,
    pub(super) slurp: bool,
    pub(super) raw_input: bool,
    pub(super) exit_status: bool,
    pub(super) sorted: bool,
    pub(super) ascii: bool,
    /// What indents a level; nothing for one line.
    pub(super) indent: Option<String>,
}

/// What words that are no options are.
#[derive(Clone, Copy)]
enum Rest {
    Files,
    Texts,
    Values,
}

impl Call {
    /// Reads the words after `jq`; nothing where there is an option that is not evaluated.
    #[must_use]
    pub fn parse(arguments: &[String]) -> Option<Self> {
        let mut call = Self {
            indent: Some("  ".to_owned()),
            ..Self::default()
        };
        let mut words = arguments.iter();
        let mut rest = Rest::Files;
        let mut options = true;
        while let Some(word) = words.next() {
            let is_option = word.strip_prefix('-').is_some_and(|rest| {
                rest.starts_with(|c: char| c == '-' || c.is_ascii_alphabetic())
            });
            if !options || !is_option {
                call.word(word, rest);
                continue;
            }
            if word == "--" {
                options = false;
                continue;
            }
            let Some(long) = word.strip_prefix("--") else {
                for letter in word.chars().skip(1) {
                    if letter == 'L' {
                        return None;
                    }
                    call.short(letter)?;
                }
                continue;
            };
            match long {
                "args" => rest = Rest::Texts,
                "jsonargs" => rest = Rest::Values,
                "tab" => call.indent = Some("\t".to_owned()),
                "indent" => {
                    let width: usize = words.next()?.parse().ok().filter(|width| *width < 8)?;
                    call.indent = (width > 0).then(|| " ".repeat(width));
                }
                "arg" | "argjson" | "slurpfile" | "rawfile" => {
                    let name = words.next()?.clone();
                    let value = words.next()?.clone();
                    let value = match long {
                        "arg" => Named::Text(value),
                        "argjson" => Named::Json(value),
                        "slurpfile" => Named::Slurped(value),
                        _ => Named::Raw(value),
                    };
                    if !call.named.iter().any(|(own, _)| *own == name) {
                        call.named.push((name, value));
                    }
                }
                "raw-output" => call.short('r')?,
                "compact-output" => call.short('c')?,
                "join-output" => call.short('j')?,
                "null-input" => call.short('n')?,
                "slurp" => call.short('s')?,
                "raw-input" => call.short('R')?,
                "exit-status" => call.short('e')?,
                "sort-keys" => call.short('S')?,
                "monochrome-output" | "unbuffered" => {}
                "ascii-output" => call.short('a')?,
                "from-file" => call.short('f')?,
                _ => return None,
            }
        }
        Some(call)
    }

    fn word(&mut self, word: &str, rest: Rest) {
        if self.program.is_none() {
            self.program = Some(word.to_owned());
            return;
        }
        match rest {
            Rest::Files => self.files.push(word.to_owned()),
            Rest::Texts => self.positional.push(Named::Text(word.to_owned())),
            Rest::Values => self.positional.push(Named::Json(word.to_owned())),
        }
    }

    fn short(&mut self, letter: char) -> Option<()> {
        match letter {
            'r' => self.raw = true,
            'c' => self.indent = None,
            'j' => (self.raw, self.joined) = (true, true),
            'n' => self.null_input = true,
            's' => self.slurp = true,
            'R' => self.raw_input = true,
            'e' => self.exit_status = true,
            'S' => self.sorted = true,
            'a' => self.ascii = true,
            'f' => self.from_file = true,
            'M' => {}
            _ => return None,
        }
        Some(())
    }
}
