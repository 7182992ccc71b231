//! What the container commands of a script build, tag and push.
//!
//! [`actions`] reads the commands of a [`Run`] the way that the tools themselves read their command
//! lines. It says what each would do by itself; that a push sends what a build before it tagged is
//! for the caller to see.

mod build;
mod compose;
mod flags;
mod images;
mod jvm;
mod others;
mod registry_tools;
mod tables;

#[cfg(test)]
mod tests;

use std::ops::Range;

use super::truth::Truth;
use super::{Command, Run, Word, command};

pub use build::{Bake, Build, Output};
pub use compose::Compose;
pub use others::Ko;

/// Which program builds or pushes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tool {
    /// `docker`, with BuildKit or without.
    Docker,
    /// `docker buildx`, or a command that takes the same options.
    Buildx,
    /// `podman`
    Podman,
    /// `buildah`
    Buildah,
    /// `nerdctl`
    Nerdctl,
    /// Cloud Native Buildpacks' `pack`.
    Pack,
    /// `gcloud builds submit`
    Gcloud,
    /// Maven or Gradle with Jib or Spring Boot.
    Jvm,
}

/// One thing that a command does with images.
#[derive(Debug, Clone, PartialEq)]
pub struct Action {
    /// What it does.
    pub what: What,
    /// The command's index in [`Run::commands`].
    pub command: usize,
    /// Where the command stands in the script.
    pub span: Range<usize>,
    /// Whether it runs in every run of the script that goes well.
    pub certain: bool,
}

/// What a command does with images.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    /// Builds an image.
    Build(Box<Build>),
    /// Builds the targets of bake files.
    Bake(Bake),
    /// Gives an image another name.
    Tag {
        /// The image.
        from: Word,
        /// Its new name.
        to: Word,
    },
    /// Pushes an image.
    Push {
        /// The image; without a tag it is `latest`.
        reference: Word,
        /// Whether all local tags of the repository are pushed.
        all_tags: Truth,
        /// Where to, where that is not the image's own name; a transport such as `docker://` is cut
        /// off.
        destination: Option<Word>,
        /// Arguments that there may not be: with one, the command is refused.
        stray: Vec<Word>,
        /// The program.
        tool: Tool,
    },
    /// Pulls an image.
    Pull {
        /// The image.
        reference: Word,
    },
    /// Makes a manifest list of images, or adds images to one.
    ManifestCreate {
        /// The list.
        name: Word,
        /// The images.
        sources: Vec<Word>,
    },
    /// Pushes a manifest list.
    ManifestPush {
        /// The list.
        name: Word,
        /// Where to, where that is not its own name.
        destination: Option<Word>,
    },
    /// Makes a manifest list in the registry.
    ImagetoolsCreate {
        /// What it is published as.
        tags: Vec<Word>,
        /// The images in it.
        sources: Vec<Word>,
        /// Whether it keeps what the first tag holds already.
        append: Truth,
        /// Whether it only shows what it would do.
        dry_run: Truth,
        /// A word that may be any number of options.
        unknown: Option<Word>,
    },
    /// Copies an image in registries.
    Copy {
        /// The image; without its transport.
        from: Word,
        /// Where to; without its transport. Local transports give no action.
        to: Word,
        /// Whether all tags of the repository are copied.
        all_tags: Truth,
    },
    /// Gives an image in a registry another tag.
    RegistryTag {
        /// The image.
        reference: Word,
        /// The tag alone.
        tag: Word,
    },
    /// Logs in to a registry.
    Login {
        /// The registry; Docker Hub where there is none.
        registry: Option<Word>,
    },
    /// Builds or pushes the images of compose files.
    Compose(Compose),
    /// kaniko builds and pushes.
    Kaniko {
        /// Where to.
        destinations: Vec<Word>,
        /// The Dockerfile.
        file: Option<Word>,
        /// The context.
        context: Option<Word>,
        /// Whether it pushes.
        push: Truth,
        /// A word that may be any number of options.
        unknown: Option<Word>,
    },
    /// ko builds and pushes.
    Ko(Ko),
    /// GoReleaser builds and pushes what its configuration says.
    Goreleaser {
        /// The words after its name.
        arguments: Vec<Word>,
    },
    /// Publishes something that is not followed.
    Unknown {
        /// The command, shortened.
        what: String,
    },
}

/// What the commands of a script do with images, in their order.
#[must_use]
pub fn actions(run: &Run) -> Vec<Action> {
    let mut found = Vec::new();
    for (index, command) in run.commands.iter().enumerate() {
        for what in read(command) {
            found.push(Action {
                what,
                command: index,
                span: command.span.clone(),
                certain: command.certain,
            });
        }
    }
    found
}

fn read(command: &Command) -> Vec<What> {
    let start = command::unwrapped(&command.words);
    let words = command.words.get(start..).unwrap_or_default();
    let Some((name, rest)) = words.split_first() else {
        return Vec::new();
    };
    let name = name.text.rsplit('/').next().unwrap_or_default();
    match name.trim_end_matches(".exe") {
        "docker" => images::engine(Tool::Docker, rest),
        "podman" => images::engine(Tool::Podman, rest),
        "nerdctl" => images::engine(Tool::Nerdctl, rest),
        "buildah" => images::engine(Tool::Buildah, rest),
        "docker-buildx" | "buildx" => images::buildx(rest),
        "depot" => images::depot(rest),
        "docker-compose" | "podman-compose" => compose::compose(rest),
        "skopeo" => registry_tools::skopeo(rest),
        "crane" | "gcrane" | "krane" => registry_tools::crane(rest),
        "regctl" => registry_tools::regctl(rest),
        "oras" => registry_tools::oras(rest),
        own @ ("mvn" | "mvnw" | "gradle" | "gradlew") => match jvm::images(own, rest) {
            found if found.is_empty() => others::other(own, words, command),
            found => found,
        },
        "goreleaser" => vec![What::Goreleaser {
            arguments: rest.to_vec(),
        }],
        "executor"
            if words
                .first()
                .is_some_and(|word| word.text.contains("kaniko")) =>
        {
            others::kaniko(rest)
        }
        _ => others::other(name, words, command),
    }
}

/// The subcommand after an engine's own options, and the words after it.
fn subcommand<'w>(words: &'w [Word], table: &flags::Table) -> Option<(&'w str, &'w [Word])> {
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let text = word.text.as_str();
        if !text.starts_with('-') {
            return Some((text, words.get(at + 1..).unwrap_or_default()));
        }
        let name = text.trim_start_matches('-');
        at += if text.contains('=') || table.switches.contains(&name) {
            1
        } else {
            2
        };
    }
    None
}
