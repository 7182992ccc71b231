//! Pre-releases: the word and the numbers that follow a version on its way to a release.

use super::is_boundary;

/// A pre-release as written, such as `rc.1`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Prerelease {
    text: Box<str>,
    stage: Stage,
}

/// What a pre-release calls itself, from the first to the last on the way to a release.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Stage {
    Development,
    Alpha,
    Beta,
    Milestone,
    Preview,
    Candidate,
}

/// The words of the stages. Those of one letter, and only those, need a number behind them.
const WORDS: &[(&str, Stage)] = &[
    ("dev", Stage::Development),
    ("snapshot", Stage::Development),
    ("nightly", Stage::Development),
    ("canary", Stage::Development),
    ("next", Stage::Development),
    ("alpha", Stage::Alpha),
    ("a", Stage::Alpha),
    ("beta", Stage::Beta),
    ("b", Stage::Beta),
    ("milestone", Stage::Milestone),
    ("m", Stage::Milestone),
    ("ea", Stage::Milestone),
    ("preview", Stage::Preview),
    ("pre", Stage::Preview),
    ("rc", Stage::Candidate),
    ("cr", Stage::Candidate),
];

/// `b1` is a beta, `b1234` a build.
const MAX_DIGITS_AFTER_LETTER: usize = 2;

impl Prerelease {
    /// A pre-release at the start of a text, and what follows it: `-rc.1`, `rc1`, `.beta2`,
    /// `-SNAPSHOT`.
    pub(super) fn read(text: &str) -> Option<(Self, &str)> {
        let body = text.strip_prefix(['-', '.', '_']).unwrap_or(text);
        let starts = |word: &str| {
            let start = body.get(..word.len());
            start.is_some_and(|start| start.eq_ignore_ascii_case(word))
        };
        // The longest word first, so that `beta` is not read as `b`.
        let (word, stage) = WORDS
            .iter()
            .filter(|(word, _)| starts(word))
            .max_by_key(|(word, _)| word.len())?;
        let after = body.get(word.len()..)?;
        let number = digits(after);
        let separated = after.strip_prefix(['.', '-', '_']).map_or(0, digits);
        let mut end = word.len();
        match word.len() {
            1 if number == 0 || number > MAX_DIGITS_AFTER_LETTER => return None,
            _ if number > 0 => end += number,
            _ if separated > 0 => end += 1 + separated,
            _ => {}
        }
        // Further numbers, as in `rc.1.2`.
        while let Some(tail) = body.get(end..).and_then(|rest| rest.strip_prefix('.')) {
            match digits(tail) {
                0 => break,
                count => end += 1 + count,
            }
        }
        let (text, rest) = body.split_at_checked(end)?;
        let prerelease = Self {
            text: text.into(),
            stage: *stage,
        };
        is_boundary(rest).then_some((prerelease, rest))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.text
    }

    pub(super) fn stage(&self) -> Stage {
        self.stage
    }

    /// Whether it counts its rounds; the next round of one that does not has the same name.
    pub(super) fn is_numbered(&self) -> bool {
        self.text.bytes().any(|b| b.is_ascii_digit())
    }
}

fn digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}
