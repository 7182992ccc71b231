//! What a user sets in the editor.

use std::path::PathBuf;

use serde::Deserialize;
use serde_json::Value;

/// The settings, in the section `taglint` of the editor's or among the options at the start.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Settings {
    /// The policy of all files; without it, the nearest one upwards.
    pub config: Option<PathBuf>,
    /// Whether fixes that may change what is meant are offered.
    pub unsafe_fixes: bool,
    /// Whether evaluated tags are shown beside what declares them.
    pub inlay_hints: bool,
    /// Whether a workflow is headed by what it publishes.
    pub code_lens: bool,
    /// Whose findings are told.
    pub diagnostics: Scope,
}

/// Whose findings are told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Those of the files that are open.
    #[default]
    Open,
    /// Those of all files of the folders.
    Workspace,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            config: None,
            unsafe_fixes: true,
            inlay_hints: true,
            code_lens: true,
            diagnostics: Scope::Open,
        }
    }
}

impl Settings {
    /// Reads what a client sends: the settings themselves, or an object that holds them; `None` where
    /// it says nothing, as clients do that have no settings but send them all the same.
    ///
    /// # Errors
    /// What is not as it should be.
    pub fn read(value: &Value) -> Result<Option<Self>, String> {
        let own = value.get("taglint").unwrap_or(value);
        let names = [
            "config",
            "unsafeFixes",
            "inlayHints",
            "codeLens",
            "diagnostics",
        ];
        if !names.iter().any(|name| own.get(name).is_some()) {
            return Ok(None);
        }
        let read = Self::deserialize(own);
        read.map(Some)
            .map_err(|error| format!("settings of taglint: {error}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn settings_are_found_wherever_clients_put_them() {
        let read = |value: Value| Settings::read(&value).unwrap();
        let set = read(json!({"taglint": {"inlayHints": false}})).unwrap();
        assert!(!set.inlay_hints && set.code_lens);
        let set = read(json!({"diagnostics": "workspace"})).unwrap();
        assert_eq!(set.diagnostics, Scope::Workspace);
        for nothing in [Value::Null, json!({}), json!([]), json!({"taglint": {}})] {
            assert_eq!(read(nothing), None);
        }
        assert!(Settings::read(&json!({"config": 1})).is_err());
    }
}
