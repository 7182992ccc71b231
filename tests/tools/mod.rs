//! The tools of `scripts/install-test-tools`, as the tests find them.

use std::path::{Path, PathBuf};

/// A tool by its command. Where tools are required its absence is a fault, elsewhere it is said.
pub fn find(name: &str) -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = std::env::var_os("TAGLINT_TEST_TOOLS").map(PathBuf::from);
    let folder = folder.unwrap_or_else(|| root.join("target/test-tools"));
    let tool = folder.join("bin").join(name);
    let set = |name: &str, value: &str| std::env::var(name).is_ok_and(|given| given == value);
    let required = set("CI", "true") || set("TAGLINT_REQUIRE_TOOLS", "1");
    let found = tool.is_file();
    assert!(
        found || !required,
        "{name} is missing: run scripts/install-test-tools"
    );
    if !found {
        println!("skipped: there is no {name}; scripts/install-test-tools brings it");
    }
    found.then_some(tool)
}
