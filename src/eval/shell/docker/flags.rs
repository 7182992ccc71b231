//! Splits the words of a command into options with their values and positional arguments.

use crate::eval::shell::Word;

/// The words of a command, taken apart.
#[derive(Debug, Default)]
pub(super) struct Flags {
    options: Vec<(String, Option<Word>)>,
    /// What is no option and no option's value.
    pub(super) positionals: Vec<Word>,
    /// Words that may be any number of words of any kind.
    pub(super) open: Vec<Word>,
}

impl Flags {
    /// Reads words; `valued` are the options that take a value in the next word.
    pub(super) fn read(words: &[Word], valued: &[&str]) -> Self {
        let mut flags = Self::default();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let text = word.text.as_str();
            if word.open {
                flags.open.push(word.clone());
            } else if text == "--" {
                flags.positionals.extend(words.by_ref().cloned());
            } else if text.len() < 2 || !text.starts_with('-') {
                flags.positionals.push(word.clone());
            } else if let Some((name, value)) =
                text.split_once('=').filter(|_| text.starts_with("--"))
            {
                let value = Word {
                    text: value.to_owned(),
                    ..word.clone()
                };
                flags.options.push((name.to_owned(), Some(value)));
            } else if text.starts_with("--") {
                let value = valued
                    .contains(&text)
                    .then(|| words.next().cloned())
                    .flatten();
                flags.options.push((text.to_owned(), value));
            } else {
                flags.short(word, valued, &mut words);
            }
        }
        flags
    }

    /// `-t X`, `-tX`, `-qt X`: letters without a value may stand together before one with it.
    fn short<'w>(
        &mut self,
        word: &Word,
        valued: &[&str],
        words: &mut impl Iterator<Item = &'w Word>,
    ) {
        let mut rest = word.text.get(1..).unwrap_or_default();
        while let Some(letter) = rest.chars().next() {
            let name = format!("-{letter}");
            rest = rest.get(letter.len_utf8()..).unwrap_or_default();
            if !valued.contains(&name.as_str()) {
                self.options.push((name, None));
                continue;
            }
            let value = if rest.is_empty() {
                words.next().cloned()
            } else {
                let text = rest.strip_prefix('=').unwrap_or(rest).to_owned();
                Some(Word {
                    text,
                    ..word.clone()
                })
            };
            self.options.push((name, value));
            return;
        }
    }

    /// Whether one of these options is given, and not as `=false`.
    pub(super) fn has(&self, names: &[&str]) -> bool {
        let mut options = self.options.iter().rev();
        let found = options.find(|(name, _)| names.contains(&name.as_str()));
        found.is_some_and(|(_, value)| value.as_ref().is_none_or(|value| value.text != "false"))
    }

    /// The values of these options, in order.
    pub(super) fn values(&self, names: &[&str]) -> Vec<Word> {
        let options = self.options.iter();
        let own = options.filter(|(name, _)| names.contains(&name.as_str()));
        own.filter_map(|(_, value)| value.clone()).collect()
    }

    /// The last value of these options.
    pub(super) fn value(&self, names: &[&str]) -> Option<Word> {
        self.values(names).pop()
    }
}
