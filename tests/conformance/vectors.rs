//! Finds and reads the vectors, and counts how many pass.

use std::io::Write;
use std::path::PathBuf;

/// The file or folder of this name among the vectors; `None`, and a word about it, where absent.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/vectors")
        .join(name);
    if path.exists() {
        return Some(path);
    }
    eprintln!("{name}: not on this machine, nothing compared");
    None
}

/// A JSON file among the vectors.
pub(crate) fn json(name: &str) -> Option<serde_json::Value> {
    let text = std::fs::read_to_string(find(name)?).expect("vectors can be read");
    Some(serde_json::from_str(&text).expect("vectors are JSON"))
}

/// Counts what agrees and keeps what does not.
#[derive(Default)]
pub(crate) struct Tally {
    total: usize,
    wrong: Vec<String>,
}

impl Tally {
    /// Counts one case; the text describes it where it disagrees.
    pub(crate) fn case(&mut self, agrees: bool, describe: impl FnOnce() -> String) {
        self.total += 1;
        if !agrees {
            self.wrong.push(describe());
        }
    }

    /// Prints the count and the first disagreements, and fails where there are any, or no cases.
    pub(crate) fn finish(self, name: &str) {
        // Written past the test runner's capture: the count is worth seeing when all is well.
        let mut out = std::io::stdout().lock();
        let agree = self.total - self.wrong.len();
        let _ = writeln!(out, "{name}: {agree} of {} agree", self.total);
        for line in self.wrong.iter().take(20) {
            let _ = writeln!(out, "  {line}");
        }
        drop(out);
        assert!(self.total > 0, "{name}: no case was compared");
        assert!(
            self.wrong.is_empty(),
            "{name}: {} disagree",
            self.wrong.len()
        );
    }
}
