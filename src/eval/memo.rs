//! What was read before. The same list, script or definition is read for each event and each instance
//! of a matrix, and again with every keystroke in an editor; what it holds depends on it alone.

use std::borrow::Borrow;
use std::cell::RefCell;
use std::collections::HashMap;
use std::hash::Hash;

/// How many bytes of text are kept before all are let go.
const MOST: usize = 1 << 20;

/// What texts were read as.
pub(crate) struct Memo<K, T>(RefCell<Known<K, T>>);

struct Known<K, T> {
    /// With the bytes that each takes.
    read: HashMap<K, (T, usize)>,
    bytes: usize,
}

impl<K, T> Default for Memo<K, T> {
    fn default() -> Self {
        Self(RefCell::new(Known {
            read: HashMap::new(),
            bytes: 0,
        }))
    }
}

impl<K: Hash + Eq, T: Clone> Memo<K, T> {
    /// What something of so many bytes is read as; it is read where that is not known.
    pub(crate) fn of<Q>(&self, raw: &Q, bytes: usize, read: impl FnOnce(&Q) -> T) -> T
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ToOwned<Owned = K> + ?Sized,
    {
        if let Some(known) = self.get(raw) {
            return known;
        }
        let fresh = read(raw);
        self.keep(raw.to_owned(), bytes, fresh.clone());
        fresh
    }

    /// What something was read as before.
    pub(crate) fn get<Q>(&self, raw: &Q) -> Option<T>
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        let known = self.0.borrow();
        known.read.get(raw).map(|(read, _)| read.clone())
    }

    /// Lets go of what something was read as.
    pub(crate) fn forget<Q>(&self, raw: &Q)
    where
        K: Borrow<Q>,
        Q: Hash + Eq + ?Sized,
    {
        let mut known = self.0.borrow_mut();
        if let Some((_, bytes)) = known.read.remove(raw) {
            known.bytes -= bytes;
        }
    }

    /// Keeps what something of so many bytes was read as.
    pub(crate) fn keep(&self, raw: K, bytes: usize, read: T) {
        // What is read takes room, too.
        let bytes = bytes + 256;
        let mut known = self.0.borrow_mut();
        if known.bytes + bytes > MOST {
            known.read.clear();
            known.bytes = 0;
        }
        if bytes <= MOST {
            known.bytes += bytes;
            let before = known.read.insert(raw, (read, bytes));
            known.bytes -= before.map_or(0, |(_, bytes)| bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_read_once() {
        let memo: Memo<String, usize> = Memo::default();
        let of = |text: &str, read: fn(&str) -> usize| memo.of(text, text.len(), read);
        assert_eq!(of("abc", str::len), 3);
        assert_eq!(of("abc", |_| 0), 3);
        for number in 0..=MOST / 256 {
            of(&number.to_string(), str::len);
        }
        assert!(memo.0.borrow().bytes <= MOST);
        of(&"a".repeat(MOST), str::len);
        assert!(memo.0.borrow().bytes <= MOST);
        for number in 0..=MOST / 256 {
            memo.forget(&number.to_string());
        }
        memo.forget("abc");
        assert_eq!((memo.0.borrow().read.len(), memo.0.borrow().bytes), (0, 0));
    }
}
