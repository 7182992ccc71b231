//! Lists that were read before. The same list is read for each event and each instance of a matrix, and
//! again with every keystroke in an editor; what it holds depends on its text alone.

use std::cell::RefCell;
use std::collections::HashMap;

use super::error::MetadataError;

/// How many lists are kept before all are let go.
const MOST: usize = 4096;

type Read<T> = Result<T, MetadataError>;

/// What texts were read as.
pub(super) struct Memo<T>(RefCell<HashMap<String, Read<T>>>);

impl<T> Default for Memo<T> {
    fn default() -> Self {
        Self(RefCell::default())
    }
}

impl<T: Clone> Memo<T> {
    /// What a text is read as; it is read where that is not known.
    pub(super) fn of(&self, raw: &str, read: impl Fn(&str) -> Read<T>) -> Read<T> {
        if let Some(known) = self.0.borrow().get(raw) {
            return known.clone();
        }
        let fresh = read(raw);
        let mut known = self.0.borrow_mut();
        if known.len() >= MOST {
            known.clear();
        }
        known.insert(raw.to_owned(), fresh.clone());
        fresh
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_once() {
        let memo = Memo::default();
        let read = |raw: &str| Ok(raw.len());
        assert_eq!(memo.of("abc", read).unwrap(), 3);
        assert_eq!(memo.of("abc", |_| Ok(0)).unwrap(), 3);
        for number in 0..=MOST {
            memo.of(&number.to_string(), read).unwrap();
        }
        assert!(memo.0.borrow().len() <= MOST);
    }
}
