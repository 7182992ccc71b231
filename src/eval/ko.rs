//! How ko names the image of a Go package.

use super::unknown::{self, Unknowns};

/// What of the import path goes into the name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Naming {
    /// Nothing: the repository is the name.
    Bare,
    /// Its last part.
    Base,
    /// All of it.
    Whole,
    /// Its last part, and a digest of the whole.
    Digest,
}

impl Naming {
    /// The naming that options ask for; the whole path counts more than its last part, and that
    /// more than nothing.
    #[must_use]
    pub fn of(bare: bool, base: bool, whole: bool) -> Self {
        match (whole, base, bare) {
            (true, ..) => Self::Whole,
            (_, true, _) => Self::Base,
            (.., true) => Self::Bare,
            _ => Self::Digest,
        }
    }
}

/// The import path of a package that is named by its folder in a module.
#[must_use]
pub fn import_path(module: &str, package: &str) -> String {
    let package = package.strip_prefix("ko://").unwrap_or(package);
    if !package.starts_with('.') {
        return package.to_owned();
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in package.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    if parts.is_empty() {
        module.to_owned()
    } else {
        format!("{module}/{}", parts.join("/"))
    }
}

/// The name of the image of a package in a repository.
#[must_use]
pub fn name(repository: &str, path: &str, naming: Naming, unknowns: &Unknowns) -> String {
    let base = path
        .trim_end_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or(path);
    let joined = |name: &str| {
        if repository.is_empty() {
            name.to_owned()
        } else {
            format!("{repository}/{name}")
        }
    };
    match naming {
        Naming::Bare => repository.to_owned(),
        Naming::Base => joined(base),
        Naming::Whole => joined(path),
        Naming::Digest => match unknown::first_mark(path) {
            None => joined(&format!("{base}-{}", super::bake::md5(path))),
            Some(mark) => {
                let reason = unknowns
                    .get(mark)
                    .map_or_else(String::new, |known| known.reason);
                let mark = unknowns.note("the digest of an import path", reason);
                joined(&format!("{base}-{}", mark.as_char()))
            }
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_import_path() {
        let unknowns = Unknowns::default();
        let path = import_path("github.com/acme/app", "./cmd/server/");
        assert_eq!(path, "github.com/acme/app/cmd/server");
        assert_eq!(import_path("example.com/m", "."), "example.com/m");
        assert_eq!(
            import_path("example.com/m", "ko://example.com/m/x"),
            "example.com/m/x"
        );
        for (naming, wanted) in [
            (Naming::Bare, "r.io/x"),
            (Naming::Base, "r.io/x/server"),
            (Naming::Whole, "r.io/x/github.com/acme/app/cmd/server"),
            (
                Naming::Digest,
                "r.io/x/server-6a754f680b7c85f21e091d0d7a93164e",
            ),
        ] {
            let name = name("r.io/x", &path, naming, &unknowns);
            assert_eq!(name, wanted);
        }
    }
}
