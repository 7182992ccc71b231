//! The commands that ask registries.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{FailOn, PolicyArgs, Target, WorldArgs};

/// Arguments of `audit`.
#[derive(Debug, Args)]
pub struct AuditArgs {
    /// Images, without tag; every image that the policy or the plan of the current folder names when
    /// there are none
    pub images: Vec<String>,

    /// How to write the audit: human, json, html, markdown, sarif; `html=FILE` writes to a file, and
    /// the option may be given several times
    #[arg(long, value_name = "FORMAT[=FILE]", default_value = "human")]
    pub format: Vec<Target<AuditFormat>>,

    /// Write the audit to this file in place of standard output
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Only these rules (names, or the family registry)
    #[arg(long, value_delimiter = ',', value_name = "RULE")]
    pub select: Vec<String>,

    /// All rules but these
    #[arg(long, value_delimiter = ',', value_name = "RULE")]
    pub ignore: Vec<String>,

    /// The lowest level that makes the exit status 1
    #[arg(long, value_enum, default_value_t = FailOn::Warning, value_name = "LEVEL")]
    pub fail_on: FailOn,

    /// Of how many of the newest versions platforms are compared, and signatures looked for
    #[arg(long, value_name = "N", default_value_t = 2)]
    pub versions: usize,

    /// Note the digest of every version tag in this file, and report those that were moved since it
    /// was written
    #[arg(long, value_name = "FILE")]
    pub state: Option<PathBuf>,

    /// Report version tags that were moved since this file was written by `--state`; it is only read
    #[arg(long, value_name = "FILE", conflicts_with = "state")]
    pub since: Option<PathBuf>,

    /// Judge what such a file holds, without asking any registry
    #[arg(long, value_name = "FILE", conflicts_with_all = ["state", "images"])]
    pub from: Option<PathBuf>,

    /// Print the grid and the findings only, without the summary
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

/// How registries are asked.
#[derive(Debug, Args)]
pub struct RegistryArgs {
    /// Ask this host in Docker Hub's place
    #[arg(long, value_name = "HOST[:PORT]")]
    pub registry_mirror: Option<String>,

    /// Ask this host without encryption; this very machine is asked so without being named
    #[arg(long, value_name = "HOST[:PORT]")]
    pub insecure_registry: Vec<String>,

    /// Trust the certificates of this file (PEM) in place of the usual authorities; SSL_CERT_FILE
    /// does the same
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,

    /// Neither read nor keep manifests on disk
    #[arg(long)]
    pub no_cache: bool,

    /// How long all questions together may take, in seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 120, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    pub timeout: u64,

    /// How many requests are under way at once
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u8).range(1..=64))]
    pub concurrency: u8,
}

/// Formats of `audit`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AuditFormat {
    /// The grid and the findings, for people
    Human,
    /// By contract, for programs
    Json,
    /// A page that needs nothing else
    Html,
    /// Tables for the summary of a job or a comment
    Markdown,
    /// SARIF 2.1.0, for code scanning
    Sarif,
}
