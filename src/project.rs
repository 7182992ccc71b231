//! Joins what single files say into what rules see: images with their plans, scheme and uses.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::OnceLock;

mod deployed;
mod policies;

use crate::facts::{Build, ImageUse, Plan, Publication, Resolved, Scenario};
use crate::image::{ImageRef, Pin, Tag};
use crate::policy::Scheme;
use crate::source::{FileId, Place, Source};

pub use policies::{Governed, Policies};

/// A file that cannot be read as what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The rule that reports it.
    pub rule: &'static str,
    /// What is wrong.
    pub message: String,
    /// Where.
    pub at: Place,
    /// What to do, where there is something to say.
    pub help: Option<String>,
}

/// Everything that one run knows.
#[derive(Debug, Default)]
pub struct Project {
    /// The files, by their id.
    pub sources: Vec<Source>,
    /// What each workflow publishes, by file and scenario.
    pub plans: Vec<Plan>,
    /// Every place that runs an image.
    pub uses: Vec<ImageUse>,
    /// Places of uses over which other files decide: these are not judged by themselves.
    pub governed: HashSet<Place>,
    /// What runs in their stead, once for each root that deploys it.
    pub deployed: Vec<ImageUse>,
    /// What could not be read.
    pub faults: Vec<Fault>,
    /// Dockerfiles met, by path.
    pub dockerfiles: Vec<String>,
    /// Charts' templates that were left out.
    pub skipped_templates: usize,
    /// The version tags that image uses name, by the image's full name; filled when first asked.
    pinned: OnceLock<HashMap<String, BTreeSet<String>>>,
    /// See [`Project::judged`].
    judged: OnceLock<Vec<usize>>,
    /// See [`Project::used_at`].
    used_at: OnceLock<HashMap<Place, usize>>,
    /// The policies, and which files they govern.
    pub policies: Policies,
}

/// One image of one repository, with everything that is published under it.
#[derive(Debug)]
pub struct ResolvedImage<'p> {
    /// The image; what is not known is named: `{secrets.USER}/app`.
    pub name: String,
    /// Its scheme.
    pub scheme: Scheme,
    /// What is published under it, plan by plan.
    pub releases: Vec<ImagePlan<'p>>,
    /// Whether something that may publish this image is not known.
    pub opaque: bool,
}

/// What one event publishes of one image, over all workflows that it starts.
#[derive(Debug)]
pub struct ImagePlan<'p> {
    /// The scenario.
    pub scenario: Scenario,
    /// The event's name.
    pub event: &'p str,
    /// The workflow's file, or the first where one event starts several.
    pub file: FileId,
    /// The version that the event releases, without `v`.
    pub version: Option<String>,
    /// The tags pushed, each with the build that pushes it.
    pub pushes: Vec<Push<'p>>,
}

/// One publication with its build.
#[derive(Debug, Clone, Copy)]
pub struct Push<'p> {
    /// What the workflow publishes on the event.
    pub plan: &'p Plan,
    /// The publication.
    pub publication: &'p Publication,
    /// The build that pushes it.
    pub build: &'p Build,
}

impl<'p> ResolvedImage<'p> {
    /// What is published in a scenario, event by event.
    pub fn plans_of(&self, scenario: Scenario) -> impl Iterator<Item = &ImagePlan<'p>> {
        self.releases
            .iter()
            .filter(move |plan| plan.scenario == scenario)
    }

    /// Whether any event at all moves this tag.
    #[must_use]
    pub fn ever_publishes(&self, tag: &str) -> bool {
        let mut pushes = self.releases.iter().flat_map(|plan| &plan.pushes);
        pushes.any(|push| push.publication.tag == tag)
    }
}

impl Project {
    /// The version tags by which the files of the run use an image, sorted.
    #[must_use]
    pub fn versions_of(&self, image: &ImageRef) -> Vec<&str> {
        let pinned = self.pinned.get_or_init(|| {
            let mut pinned: HashMap<String, BTreeSet<String>> = HashMap::new();
            for found in self.uses.iter().filter(|found| !found.built_here) {
                if let Resolved::Reference(image) = &found.resolved
                    && let Some(tag) = image.tag()
                    && matches!(Tag::parse(tag), Tag::Version { .. })
                    && found.pin() != Pin::Partial
                {
                    let name = image.normalized_repository().name().to_owned();
                    pinned.entry(name).or_default().insert(tag.to_owned());
                }
            }
            pinned
        });
        let known = pinned.get(image.normalized_repository().name());
        known.into_iter().flatten().map(String::as_str).collect()
    }

    /// The file of a place.
    #[must_use]
    pub fn source(&self, place: Place) -> Option<&Source> {
        self.sources.get(place.file.0 as usize)
    }

    /// The path of a place's file.
    #[must_use]
    pub fn path(&self, place: Place) -> &str {
        self.source(place).map_or("", Source::path)
    }

    /// How many different tags CI would publish, over all scenarios.
    #[must_use]
    pub fn published_tags(&self) -> usize {
        let shown = |plan: &&Plan| plan.scenario != Scenario::OddVersion;
        let published = self.plans.iter().filter(shown).flat_map(|plan| {
            let root = self.root_of(plan);
            plan.publications
                .iter()
                .map(move |p| (root.clone(), &p.image_key, &p.tag_key))
        });
        published.collect::<std::collections::HashSet<_>>().len()
    }

    /// The images that CI publishes, sorted by name, each with all workflows of its repository.
    #[must_use]
    pub fn images(&self) -> Vec<ResolvedImage<'_>> {
        let mut by_image: BTreeMap<(String, &str), Vec<Push<'_>>> = BTreeMap::new();
        for plan in &self.plans {
            for publication in &plan.publications {
                let Some(build) = plan.builds.get(publication.build) else {
                    continue;
                };
                // An image whose name is not known is nobody's but its own plan's.
                if publication.image_key.contains("{?}") {
                    continue;
                }
                by_image
                    .entry((self.root_of(plan), &publication.image_key))
                    .or_default()
                    .push(Push {
                        plan,
                        publication,
                        build,
                    });
            }
        }
        let resolve = |((root, _), pushes): (_, Vec<_>)| self.resolve(&root, pushes);
        by_image.into_iter().filter_map(resolve).collect()
    }

    fn resolve<'p>(&'p self, root: &String, pushes: Vec<Push<'p>>) -> Option<ResolvedImage<'p>> {
        let name = pushes.first()?.publication.image_key.clone();
        let mut releases: Vec<ImagePlan<'p>> = Vec::new();
        for push in pushes {
            let plan = push.plan;
            let same = |known: &&mut ImagePlan<'_>| {
                known.scenario == plan.scenario
                    && known.event == plan.event
                    && (starts_all(known.event) || known.file == plan.file)
            };
            match releases.iter_mut().find(same) {
                Some(known) => known.pushes.push(push),
                None => releases.push(ImagePlan {
                    scenario: plan.scenario,
                    event: &plan.event,
                    file: plan.file,
                    version: plan.version(),
                    pushes: vec![push],
                }),
            }
        }
        releases.sort_by(|a, b| (a.scenario, a.event, a.file).cmp(&(b.scenario, b.event, b.file)));
        let mut plans = self.plans.iter();
        let opaque = plans.any(|plan| plan.opaque && self.root_of(plan) == *root);
        let scheme = Scheme::infer(releases.iter().flat_map(|plan| {
            let version = plan.version.as_deref();
            let tags = plan.pushes.iter().map(|push| push.publication.tag.as_str());
            version
                .into_iter()
                .flat_map(move |version| tags.clone().map(move |tag| (version, tag)))
        }));
        let file = releases.first().map(|plan| plan.file);
        let declared = file.and_then(|file| self.declared(file, &name));
        Some(ResolvedImage {
            scheme: scheme.with_declared(declared),
            name,
            releases,
            opaque,
        })
    }

    /// The repository that a plan's workflow belongs to. Workflows in `.github/workflows` of one
    /// folder run together; a workflow that lies anywhere else is looked at by itself.
    fn root_of(&self, plan: &Plan) -> String {
        let path = self
            .sources
            .get(plan.file.0 as usize)
            .map_or("", Source::path);
        repository_root(path).unwrap_or(path).to_owned()
    }
}

/// Whether one event starts every workflow that listens to it. A dispatch starts the workflow that
/// was chosen, and each schedule is its own clock.
#[must_use]
pub fn starts_all(event: &str) -> bool {
    !matches!(
        event,
        "workflow_dispatch" | "repository_dispatch" | "schedule" | "workflow_run"
    )
}

/// The folder above a definition of CI: that of the repository, where the path is one of those
/// that a CI system reads.
#[must_use]
pub fn repository_root(path: &str) -> Option<&str> {
    let slash = path.rfind('/');
    let folder = path.get(..slash.unwrap_or(0)).unwrap_or_default();
    let name = path.get(slash.map_or(0, |at| at + 1)..).unwrap_or_default();
    let above = [
        ".github/workflows",
        ".gitea/workflows",
        ".forgejo/workflows",
        ".woodpecker",
        ".circleci",
    ];
    let above = above
        .iter()
        .find_map(|own| folder.strip_suffix(own))
        .filter(|root| root.is_empty() || root.ends_with('/'));
    let beside = [
        ".drone.",
        ".woodpecker.",
        ".gitlab-ci.",
        ".travis.",
        "azure-pipelines",
        "Makefile",
        "GNUmakefile",
        "makefile",
        "Jenkinsfile",
    ];
    above.or_else(|| {
        let beside = beside.iter().any(|start| name.starts_with(start));
        beside.then(|| path.get(..slash.map_or(0, |at| at + 1)).unwrap_or_default())
    })
}
