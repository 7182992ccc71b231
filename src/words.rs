//! Looking for many words at once.

use aho_corasick::packed::Searcher;

/// A few words that are looked for in texts: one pass over the bytes, several at a time.
#[derive(Debug)]
pub struct Words {
    words: Vec<&'static str>,
    /// None where the processor has no instructions for it.
    searcher: Option<Searcher>,
}

impl Words {
    /// Words that are not empty.
    #[must_use]
    pub fn new(words: impl IntoIterator<Item = &'static str>) -> Self {
        let words: Vec<&str> = words.into_iter().collect();
        Self {
            searcher: Searcher::new(&words),
            words,
        }
    }

    /// Whether one of them is in a text, as a part of a word or as a whole one.
    #[must_use]
    pub fn any_in(&self, text: &str) -> bool {
        match &self.searcher {
            Some(searcher) => searcher.find(text).is_some(),
            None => self.each_in(text),
        }
    }

    fn each_in(&self, text: &str) -> bool {
        let has = |word: &&str| memchr::memmem::find(text.as_bytes(), word.as_bytes()).is_some();
        self.words.iter().any(has)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_find_the_same() {
        let words = Words::new(["image", "jobs:", "ko ", "./"]);
        let none = Words {
            searcher: None,
            words: words.words.clone(),
        };
        let long = "x".repeat(300);
        for (text, wanted) in [
            ("image", true),
            ("an image here", true),
            ("jobs", false),
            ("jobs:", true),
            ("", false),
            ("i", false),
            ("ko", false),
            ("ko ", true),
            ("a./", true),
            ("ä image", true),
            ("imag\u{e9}", false),
        ] {
            for text in [
                text.to_owned(),
                format!("{long}{text}"),
                format!("{text}{long}"),
            ] {
                assert_eq!(none.any_in(&text), words.any_in(&text), "{text}");
            }
            assert_eq!(words.any_in(text), wanted, "{text}");
        }
    }
}
