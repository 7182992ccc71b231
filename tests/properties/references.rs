//! References made by distribution's grammar are read as the parts they were made of; whatever is
//! read at all prints as it was read.

use taglint::image::{Digest, ImageRef, is_tag};

use crate::chance::Chance;
use crate::say;

const CASES: usize = 50_000;
const LOWER: &str = "abcxyz0189";

/// A reference with the parts it is made of.
struct Made {
    domain: String,
    path: String,
    tag: Option<String>,
    digest: Option<String>,
}

impl Made {
    fn new(chance: &mut Chance) -> Self {
        let domain = match chance.below(5) {
            0 => String::new(),
            1 => "localhost".to_owned(),
            2 => format!(
                "[{}::1]:{}",
                chance.word("0123456789abcdef", 4),
                1 + chance.below(65_535)
            ),
            3 => format!("Host-{}.example", chance.word("abcXYZ0189", 8)),
            _ => format!("{}.io:{}", chance.word(LOWER, 8), 1 + chance.below(65_535)),
        };
        // Without a domain, a first component that could be one would be taken for it.
        let components = if domain.is_empty() {
            1
        } else {
            1 + chance.below(4)
        };
        let path: Vec<String> = (0..components).map(|_| component(chance)).collect();
        let tag = chance.one_in(2).then(|| {
            let first = chance.word("abcXYZ0189_", 1);
            first + &chance.word("abcXYZ0189_.-", 127)
        });
        let digest = chance.one_in(3).then(|| {
            let hex: String = (0..64)
                .map(|_| chance.word("0123456789abcdef", 1))
                .collect();
            format!("sha256:{hex}")
        });
        Self {
            domain,
            path: path.join("/"),
            tag,
            digest,
        }
    }

    fn text(&self) -> String {
        let mut text = self.domain.clone();
        if !text.is_empty() {
            text.push('/');
        }
        text.push_str(&self.path);
        for (mark, part) in [(':', &self.tag), ('@', &self.digest)] {
            if let Some(part) = part {
                text.push(mark);
                text.push_str(part);
            }
        }
        text
    }
}

fn component(chance: &mut Chance) -> String {
    let mut text = chance.word(LOWER, 6);
    for _ in 0..chance.below(3) {
        text.push_str(chance.pick(&[".", "_", "__", "-", "--", "---"]));
        text.push_str(&chance.word(LOWER, 6));
    }
    text
}

#[test]
fn made_references_are_read_as_made() {
    let mut chance = Chance::new();
    for _ in 0..CASES {
        let made = Made::new(&mut chance);
        let text = made.text();
        let read = ImageRef::parse(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!(read.domain(), made.domain, "{text}");
        assert_eq!(read.path(), made.path, "{text}");
        assert_eq!(read.tag(), made.tag.as_deref(), "{text}");
        assert_eq!(
            read.digest().map(Digest::as_str),
            made.digest.as_deref(),
            "{text}"
        );
        assert_eq!(read.to_string(), text);
        let whole = read.normalized();
        let short = ImageRef::parse_normalized(&whole.familiar()).map(|short| short.normalized());
        assert_eq!(short, Ok(whole), "{text}");
    }
}

#[test]
fn spoilt_references_print_as_read_or_are_refused() {
    let mut chance = Chance::new();
    let (mut read, mut refused) = (0, 0);
    for _ in 0..CASES {
        let mut text = Made::new(&mut chance).text();
        for _ in 0..=chance.below(3) {
            let at = text.floor_char_boundary(chance.below(text.len() + 1));
            if chance.one_in(2) && at < text.len() {
                text.remove(at);
            } else {
                text.insert_str(
                    at,
                    chance.pick(&["/", ":", "@", "-", "_", ".", "A", "ä", "[", " "]),
                );
            }
            if text.is_empty() {
                break;
            }
        }
        match ImageRef::parse(&text) {
            Ok(image) => {
                read += 1;
                assert_eq!(image.to_string(), text);
                assert!(image.tag().is_none_or(is_tag), "{text}");
            }
            Err(_) => refused += 1,
        }
    }
    say(&format!(
        "spoilt references: {read} read, {refused} refused"
    ));
    assert!(read > 0 && refused > 0);
}
