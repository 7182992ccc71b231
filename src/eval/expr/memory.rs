//! The bound on what an evaluation may build up: about one megabyte, counted as GitHub counts it.

/// An evaluation may hold so many bytes.
const MAX_BYTES: usize = 1 << 20;

/// How much each level of the tree holds at the moment.
#[derive(Debug, Default)]
pub(super) struct Memory {
    levels: Vec<usize>,
    total: usize,
}

/// The bound is passed.
#[derive(Debug)]
pub(super) struct Exceeded;

impl Memory {
    /// Counts a result. One that stands by itself lets go of what lies deeper than it.
    pub(super) fn add(
        &mut self,
        level: usize,
        bytes: usize,
        stands_alone: bool,
    ) -> Result<(), Exceeded> {
        if stands_alone {
            while self.levels.len() > level + 1 {
                self.total -= self.levels.pop().unwrap_or(0);
            }
        }
        if self.levels.len() <= level {
            self.levels.resize(level + 1, 0);
        }
        if let Some(held) = self.levels.get_mut(level) {
            *held += bytes;
        }
        self.total += bytes;
        check(self.total)
    }
}

fn check(bytes: usize) -> Result<(), Exceeded> {
    if bytes > MAX_BYTES {
        return Err(Exceeded);
    }
    Ok(())
}

/// What a text of this many bytes in UTF-8 holds at most, for the count.
pub(super) fn text_bytes(text: &str) -> usize {
    let units = match text.is_ascii() {
        true => text.len(),
        false => text.encode_utf16().count(),
    };
    26 + 2 * units
}

/// Text that is built piece by piece under the bound.
#[derive(Debug, Default)]
pub(super) struct Builder {
    text: String,
    bytes: usize,
}

impl Builder {
    /// Appends a piece.
    pub(super) fn push(&mut self, piece: &str) -> Result<(), Exceeded> {
        self.bytes += text_bytes(piece);
        check(self.bytes)?;
        self.text.push_str(piece);
        Ok(())
    }

    /// The text so far.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The whole text.
    pub(super) fn finish(self) -> String {
        self.text
    }
}
