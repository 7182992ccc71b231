//! Definitions of CI that are not evaluated: each line of them that may publish images is reported
//! as unknown, so that nothing is passed over in silence.

use super::ci::event::{self, Names};
use super::ci::ledger::Ledger;
use super::ci::settings::Settings;
use crate::eval::unknown::Unknowns;
use crate::facts::Plan;
use crate::source::{FileId, Place, Span};

/// Such a definition.
#[derive(Debug)]
pub struct Foreign {
    /// The file.
    pub file: FileId,
    /// What it is.
    pub system: &'static str,
    /// The lines that may publish: the text and where.
    pub lines: Vec<(String, Span)>,
}

/// Words of which a line that publishes holds all of one row.
const SIGNS: &[&[&str]] = &[
    &["docker", " push"],
    &["docker", "--push"],
    &["docker", "-push"],
    &["buildx", "--push"],
    &["podman", " push"],
    &["buildah", " push"],
    &["nerdctl", " push"],
    &["manifest", " push"],
    &["imagetools", "create"],
    &["bake", "--push"],
    &["skopeo", "copy"],
    &["crane", "push"],
    &["kaniko", "--destination"],
    &["executor", "--destination"],
    &["make ", "push"],
    &["make ", "publish"],
    &[".push("],
    &["push", ".sh"],
    &["publish", ".sh"],
    &["docker@", ""],
    &["docker/publish"],
    &["docker/push"],
    &["build_and_push_image"],
    &["buildandpush"],
    &["docker.build("],
];

/// The system of a path, where it is one that is not evaluated.
#[must_use]
pub fn system(path: &str) -> Option<&'static str> {
    let mut parts = path.rsplit('/');
    let name = parts.next().unwrap_or(path);
    let folder = parts.next().unwrap_or_default();
    let yaml = name.ends_with(".yml") || name.ends_with(".yaml");
    let stem = name.split('.').next().unwrap_or_default();
    match name {
        _ if name.starts_with("Jenkinsfile") || name.ends_with(".jenkinsfile") => Some("Jenkins"),
        _ if folder == ".circleci" && yaml => Some("CircleCI"),
        _ if yaml && (stem.starts_with("azure-pipeline") || folder == ".azure-pipelines") => {
            Some("Azure Pipelines")
        }
        ".travis.yml" | ".travis.yaml" => Some("Travis CI"),
        "bitbucket-pipelines.yml" => Some("Bitbucket Pipelines"),
        "appveyor.yml" | ".appveyor.yml" => Some("AppVeyor"),
        "cloudbuild.yaml" | "cloudbuild.yml" => Some("Cloud Build"),
        ".cirrus.yml" => Some("Cirrus CI"),
        "pipeline.yml" | "pipeline.yaml" if folder == ".buildkite" => Some("Buildkite"),
        _ => None,
    }
}

/// Finds the lines that may publish; nothing where there are none.
#[must_use]
pub fn read(file: FileId, system: &'static str, text: &str) -> Option<Foreign> {
    let mut lines = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let plain = line.trim();
        let comment = plain.starts_with('#') || plain.starts_with("//") || plain.starts_with('*');
        let lower = plain.to_lowercase();
        let published = SIGNS.iter().any(|words| {
            let mut rest = lower.as_str();
            words.iter().all(|word| match rest.find(word) {
                Some(at) => {
                    rest = rest.get(at + word.len()..).unwrap_or_default();
                    true
                }
                None => false,
            })
        });
        if published && !comment && lines.len() < 200 {
            let indent = line.len() - line.trim_start().len();
            let span = Span::new(start + indent, start + indent + plain.len());
            let mut shown: String = plain.chars().take(60).collect();
            if shown.len() < plain.len() {
                shown.push('…');
            }
            lines.push((shown, span));
        }
        start += line.len();
    }
    (!lines.is_empty()).then_some(Foreign {
        file,
        system,
        lines,
    })
}

/// Plans in which nothing is known but where something may be published.
#[must_use]
pub fn plans(foreign: &Foreign, settings: &Settings) -> Vec<Plan> {
    event::plans(settings, &Names::default(), |event| {
        let unknowns = Unknowns::default();
        let mut ledger = Ledger::new(&unknowns, foreign.file);
        for (text, span) in &foreign.lines {
            let place = Place {
                file: foreign.file,
                span: *span,
            };
            let reason = format!("definitions of {} are not evaluated", foreign.system);
            ledger.opaque(unknowns.note_at(format!("`{text}`"), reason, Some(place)));
        }
        let plan = ledger.into_plan(event.scenario, &event.name, &event.reference);
        (plan, true)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_push_are_found() {
        let text = "stage('x') {\n  sh 'docker push acme/app'\n  // docker push no\n  img.push('latest')\n  sh 'ls'\n}\n";
        let foreign = read(FileId(0), "Jenkins", text).unwrap();
        let lines: Vec<&str> = foreign
            .lines
            .iter()
            .map(|(text, _)| text.as_str())
            .collect();
        assert_eq!(lines, ["sh 'docker push acme/app'", "img.push('latest')"]);
        assert!(read(FileId(0), "Jenkins", "sh 'make test'\n").is_none());
        assert_eq!(system("a/Jenkinsfile-Release"), Some("Jenkins"));
        assert_eq!(system(".circleci/config.yml"), Some("CircleCI"));
        assert_eq!(system("config.yml"), None);
    }
}
