//! The commands that rewrite references.

use std::path::PathBuf;

use clap::Args;

use super::{PolicyArgs, RegistryArgs, WorldArgs};

/// Arguments of `pin`.
#[derive(Debug, Args)]
pub struct PinArgs {
    /// Write the digest as well, `nginx:1.27.4@sha256:…`, also of references that name a version
    #[arg(long)]
    pub digest: bool,

    /// Parts of a version count as floating: `nginx:1.27` becomes `nginx:1.27.4`
    #[arg(long)]
    pub partial: bool,

    /// Change versions to newer ones of the same variant, as `taglint update` does
    #[arg(long, conflicts_with_all = ["digest", "partial"])]
    pub update: bool,

    /// How far an update goes.
    #[command(flatten)]
    pub bound: BoundArgs,

    /// What is rewritten, and how.
    #[command(flatten)]
    pub rewrite: RewriteArgs,
}

/// Arguments of `update`.
#[derive(Debug, Args)]
pub struct UpdateArgs {
    /// How far it goes.
    #[command(flatten)]
    pub bound: BoundArgs,

    /// What is rewritten, and how.
    #[command(flatten)]
    pub rewrite: RewriteArgs,
}

/// How far an update goes.
#[derive(Debug, Args)]
pub struct BoundArgs {
    /// Update within the same major version
    #[arg(long, conflicts_with = "patch")]
    pub minor: bool,

    /// Update within the same minor version
    #[arg(long)]
    pub patch: bool,
}

/// What is rewritten, and how.
#[derive(Debug, Args)]
pub struct RewriteArgs {
    /// Files and folders; the current folder, `.github` included, when there are none
    pub paths: Vec<PathBuf>,

    /// Only these images (a name or a glob; may be given several times)
    #[arg(long, value_name = "IMAGE")]
    pub image: Vec<String>,

    /// Development, staging and CI too, where nothing asks for a version
    #[arg(long)]
    pub all: bool,

    /// Write nothing: print what would change as a diff, and exit with 1 if that is anything
    #[arg(long)]
    pub diff: bool,

    /// Write nothing: list what would change, and exit with 1 if that is anything
    #[arg(long, conflicts_with = "diff")]
    pub check: bool,

    /// Look at files that `.gitignore` and the like leave out
    #[arg(long)]
    pub no_ignore: bool,

    /// List nothing
    #[arg(long, short)]
    pub quiet: bool,

    /// How registries are asked.
    #[command(flatten)]
    pub registry: RegistryArgs,

    /// Which policy holds.
    #[command(flatten)]
    pub policy: PolicyArgs,

    /// The world that workflows are evaluated in.
    #[command(flatten)]
    pub world: WorldArgs,
}
