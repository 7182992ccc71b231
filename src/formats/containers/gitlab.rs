//! GitLab CI: the image and the services of the pipeline, of its defaults and of each job.

use super::super::uses::{Holder, resolve};
use super::holder;
use crate::facts::{ImageUse, Resolved, UseKind};
use crate::source::FileId;
use crate::yaml::{Kind, NodeRef};

/// Keys of a pipeline that are no jobs.
const NO_JOBS: &[&str] = &[
    "after_script",
    "before_script",
    "cache",
    "image",
    "include",
    "services",
    "spec",
    "stages",
    "types",
    "variables",
    "workflow",
];

/// Keys that a job of GitLab has beside its script, and other tools' jobs have not.
const JOB_KEYS: &[&str] = &[
    "stage",
    "rules",
    "only",
    "except",
    "extends",
    "needs",
    "artifacts",
];

/// Variables and templates in a row that are followed.
const MAX_DEPTH: usize = 16;

/// Texts longer than this are not expanded further.
const MAX_LENGTH: usize = 4 * 1024;

/// Whether a document is a pipeline, or a part of one that others include: by the file's name, or
/// by the shape of its jobs.
#[must_use]
pub fn is_pipeline(path: &str, root: NodeRef<'_, '_>) -> bool {
    let other = ["apiVersion", "jobs", "on", "steps"];
    if root.kind() != Kind::Mapping || other.iter().any(|key| root.get(key).is_some()) {
        return false;
    }
    let name = path.rsplit('/').next().unwrap_or(path);
    name.contains("gitlab-ci")
        || root.pairs().any(|(_, job)| {
            job.kind() == Kind::Mapping
                && job.get("script").is_some()
                && JOB_KEYS.iter().any(|key| job.get(key).is_some())
        })
}

/// Reads a pipeline.
#[must_use]
pub fn read(file: FileId, root: NodeRef<'_, '_>) -> Vec<ImageUse> {
    let mut reader = Reader {
        holder: holder(file, UseKind::Gitlab),
        root,
        uses: Vec::new(),
    };
    reader.holder.name = "pipeline".to_owned();
    reader.part(root);
    for (name, _, job) in root.entries() {
        if !NO_JOBS.contains(&name) && job.kind() == Kind::Mapping && !job.is_alias() {
            reader.holder.name = match name {
                "default" => "default".to_owned(),
                name => format!("job {name}"),
            };
            reader.part(job);
        }
    }
    reader.uses
}

struct Reader<'d, 's> {
    holder: Holder,
    root: NodeRef<'d, 's>,
    uses: Vec<ImageUse>,
}

impl Reader<'_, '_> {
    /// The image and the services of one part. What a merge key brings was read where it stands.
    fn part(&mut self, part: NodeRef<'_, '_>) {
        for (key, value) in part.pairs() {
            match key.text() {
                _ if value.is_alias() => {}
                Some("image") => self.image(part, value),
                Some("services") => {
                    for service in value.items().filter(|item| !item.is_alias()) {
                        let holder = self.holder.name.clone();
                        self.holder.name = format!("{holder}, service");
                        self.image(part, service);
                        self.holder.name = holder;
                    }
                }
                _ => {}
            }
        }
    }

    fn image(&mut self, part: NodeRef<'_, '_>, node: NodeRef<'_, '_>) {
        // `!reference [.job, image]` stands for what is read where it is written.
        let name = match node.kind() {
            Kind::Mapping => node.get("name"),
            _ => Some(node),
        };
        let Some(scalar) = name.and_then(NodeRef::scalar) else {
            return;
        };
        if scalar.text.trim().is_empty() {
            return;
        }
        let mut unknown = None;
        let text = self.expand(part, scalar.text.trim(), 0, &mut unknown);
        let resolved = match unknown {
            Some(name) => Resolved::Unresolved(name),
            None => resolve(&text),
        };
        let found = self.holder.found(scalar, scalar.text.to_owned(), resolved);
        let policy = node.get("pull_policy");
        let policy = policy.and_then(|policy| policy.items().next().or(Some(policy)));
        self.uses.push(ImageUse {
            pull_policy: policy.and_then(NodeRef::text).map(str::to_owned),
            ..found
        });
    }

    /// A text with the variables of a part; the first one that is not known is kept.
    fn expand(
        &self,
        part: NodeRef<'_, '_>,
        text: &str,
        depth: usize,
        unknown: &mut Option<String>,
    ) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('$') {
            out.push_str(before);
            if let Some(after) = after.strip_prefix('$') {
                out.push('$');
                rest = after;
                continue;
            }
            let end = |text: &str| {
                text.find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                    .unwrap_or(text.len())
            };
            let (name, after) = match after.strip_prefix('{') {
                Some(inner) => inner.split_once('}').unwrap_or(("", after)),
                None => after.split_at_checked(end(after)).unwrap_or(("", after)),
            };
            rest = after;
            let value = variable(self.root, part, name, 0);
            match value.filter(|_| depth < MAX_DEPTH && out.len() < MAX_LENGTH) {
                Some(value) => out.push_str(&self.expand(part, value, depth + 1, unknown)),
                None => {
                    unknown.get_or_insert_with(|| match name {
                        "" => text.to_owned(),
                        name => format!("${{{name}}}"),
                    });
                }
            }
            if unknown.is_some() {
                break;
            }
        }
        out.push_str(rest);
        out
    }
}

/// A variable's value: of the job, of what it extends, of the pipeline.
fn variable<'d>(
    root: NodeRef<'d, '_>,
    part: NodeRef<'d, '_>,
    name: &str,
    depth: usize,
) -> Option<&'d str> {
    let own = |node: NodeRef<'d, '_>| {
        let value = node.get("variables")?.get(name)?;
        value.get("value").unwrap_or(value).text()
    };
    if let Some(value) = own(part) {
        return Some(value);
    }
    if depth < MAX_DEPTH
        && let Some(extends) = part.get("extends")
    {
        let mut parents: Vec<&str> = extends.items().filter_map(NodeRef::text).collect();
        parents.extend(extends.text());
        // The later ones win; few have more than two.
        for parent in parents.into_iter().rev().take(4) {
            let parent = root.get(parent);
            if let Some(value) = parent.and_then(|parent| inherited(root, parent, name, depth + 1))
            {
                return Some(value);
            }
        }
    }
    own(root).filter(|_| depth == 0)
}

fn inherited<'d>(
    root: NodeRef<'d, '_>,
    part: NodeRef<'d, '_>,
    name: &str,
    depth: usize,
) -> Option<&'d str> {
    // Four parents each time would be too many paths.
    (depth < 5).then(|| variable(root, part, name, depth))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::Yaml;

    fn told(text: &str) -> Vec<String> {
        let yaml = Yaml::parse(text);
        let root = yaml.first().unwrap();
        assert!(is_pipeline(".gitlab-ci.yml", root));
        read(FileId(0), root)
            .into_iter()
            .map(|found| {
                let at = text.get(found.at.span.start..found.at.span.end).unwrap();
                let resolved = match &found.resolved {
                    Resolved::Reference(image) => image.to_string(),
                    Resolved::Invalid(why) => format!("invalid: {why}"),
                    Resolved::Unresolved(what) => format!("unresolved: {what}"),
                };
                format!("{} | {at} | {resolved}", found.holder)
            })
            .collect()
    }

    #[test]
    fn images_and_services_of_all_parts() {
        let text = r#"
variables: {V: "3.20", BASE: "alpine:$V", R: {value: "acme", description: x}}
image: $BASE
services: [docker:dind]
default:
  image: {name: "golang:1.22", entrypoint: [""]}
.node:
  variables: {NODE: "20.1.0"}
test:
  extends: .node
  image: "${R}/node:${NODE}"
  services: [{name: "postgres:16", alias: db}, "$CI_REGISTRY_IMAGE/x:1"]
  script: [make]
other:
  image: !reference [.node, image]
  variables: {LOOP: "$LOOP"}
  services: ["$LOOP", "a$$b"]
stages: [a]
"#;
        assert_eq!(
            told(text),
            [
                "pipeline | $BASE | alpine:3.20",
                "pipeline, service | docker:dind | docker:dind",
                "default | \"golang:1.22\" | golang:1.22",
                "job test | \"${R}/node:${NODE}\" | acme/node:20.1.0",
                "job test, service | \"postgres:16\" | postgres:16",
                "job test, service | \"$CI_REGISTRY_IMAGE/x:1\" | unresolved: ${CI_REGISTRY_IMAGE}",
                "job other, service | \"$LOOP\" | unresolved: ${LOOP}",
                "job other, service | \"a$$b\" | unresolved: a$b",
            ]
        );
    }

    #[test]
    fn parts_that_others_include_are_known_by_their_shape() {
        let is = |text: &str| is_pipeline("ci/build.yml", Yaml::parse(text).first().unwrap());
        assert!(is("build: {stage: build, script: [make], image: alpine}"));
        assert!(!is("build: {script: make}"));
        assert!(!is("jobs: {a: {script: x, stage: y}}\non: push"));
    }
}
