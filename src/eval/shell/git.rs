//! What git prints, from what is known of the commit that CI checks out.

/// What is known of the checked-out commit. A part that is none is not known.
#[derive(Debug, Clone, Default)]
pub struct Repository {
    /// The full commit hash.
    pub commit: Option<String>,
    /// The branch; the empty text for a detached head.
    pub branch: Option<String>,
    /// The tags on the commit; the last one is the one that `git describe` finds.
    pub tags: Option<Vec<String>>,
    /// The newest tag before the commit, where the commit itself has none.
    pub last_tag: Option<String>,
}

impl Repository {
    /// What `git ARGUMENTS` prints, without the last line break.
    #[must_use]
    pub fn answer(&self, arguments: &[String]) -> Option<String> {
        let mut words: Vec<&str> = arguments.iter().map(String::as_str).collect();
        loop {
            match words.first() {
                Some(&("-C" | "-c" | "--git-dir" | "--work-tree")) => {
                    words.drain(..words.len().min(2));
                }
                Some(first) if first.starts_with('-') => {
                    words.remove(0);
                }
                _ => break,
            }
        }
        let (command, rest) = words.split_first()?;
        let has = |wanted: &str| rest.contains(&wanted);
        match *command {
            "describe" => self.describe(rest),
            "rev-parse" if has("--abbrev-ref") && head_only(rest) => {
                let branch = self.branch.clone()?;
                Some(if branch.is_empty() {
                    "HEAD".to_owned()
                } else {
                    branch
                })
            }
            "rev-parse" if head_only(rest) => {
                let short = rest
                    .iter()
                    .find_map(|word| match word.strip_prefix("--short") {
                        Some("") => Some(7),
                        Some(length) => length.strip_prefix('=')?.parse().ok(),
                        None => None,
                    });
                self.hash(short)
            }
            "branch" if has("--show-current") => self.branch.clone(),
            "symbolic-ref" if has("--short") && has("HEAD") => {
                self.branch.clone().filter(|branch| !branch.is_empty())
            }
            "tag" if has("--points-at") || has("--contains") && !self.tags.as_ref()?.is_empty() => {
                let target = rest.iter().rfind(|word| !word.starts_with('-'));
                if target.is_some_and(|target| *target != "HEAD") {
                    return None;
                }
                Some(self.tags.as_ref()?.join("\n"))
            }
            "log" | "show" => {
                let format = rest.iter().find_map(|word| {
                    word.strip_prefix("--format=")
                        .or_else(|| word.strip_prefix("--pretty=format:"))
                        .or_else(|| word.strip_prefix("--pretty="))
                })?;
                let one = rest
                    .iter()
                    .any(|word| matches!(*word, "-1" | "-n1" | "--max-count=1"))
                    || has("-n")
                    || *command == "show";
                let format = format.strip_prefix("format:").unwrap_or(format);
                let format = format.trim_matches(['"', '\'']);
                if !one
                    || rest
                        .iter()
                        .any(|word| !word.starts_with('-') && !matches!(*word, "HEAD" | "1"))
                {
                    return None;
                }
                match format {
                    "%h" => self.hash(Some(7)),
                    "%H" => self.hash(None),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn hash(&self, length: Option<usize>) -> Option<String> {
        let commit = self.commit.as_ref()?;
        let shown: String = commit.chars().take(length.unwrap_or(usize::MAX)).collect();
        Some(shown)
    }

    fn describe(&self, rest: &[&str]) -> Option<String> {
        let has = |wanted: &str| rest.contains(&wanted);
        let with_value = |word: &&&str| {
            word.starts_with("--match")
                || word.starts_with("--exclude")
                || word.starts_with("--candidates")
        };
        let other = rest
            .iter()
            .filter(|word| !word.starts_with('-') && !matches!(**word, "HEAD" | "0"));
        // A pattern or another commit may lead to another tag.
        if rest.iter().any(|word| with_value(&word)) || other.count() > 0 {
            return None;
        }
        if has("--long") || rest.iter().any(|word| word.starts_with("--dirty=")) {
            return None;
        }
        // Tags of releases are taken to be annotated, or asked for with --tags.
        if let Some(tag) = self.tags.as_ref()?.last() {
            return Some(tag.clone());
        }
        if has("--exact-match") {
            return None;
        }
        if has("--abbrev=0") {
            return self.last_tag.clone();
        }
        None
    }
}

fn head_only(rest: &[&str]) -> bool {
    rest.contains(&"HEAD")
        && rest
            .iter()
            .all(|word| *word == "HEAD" || word.starts_with('-'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_questions() {
        let tagged = Repository {
            commit: Some("abcdef1000000000000000000000000000000000".to_owned()),
            branch: Some(String::new()),
            tags: Some(vec!["v1.2.3".to_owned()]),
            last_tag: None,
        };
        for (question, answer) in [
            ("describe --tags --always", Some("v1.2.3")),
            ("describe --abbrev=0 --tags", Some("v1.2.3")),
            ("-C src describe --tags --abbrev 0", Some("v1.2.3")),
            ("describe --tags --match v*", None),
            ("describe --tags HEAD^", None),
            ("rev-parse --short HEAD", Some("abcdef1")),
            ("rev-parse --short=8 HEAD", Some("abcdef10")),
            ("rev-parse --abbrev-ref HEAD", Some("HEAD")),
            ("rev-parse origin/main", None),
            ("log -1 --format=%h", Some("abcdef1")),
            ("log -1 --pretty=%cd", None),
            ("tag --points-at HEAD", Some("v1.2.3")),
            ("tag", None),
            ("branch --show-current", Some("")),
        ] {
            let words: Vec<String> = question.split(' ').map(str::to_owned).collect();
            assert_eq!(tagged.answer(&words).as_deref(), answer, "{question}");
        }
    }
}
