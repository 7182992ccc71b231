//! Paths within a repository.

/// A path as seen from a folder, relative to the root and in its shortest form: `.` is the root, and
/// a path that leads out of the repository begins with `..` or `/`.
#[must_use]
pub fn joined(folder: &str, path: &str) -> String {
    let full = match (path.starts_with('/'), folder) {
        (true, _) => return path.to_owned(),
        (false, "" | ".") => path.to_owned(),
        (false, folder) => format!("{folder}/{path}"),
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in full.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    match parts.is_empty() {
        true => ".".to_owned(),
        false => parts.join("/"),
    }
}

/// The folder of a file.
pub(super) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// A build context as seen from a folder; one that lies elsewhere stays as it is.
pub(super) fn context(folder: &str, context: &str) -> String {
    let elsewhere = context.contains("://")
        || ["service:", "github.com/", "git@", "~"]
            .iter()
            .any(|start| context.starts_with(start));
    match elsewhere {
        true => context.to_owned(),
        false => joined(folder, context),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_joined() {
        for (folder, path, expected) in [
            ("", ".", "."),
            ("", "./a/", "a"),
            ("a/b", "../c", "a/c"),
            ("a", "../../c", "../c"),
            ("a", "/c", "/c"),
            (".", "c", "c"),
        ] {
            assert_eq!(joined(folder, path), expected, "{folder} {path}");
        }
        assert_eq!(context("a", "https://x/y.git#main"), "https://x/y.git#main");
    }
}
