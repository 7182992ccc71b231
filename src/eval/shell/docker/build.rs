//! `docker build`, `docker buildx build`, and those of podman, buildah and nerdctl.

use super::flags::Flags;
use crate::eval::shell::Word;
use crate::eval::unknown::{self, Mark};

/// A build command.
#[derive(Debug, Clone, PartialEq)]
pub struct Build {
    /// What `-t` names, and `name=` of an output that is pushed.
    pub tags: Vec<Word>,
    /// Whether the command pushes what it builds.
    pub pushes: Pushes,
    /// The build context.
    pub context: Option<Word>,
    /// `-f`.
    pub file: Option<Word>,
    /// `--target`.
    pub target: Option<Word>,
    /// `--platform`, taken apart.
    pub platforms: Vec<String>,
    /// Positional arguments besides the context: the command is refused because of them.
    pub stray: Vec<Word>,
    /// Words that may be any number of further options.
    pub open: Vec<Word>,
}

/// Whether a build is pushed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pushes {
    /// It stays on the machine.
    No,
    /// It is pushed under its tags.
    Tags,
    /// It is pushed by digest alone, to be joined later.
    Digest,
    /// It depends on something that is not known.
    Unknown(Mark),
}

/// Options that take a value.
const VALUED: &[&str] = &[
    "-t",
    "-f",
    "-o",
    "-m",
    "-c",
    "-v",
    "--add-host",
    "--allow",
    "--annotation",
    "--attest",
    "--build-arg",
    "--build-context",
    "--builder",
    "--cache-from",
    "--cache-to",
    "--call",
    "--cgroup-parent",
    "--file",
    "--iidfile",
    "--label",
    "--metadata-file",
    "--network",
    "--no-cache-filter",
    "--output",
    "--platform",
    "--progress",
    "--provenance",
    "--sbom",
    "--secret",
    "--shm-size",
    "--ssh",
    "--tag",
    "--target",
    "--ulimit",
    "--isolation",
    "--memory",
    "--memory-swap",
    "--cpu-period",
    "--cpu-quota",
    "--cpu-shares",
    "--cpuset-cpus",
    "--cpuset-mems",
    "--security-opt",
    "--policy",
    "--manifest",
    "--format",
    "--authfile",
    "--creds",
    "--jobs",
    "--volume",
    "--env",
    "--arch",
    "--os",
    "--variant",
    "--userns",
    "--cert-dir",
    "--device",
    "--dns",
    "--from",
    "--timestamp",
    "--buildkit-host",
];

/// Reads the words after `build`.
pub(super) fn read(program: &str, words: &[Word]) -> Build {
    let flags = Flags::read(words, VALUED);
    let mut tags = flags.values(&["-t", "--tag"]);
    let mut pushes = if flags.has(&["--push"]) {
        Pushes::Tags
    } else {
        Pushes::No
    };
    if let Some(value) = flags.value(&["--push"])
        && let Some(mark) = unknown::first_mark(&value.text)
    {
        pushes = Pushes::Unknown(mark);
    }
    let mut by_digest = false;
    for output in flags.values(&["-o", "--output"]) {
        let field = |wanted: &str| output.text.split(',').any(|field| field.trim() == wanted);
        if field("type=registry") || field("push=true") {
            pushes = Pushes::Tags;
            let names = output
                .text
                .split(',')
                .filter_map(|field| field.trim().strip_prefix("name="));
            tags.extend(names.map(|name| Word {
                text: name.to_owned(),
                ..output.clone()
            }));
        }
        by_digest |= field("push-by-digest=true");
    }
    if by_digest && pushes != Pushes::No {
        pushes = Pushes::Digest;
    }
    let file = flags.value(&["-f", "--file"]);
    let target = flags.value(&["--target"]);
    let platforms = flags.values(&["--platform"]);
    let platforms = platforms.iter().flat_map(|word| word.text.split(','));
    // The context comes last by custom, but any one argument is it. Of several, the one that could
    // be a folder is.
    let mut stray = flags.positionals;
    let context = stray
        .iter()
        .position(|word| is_folder(&word.text))
        .or(if stray.is_empty() { None } else { Some(0) })
        .map(|at| stray.remove(at));
    // Among words of unknown number nothing can be said of positions, and podman and buildah take
    // further arguments without a word.
    if !flags.open.is_empty() || !matches!(program, "docker" | "nerdctl" | "finch") {
        stray.clear();
    }
    Build {
        tags,
        pushes,
        context,
        file,
        target,
        platforms: platforms
            .map(|platform| unknown::pattern(platform.trim()))
            .filter(|platform| !platform.is_empty())
            .collect(),
        stray,
        open: flags.open,
    }
}

fn is_folder(text: &str) -> bool {
    text.starts_with('.') || text.starts_with('/') || text == "-" || text.contains("://")
}
