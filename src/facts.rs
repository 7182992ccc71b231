//! What files say, once read: which tags a build publishes, and which images something runs.
//!
//! Facts are plain values. Readers and the evaluation make them, rules read them, and nothing here
//! knows where they came from or what is wrong with them.

use crate::image::{ImageRef, Pin};
use crate::policy::{Environment, Evidence, Reason, Requirement};
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
    /// A tag that is no version by the rules of semantic versioning is pushed or released. Asked
    /// for by checks only; no plan shows it.
    OddVersion,
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
            Self::OddVersion => "odd-version",
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
    /// Where the job is declared.
    pub job_at: Option<Place>,
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

/// An image that a build pushes by its digest alone: a later step has to give it a tag.
#[derive(Debug, Clone, PartialEq)]
pub struct DigestPush {
    /// The image, spelled as [`Publication::image_key`].
    pub image_key: String,
    /// Index of the build in [`Plan::builds`].
    pub build: usize,
    /// Where it is declared.
    pub at: Place,
    /// Whether nothing unknown decides over it.
    pub certain: bool,
}

/// A push of a name that nothing in the job gave to an image, although the job gives other names of
/// the same repository.
#[derive(Debug, Clone, PartialEq)]
pub struct UntaggedPush {
    /// The reference, spelled as [`Publication::image_key`].
    pub reference: String,
    /// The names of that repository that the job gives.
    pub tagged: Vec<(String, Place)>,
    /// Index of the build in [`Plan::builds`].
    pub build: usize,
    /// Where it is pushed.
    pub at: Place,
    /// Whether nothing unknown decides over it.
    pub certain: bool,
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
    /// What in the file admits the event.
    pub trigger_at: Option<Place>,
    /// The steps that the run came to, and whether each ran.
    pub steps: Vec<(Place, bool)>,
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
    /// Images pushed by digest.
    pub digests: Vec<DigestPush>,
    /// Pushes of names that nothing in the job gave.
    pub untagged: Vec<UntaggedPush>,
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

/// What a variable in the text of an image comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gives {
    /// A value that is set.
    Value,
    /// Its default.
    Default,
    /// Nothing: it has no value and no default.
    Nothing,
}

/// A variable in the text of an image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsedVariable {
    /// Its name.
    pub name: String,
    /// What it comes to.
    pub gives: Gives,
    /// Whether the tag or digest rests on it.
    pub in_tag: bool,
    /// Where it is set, where a file does so.
    pub at: Option<Place>,
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
    /// What the reader noted that may tell what it deploys to.
    pub evidence: Evidence,
    /// What the file deploys to: unknown until the project is joined.
    pub environment: Environment,
    /// What says so, as in "production, because of the folder `prod`".
    pub environment_reason: Reason,
    /// How firmly a policy asks it to be pinned, where one says so.
    pub requirement: Option<Requirement>,
    /// `imagePullPolicy` or `pull_policy`, where given.
    pub pull_policy: Option<String>,
    /// The memory limit in bytes, where given.
    pub memory_limit: Option<u64>,
    /// Whether the same entry builds this image, so that the text names a result.
    pub built_here: bool,
    /// The variables in its text.
    pub variables: Vec<UsedVariable>,
    /// Whether nothing runs it: whatever is loaded together with this file names another image.
    pub replaced: bool,
    /// The file that loads this one, where that decides what the use comes to.
    pub loaded_by: Option<String>,
    /// Where it is deployed from, if several files together make it what it is.
    pub deployment: Option<Box<Deployment>>,
}

/// How an image comes to run where several files have a part in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deployment {
    /// The file that deploys it: an overlay, a file of values.
    pub root: String,
    /// Further places with a part in it, and which part.
    pub related: Vec<(Place, String)>,
}

impl ImageUse {
    /// The variable that the tag or digest rests on: one that gives nothing before one with a
    /// default, and that before one with a value.
    #[must_use]
    pub fn tag_variable(&self) -> Option<&UsedVariable> {
        let in_tag = || self.variables.iter().filter(|variable| variable.in_tag);
        let of = |gives| in_tag().find(|variable| variable.gives == gives);
        of(Gives::Nothing)
            .or_else(|| of(Gives::Default))
            .or_else(|| of(Gives::Value))
    }

    /// How firmly it is pinned.
    #[must_use]
    pub fn pin(&self) -> Pin {
        match &self.resolved {
            Resolved::Reference(image) => Pin::of(image),
            Resolved::Invalid(_) | Resolved::Unresolved(_) => Pin::Unresolved,
        }
    }

    /// How firmly it must be pinned: as a policy says, or as its environment asks.
    #[must_use]
    pub fn asked(&self) -> Requirement {
        let by_environment = || Requirement::of_environment(self.environment);
        self.requirement.unwrap_or_else(by_environment)
    }
}
