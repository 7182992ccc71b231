//! `go.mod`: the path of a module.

/// The path that a `go.mod` gives its module.
#[must_use]
pub fn module(text: &str) -> Option<String> {
    let mut lines = text.lines().map(str::trim);
    let line = lines.find_map(|line| line.strip_prefix("module"))?;
    let path = line.split("//").next().unwrap_or_default().trim();
    let path = path.trim_matches(['"', '`']);
    (!path.is_empty() && line.starts_with(char::is_whitespace)).then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::module;

    #[test]
    fn modules_are_named_in_one_line() {
        for (text, wanted) in [
            (
                "// x\nmodule example.com/a // b\n\ngo 1.22\n",
                Some("example.com/a"),
            ),
            ("module \"example.com/a\"", Some("example.com/a")),
            ("go 1.22", None),
            ("modulex y", None),
        ] {
            assert_eq!(module(text).as_deref(), wanted, "{text}");
        }
    }
}
