//! What files say, once read: which tags a build publishes, and which images something runs.
//!
//! Facts are plain values. Readers and the evaluation make them, rules read them, and nothing here
//! knows where they came from or what is wrong with them.

use crate::image::{ImageRef, Pin};
use crate::policy::{Environment, Reason};
use crate::source::{FileId, Place};

/// An event that CI may see, and for which it is asked what it would publish.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scenario {
    /// The newest version is released.
    Release,
    /// A version with a pre-release part is released.
    Prerelease,
    /// A version of an older line is released while a newer one exists.
    Backport,
    /// A commit reaches the default branch.
    Branch,
    /// A pull request is opened or updated.
    PullRequest,
    /// The clock starts a run.
    Schedule,
    /// A person or another program starts a run.
    Manual,
    /// The event that the caller describes.
    Given,
}

impl Scenario {
    /// The word for it in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Release => "release",
            Self::Prerelease => "prerelease",
            Self::Backport => "backport",
            Self::Branch => "branch",
            Self::PullRequest => "pull-request",
            Self::Schedule => "schedule",
            Self::Manual => "manual",
            Self::Given => "given",
        }
    }
}

/// One run of a build step: where it stands, and what it builds from.
#[derive(Debug, Clone, PartialEq)]
pub struct Build {
    /// Where the step is declared.
    pub at: Place,
    /// The job's id.
    pub job: String,
    /// The matrix instance: names and values in the order of the matrix.
    pub instance: Vec<(String, serde_json::Value)>,
    /// The matrix's bytes, where the job has one.
    pub matrix_at: Option<Place>,
    /// The step's number in its job, from 0.
    pub step: usize,
    /// Which build of the step, for steps that run several, from 0.
    pub ordinal: usize,
    /// The build context, where known.
    pub context: Option<String>,
    /// The Dockerfile, where one is named.
    pub dockerfile: Option<String>,
    /// The Dockerfile's bytes in the workflow, where one is named.
    pub dockerfile_at: Option<Place>,
    /// Whether the repository holds the Dockerfile, where that can be said.
    pub dockerfile_exists: Option<bool>,
    /// The target stage, where one is named.
    pub target: Option<String>,
    /// The platforms asked for.
    pub platforms: Vec<String>,
    /// Whether this joins or copies images that other steps built, and builds none itself.
    pub joins: bool,
    /// What it joins, as far as known: two that join the same make the same image.
    pub sources: Vec<String>,
}

impl Build {
    /// Whether both are the same step of the same matrix instance, on whatever event.
    #[must_use]
    pub fn same_run(&self, other: &Self) -> bool {
        self.at.file == other.at.file
            && self.job == other.job
            && self.step == other.step
            && self.ordinal == other.ordinal
            && self.instance == other.instance
    }

    /// Whether both give the same image because they join the same ones.
    #[must_use]
    pub fn joins_the_same(&self, other: &Self) -> bool {
        self.joins && other.joins && !self.sources.is_empty() && self.sources == other.sources
    }

    /// How people name it: the job, its instance, and the step where several push.
    #[must_use]
    pub fn name(&self) -> String {
        match self.instance_name() {
            Some(instance) => format!("{}[{instance}]", self.job),
            None => self.job.clone(),
        }
    }

    /// The matrix values in a row, as people name an instance: `-slim`, `linux, x64`.
    #[must_use]
    pub fn instance_name(&self) -> Option<String> {
        let values: Vec<String> = self
            .instance
            .iter()
            .filter_map(|(_, value)| match value {
                serde_json::Value::String(text) => Some(text.clone()),
                serde_json::Value::Object(_) | serde_json::Value::Array(_) => None,
                other => Some(other.to_string()),
            })
            .collect();
        (!values.is_empty()).then(|| values.join(", "))
    }
}

/// What in a file declared a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Declaration {
    /// A `-t` of a command, a line of `tags:`, the target of a push.
    Literal,
    /// An entry of docker/metadata-action's `tags`.
    MetadataEntry,
    /// The `latest` that docker/metadata-action adds by itself.
    MetadataLatest {
        /// The entry that decided it.
        decided_by: Place,
        /// The flavor's `suffix=` or `prefix=` lines that do not reach `latest`.
        unreached_affixes: Vec<(Place, String)>,
        /// The flavor's `latest=` line, where there is one.
        flavor: Option<Place>,
    },
}

/// One tag pushed by one build in one scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Publication {
    /// The image as written, without its tag; `{?}` stands for a part that is not known.
    pub image: String,
    /// The tag; `{?}` stands for a part that is not known.
    pub tag: String,
    /// The image with each unknown part spelled by its name (`{secrets.USER}`) where it stands for
    /// one value throughout a run, and as `{?}` where it does not: equal keys without `{?}` are
    /// the same image.
    pub image_key: String,
    /// The tag, spelled likewise.
    pub tag_key: String,
    /// Whether nothing unknown decides over it.
    pub certain: bool,
    /// Index of the build in [`Plan::builds`].
    pub build: usize,
    /// Where it is declared.
    pub at: Place,
    /// What declares it.
    pub declaration: Declaration,
}

impl Publication {
    /// The whole reference.
    #[must_use]
    pub fn reference(&self) -> String {
        format!("{}:{}", self.image, self.tag)
    }

    /// The whole reference as a message names it: what stands for one value throughout a run is
    /// named (`{secrets.USER}/app`), other unknown parts are `{?}`.
    #[must_use]
    pub fn shown(&self) -> String {
        format!("{}:{}", self.image_key, self.tag_key)
    }

    /// Whether image and tag are known well enough to be compared with others of the same run.
    #[must_use]
    pub fn is_comparable(&self) -> bool {
        !self.image_key.contains("{?}") && !self.tag_key.contains("{?}")
    }
}

/// Something that could not be evaluated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownFact {
    /// What it is, as the file names it.
    pub what: String,
    /// Why it is not known.
    pub reason: String,
    /// Where it stands.
    pub at: Place,
}

/// What one workflow publishes in one scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The scenario.
    pub scenario: Scenario,
    /// The event's name, such as `push` or `release`.
    pub event: String,
    /// The full git ref, such as `refs/tags/v1.2.3`.
    pub reference: String,
    /// The workflow file.
    pub file: FileId,
    /// The builds that publish, in order of the file.
    pub builds: Vec<Build>,
    /// The tags pushed.
    pub publications: Vec<Publication>,
    /// What could not be evaluated on the way.
    pub unknowns: Vec<UnknownFact>,
    /// Whether something that may publish is not known at all, so that nothing can be said to be
    /// missing.
    pub opaque: bool,
    /// Steps and jobs that fail for certain: what they say, and where.
    pub faults: Vec<(String, Place)>,
    /// Positional arguments of a build command that were meant as tags; the command is refused.
    pub strays: Vec<StrayArgument>,
    /// The entries of every docker/metadata-action step that runs.
    pub tag_entries: Vec<TagEntry>,
}

impl Plan {
    /// The version that the event releases, without what stands before its first number.
    #[must_use]
    pub fn version(&self) -> Option<String> {
        let tag = self.reference.strip_prefix("refs/tags/")?;
        let numbers = |text: &&str| {
            let mut parts = text.split('.');
            let number = |part: Option<&str>| {
                part.is_some_and(|part| part.starts_with(|c: char| c.is_ascii_digit()))
            };
            number(parts.next()) && number(parts.next())
        };
        let starts = tag.char_indices().filter(|(_, c)| c.is_ascii_digit());
        let mut candidates = starts.filter_map(|(at, _)| tag.get(at..));
        candidates.find(numbers).map(str::to_owned)
    }
}

/// A second positional argument of `docker build`: the command is refused because of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StrayArgument {
    /// The argument, evaluated.
    pub argument: String,
    /// Where it stands.
    pub at: Place,
    /// The command's own positional argument, the context, where it has one.
    pub context: Option<String>,
    /// Whether the argument could be an image reference.
    pub looks_like_reference: bool,
}

/// One entry of docker/metadata-action's `tags` in one run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TagEntry {
    /// The entry as written.
    pub text: String,
    /// Where it stands.
    pub at: Place,
    /// Whether it yields a tag here, may, or does not.
    pub yields: Yields,
}

/// What became of a tags entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Yields {
    /// A tag.
    Tag,
    /// It depends on something that is not known.
    Maybe,
    /// Nothing, since `enable` is false or the ref is of another kind; another event may differ.
    NotHere,
    /// Nothing, and no event can change it, with the reason.
    Never(String),
}

/// What kind of file or field holds an image use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UseKind {
    /// A compose service.
    Compose,
    /// A Kubernetes object.
    Kubernetes,
    /// A kustomization's `images`.
    Kustomize,
    /// A Helm values file.
    Helm,
    /// A Dockerfile.
    Dockerfile,
    /// A development container.
    Devcontainer,
    /// A workflow or an action of GitHub Actions.
    Github,
    /// A pipeline of GitLab CI.
    Gitlab,
    /// A bake definition.
    Bake,
}

impl UseKind {
    /// The word for it in output.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Compose => "compose",
            Self::Kubernetes => "kubernetes",
            Self::Kustomize => "kustomize",
            Self::Helm => "helm",
            Self::Dockerfile => "dockerfile",
            Self::Devcontainer => "devcontainer",
            Self::Github => "github",
            Self::Gitlab => "gitlab",
            Self::Bake => "bake",
        }
    }
}

/// What an image use's text comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolved {
    /// A reference.
    Reference(ImageRef),
    /// No valid reference, with what is wrong.
    Invalid(String),
    /// It holds a variable or a template that is not known, with what that is.
    Unresolved(String),
}

/// One place that runs or builds on an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageUse {
    /// The text as the file has it, without quotes.
    pub written: String,
    /// What it comes to.
    pub resolved: Resolved,
    /// The scalar's bytes, quotes included.
    pub at: Place,
    /// The kind of file.
    pub kind: UseKind,
    /// Who runs it: `service web`, `Deployment broker, container main`.
    pub holder: String,
    /// What the file deploys to.
    pub environment: Environment,
    /// What says so, as in "production, because of the folder `prod`".
    pub environment_reason: Reason,
    /// `imagePullPolicy` or `pull_policy`, where given.
    pub pull_policy: Option<String>,
    /// The memory limit in bytes, where given.
    pub memory_limit: Option<u64>,
    /// Whether the same entry builds this image, so that the text names a result.
    pub built_here: bool,
}

impl ImageUse {
    /// How firmly it is pinned.
    #[must_use]
    pub fn pin(&self) -> Pin {
        match &self.resolved {
            Resolved::Reference(image) => Pin::of(image),
            Resolved::Invalid(_) | Resolved::Unresolved(_) => Pin::Unresolved,
        }
    }
}
