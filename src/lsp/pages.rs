//! Pages of rules as files that an editor can open: written when first linked to, for this very
//! version, so that a link works without a network and says what this version does.

use std::path::PathBuf;

use gen_lsp_types::Uri;

use super::uri;
use crate::report::rule_page;
use crate::rules::Rule;

/// Where the pages lie: in the user's cache, or where temporary files go.
fn folder() -> PathBuf {
    let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    let home = |below: &str| set("HOME").map(|home| PathBuf::from(home).join(below));
    let cache = match () {
        () if cfg!(windows) => set("LOCALAPPDATA").map(PathBuf::from),
        () if cfg!(target_os = "macos") => home("Library/Caches"),
        () => set("XDG_CACHE_HOME")
            .map(PathBuf::from)
            .or_else(|| home(".cache")),
    };
    let cache = cache.filter(|path| path.is_absolute());
    let cache = cache.unwrap_or_else(std::env::temp_dir);
    cache
        .join("taglint")
        .join(env!("CARGO_PKG_VERSION"))
        .join("rules")
}

/// The page of a rule; `None` where it cannot be written.
pub fn page(rule: &Rule) -> Option<Uri> {
    let path = folder().join(format!("{}.md", rule.name));
    let text = rule_page(rule);
    let known = std::fs::read_to_string(&path).is_ok_and(|known| known == text);
    if !known {
        std::fs::create_dir_all(path.parent()?).ok()?;
        std::fs::write(&path, text).ok()?;
    }
    Some(uri::of(&path))
}
