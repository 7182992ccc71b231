//! What must hold of any input: properties over generated texts, over real files, and over the
//! answers of the real tools.
//!
//! Real files and answers lie outside the repository, in `../shared`; where that folder is absent
//! (on a user's machine), the tests that need it say so and pass.

#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::string_slice,
    clippy::panic
)]

mod chance;
mod expressions;
mod fixes;
mod references;
mod threads;
mod yaml;

use std::io::Write;
use std::path::PathBuf;

/// Writes a line past the test runner's capture: figures are worth seeing when all is well.
fn say(line: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

fn shared(name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("../shared")
        .join(name);
    if !path.exists() {
        eprintln!("{name}: not on this machine, nothing compared");
        return None;
    }
    Some(path)
}
