//! Findings that are accepted as they are, so that a run reports new ones only.
//!
//! A finding is known by its rule, its file, and what it speaks of; not by its line, which moves with
//! every edit above it. Several alike are counted.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::finding::Finding;

/// The format of the file.
const SCHEMA: u32 = 1;

/// What a finding is known by.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    path: String,
    rule: String,
    /// The image, or where there is none, the message.
    about: String,
    count: usize,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    schema: u32,
    findings: Vec<Entry>,
}

/// Accepted findings: how many of each.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Baseline {
    accepted: BTreeMap<(String, String, String), usize>,
}

/// What a baseline leaves of a run's findings.
#[derive(Debug, Default)]
pub struct Compared {
    /// The new ones.
    pub findings: Vec<Finding>,
    /// How many it accepts.
    pub accepted: usize,
    /// How many of those that it names are gone.
    pub gone: usize,
}

impl Baseline {
    /// Reads a baseline.
    ///
    /// # Errors
    /// It is no JSON of the right shape.
    pub fn parse(text: &str) -> Result<Self, String> {
        let file: File = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if file.schema != SCHEMA {
            return Err(format!(
                "this is schema {}, and only schema {SCHEMA} is known",
                file.schema
            ));
        }
        let mut baseline = Self::default();
        for entry in file.findings {
            let key = (entry.path, entry.rule, entry.about);
            let count = baseline.accepted.entry(key).or_default();
            *count = count.saturating_add(entry.count);
        }
        Ok(baseline)
    }

    /// The baseline that accepts these findings; `path` gives each one's file.
    #[must_use]
    pub fn of(findings: &[Finding], path: impl Fn(&Finding) -> String) -> Self {
        let mut baseline = Self::default();
        for finding in findings {
            *baseline.accepted.entry(key(finding, &path)).or_default() += 1;
        }
        baseline
    }

    /// Its file: sorted JSON, with a line break at the end.
    #[must_use]
    pub fn render(&self) -> String {
        let entries = self.accepted.iter();
        let findings = entries.map(|((path, rule, about), count)| Entry {
            path: path.clone(),
            rule: rule.clone(),
            about: about.clone(),
            count: *count,
        });
        let file = File {
            schema: SCHEMA,
            findings: findings.collect(),
        };
        let mut text = serde_json::to_string_pretty(&file).unwrap_or_default();
        text.push('\n');
        text
    }

    /// Takes out what is accepted. Of several alike the first ones are.
    #[must_use]
    pub fn compare(&self, findings: Vec<Finding>, path: impl Fn(&Finding) -> String) -> Compared {
        let mut left = self.accepted.clone();
        let mut compared = Compared::default();
        for finding in findings {
            match left.get_mut(&key(&finding, &path)) {
                Some(count) if *count > 0 => {
                    *count -= 1;
                    compared.accepted += 1;
                }
                _ => compared.findings.push(finding),
            }
        }
        compared.gone = left
            .values()
            .fold(0, |sum: usize, count| sum.saturating_add(*count));
        compared
    }
}

fn key(finding: &Finding, path: impl Fn(&Finding) -> String) -> (String, String, String) {
    let about = finding.image.as_ref().unwrap_or(&finding.message);
    (path(finding), finding.rule.to_owned(), about.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Level;
    use crate::source::{FileId, Place, Span};

    fn finding(line: usize, image: &str) -> Finding {
        let at = Place {
            file: FileId(0),
            span: Span::at(line),
        };
        Finding::new("floating-tag", Level::Warning, at, format!("at {line}")).image(image)
    }

    #[test]
    fn what_moved_is_accepted_and_one_more_is_new() {
        let path = |_: &Finding| "a.yaml".to_owned();
        let baseline = Baseline::of(&[finding(1, "a:latest"), finding(2, "b:latest")], path);
        let baseline = Baseline::parse(&baseline.render()).unwrap();
        let now = vec![finding(7, "a:latest"), finding(9, "a:latest")];
        let compared = baseline.compare(now, path);
        assert_eq!((compared.accepted, compared.gone), (1, 1));
        assert_eq!(compared.findings, [finding(9, "a:latest")]);
        let elsewhere = |_: &Finding| "b.yaml".to_owned();
        let compared = baseline.compare(vec![finding(1, "a:latest")], elsewhere);
        assert_eq!((compared.accepted, compared.findings.len()), (0, 1));
    }

    #[test]
    fn a_bad_file_is_refused() {
        for text in [
            "",
            "[]",
            r#"{"schema":2,"findings":[]}"#,
            r#"{"schema":1,"findings":[{"path":"a"}]}"#,
        ] {
            assert!(Baseline::parse(text).is_err(), "{text}");
        }
    }
}
