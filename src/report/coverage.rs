//! How much of what publishes was understood: a census of publishing steps, taken from the text
//! alone, against what the evaluation made of each.
//!
//! The census knows nothing of the evaluation: it looks for the names of actions and commands, line
//! by line. So a step that the evaluation passes over in silence shows.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use regex::Regex;

use crate::facts::{Plan, Scenario};
use crate::project::Project;
use crate::source::{FileId, Place, Source};

/// What publishes, and how a line shows it.
const MECHANISMS: &[(&str, &str)] = &[
    (
        "docker/build-push-action",
        r"uses:\s*['\x22]?\S*docker/build-push-action|uses:\s*\S*(depot|useblacksmith)/build-push-action",
    ),
    (
        "docker/bake-action",
        r"uses:\s*['\x22]?docker/bake-action(@|$)",
    ),
    (
        "other publishing actions",
        r"uses:\s*['\x22]?(redhat-actions/(buildah-build|push-to-registry)|elgohr/|akhilerm/tag-push-action|mr-smithers-excellent/docker-build-push|int128/docker-manifest-create-action|Noelware/docker-manifest-action|goreleaser/goreleaser-action)",
    ),
    ("`goreleaser`", r"(^|[\s;&|])goreleaser\s+(release|--|-|$)"),
    ("`docker buildx bake`", r"\bbuildx\s+bake\b"),
    (
        "`docker buildx build --push`",
        r"\bbuildx\s+build\b.*(--push\b|type=registry|push=true)",
    ),
    (
        "`docker buildx imagetools create`",
        r"\bimagetools\s+create\b",
    ),
    ("`docker manifest push`", r"\bmanifest\s+push\b"),
    (
        "`docker compose push`",
        r"\b(docker[ -]compose|podman-compose)\b.*\bpush\b",
    ),
    (
        "`docker push`",
        r"\b(docker|podman|nerdctl|buildah)\s+(image\s+)?push\b",
    ),
    ("`skopeo copy`", r"\bskopeo\s+(copy|sync)\b"),
    (
        "`crane`, `regctl`, `oras`",
        r"\b(crane|gcrane)\s+(copy|cp|tag|push|append)\b|\bregctl\s+image\s+copy\b|\boras\s+(push|copy|cp|tag)\b",
    ),
    ("`ko`", r"(^|[\s;&|])ko\s+(build|publish|resolve|apply)\b"),
    ("kaniko", r"/kaniko/executor|kaniko-project/executor"),
    (
        "Drone and Woodpecker plugins",
        r"image:\s*\S*(plugins/(docker|ecr|gcr|acr|kaniko|manifest)|plugin-docker-buildx|drone-docker-buildx|plugin-kaniko)",
    ),
];

static SIGNS: LazyLock<Vec<(&'static str, Option<Regex>)>> = LazyLock::new(|| {
    let compiled = MECHANISMS.iter();
    compiled
        .map(|(name, sign)| (*name, Regex::new(sign).ok()))
        .collect()
});

/// What became of a publishing step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Every tag that it publishes is known.
    Known,
    /// It publishes tags with parts that are not known.
    Partly,
    /// What it publishes is not known, and the plan says why.
    Unknown,
    /// It runs, and pushes nothing.
    PushesNothing,
    /// No event that is planned makes it run.
    NeverRuns,
    /// Nothing is said of it.
    Silent,
}

/// One line that shows a publishing step.
#[derive(Debug)]
pub struct Step {
    /// What publishes.
    pub mechanism: &'static str,
    /// Its file.
    pub path: String,
    /// Its line, from 1.
    pub line: usize,
    /// What became of it.
    pub outcome: Outcome,
}

/// All lines of the project's CI files that show a publishing step.
#[must_use]
pub fn census(project: &Project) -> Vec<Step> {
    let mut steps = Vec::new();
    for (index, source) in project.sources.iter().enumerate() {
        let file = FileId(u32::try_from(index).unwrap_or(u32::MAX));
        if !is_ci(project, file, source) {
            continue;
        }
        let account = Account::of(project, file, source);
        for (index, line) in source.text().lines().enumerate() {
            let Some(mechanism) = sign(line) else {
                continue;
            };
            steps.push(Step {
                mechanism,
                path: source.path().to_owned(),
                line: index + 1,
                outcome: account.of_line(index + 1),
            });
        }
    }
    steps
}

fn sign(line: &str) -> Option<&'static str> {
    let line = line.trim_start().trim_start_matches("- ");
    // Comments, and what is only printed.
    if line.starts_with('#') || line.starts_with("echo ") || line.starts_with("name:") {
        return None;
    }
    let mut signs = SIGNS.iter();
    signs.find_map(|(name, sign)| sign.as_ref()?.is_match(line).then_some(*name))
}

fn is_ci(project: &Project, file: FileId, source: &Source) -> bool {
    let path = source.path();
    let name = path.rsplit('/').next().unwrap_or(path);
    let folders = ["/workflows/", "/actions/", ".woodpecker/", ".circleci/"];
    let names = [
        ".drone",
        ".gitlab-ci",
        ".woodpecker",
        ".travis",
        "Jenkinsfile",
        "azure-pipelines",
    ];
    path.starts_with(".github/")
        || folders.iter().any(|folder| path.contains(folder))
        || names.iter().any(|known| name.starts_with(known))
        || matches!(name, "action.yml" | "action.yaml")
        || project.plans.iter().any(|plan| plan.file == file)
}

/// The lines of one file of which the plans say something.
struct Account {
    known: Vec<(usize, usize)>,
    partly: Vec<(usize, usize)>,
    unknown: Vec<(usize, usize)>,
    ran: Vec<(usize, usize)>,
    skipped: Vec<(usize, usize)>,
    /// Whether any plan is made of the file.
    planned: bool,
}

impl Account {
    fn of(project: &Project, file: FileId, source: &Source) -> Self {
        let lines = |place: Place| {
            let line = |offset| source.position(offset).line;
            (place.file == file).then(|| (line(place.span.start), line(place.span.end)))
        };
        let mut account = Self {
            known: Vec::new(),
            partly: Vec::new(),
            unknown: Vec::new(),
            ran: Vec::new(),
            skipped: Vec::new(),
            planned: false,
        };
        let shown = |plan: &&Plan| plan.scenario != Scenario::OddVersion;
        for plan in project.plans.iter().filter(shown) {
            account.planned |= plan.file == file;
            for (place, ran) in &plan.steps {
                let list = if *ran {
                    &mut account.ran
                } else {
                    &mut account.skipped
                };
                list.extend(lines(*place));
            }
            for publication in &plan.publications {
                let known = publication.certain && publication.is_comparable();
                let list = if known {
                    &mut account.known
                } else {
                    &mut account.partly
                };
                let build = plan.builds.get(publication.build);
                list.extend(lines(publication.at));
                list.extend(build.and_then(|build| lines(build.at)));
            }
            for push in &plan.digests {
                account.known.extend(lines(push.at));
            }
            for unknown in &plan.unknowns {
                account.unknown.extend(lines(unknown.at));
            }
            for (_, place) in &plan.faults {
                account.unknown.extend(lines(*place));
            }
        }
        account
    }

    fn of_line(&self, line: usize) -> Outcome {
        // The step that the line stands in: the smallest that holds it.
        let steps = self.ran.iter().chain(&self.skipped);
        let holding = steps.filter(|(start, end)| (*start..=*end).contains(&line));
        let step = holding.min_by_key(|(start, end)| end - start);
        let (start, end) = step.copied().unwrap_or((line, line));
        let touches =
            |list: &[(usize, usize)]| list.iter().any(|(from, to)| *from <= end && start <= *to);
        // A step may hold several commands: what is said of the line itself comes first.
        let here = |list: &[(usize, usize)]| list.contains(&(line, line));
        if here(&self.known) && !here(&self.partly) {
            Outcome::Known
        } else if touches(&self.partly) {
            Outcome::Partly
        } else if touches(&self.known) {
            Outcome::Known
        } else if touches(&self.unknown) {
            Outcome::Unknown
        } else if touches(&self.ran) {
            Outcome::PushesNothing
        } else if touches(&self.skipped) || !self.planned {
            Outcome::NeverRuns
        } else {
            Outcome::Silent
        }
    }
}

/// The census as a table in Markdown.
#[must_use]
pub fn table(steps: &[Step]) -> String {
    let mut rows: BTreeMap<&str, BTreeMap<Outcome, usize>> = BTreeMap::new();
    for step in steps {
        for row in [step.mechanism, "all"] {
            *rows
                .entry(row)
                .or_default()
                .entry(step.outcome)
                .or_default() += 1;
        }
    }
    const COLUMNS: [(Outcome, &str); 6] = [
        (Outcome::Known, "all tags known"),
        (Outcome::Partly, "tags with unknown parts"),
        (Outcome::Unknown, "unknown, with the reason"),
        (Outcome::PushesNothing, "runs, pushes nothing"),
        (Outcome::NeverRuns, "no planned event runs it"),
        (Outcome::Silent, "passed over"),
    ];
    let mut text = String::from("| mechanism | steps |");
    COLUMNS
        .iter()
        .for_each(|(_, name)| text.push_str(&format!(" {name} |")));
    text.push_str("\n|---|---:|");
    text.push_str(&"---:|".repeat(COLUMNS.len()));
    text.push('\n');
    let order = MECHANISMS.iter().map(|(name, _)| *name).chain(["all"]);
    for (name, row) in order.filter_map(|name| Some((name, rows.get(name)?))) {
        let total: usize = row.values().sum();
        text.push_str(&format!("| {name} | {total} |"));
        for (outcome, _) in COLUMNS {
            match row.get(&outcome) {
                Some(number) => text.push_str(&format!(" {number} |")),
                None => text.push_str(" |"),
            }
        }
        text.push('\n');
    }
    text
}
