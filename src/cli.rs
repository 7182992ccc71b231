//! The command line: types for clap, and nothing else.

use std::path::PathBuf;

mod pin;
mod registry;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use pin::{BoundArgs, PinArgs, RewriteArgs, UpdateArgs};
pub use registry::{AuditArgs, AuditFormat, RegistryArgs};

/// Which container image tags CI publishes, and which ones production runs.
#[derive(Debug, Parser)]
#[command(version, about, max_term_width = 100)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,

    /// When to use colours.
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto, value_name = "WHEN")]
    pub color: Color,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check workflows against the variant scheme, and manifests for floating tags
    Check(CheckArgs),
    /// Show the tags that CI would publish, by event and variant
    Plan(PlanArgs),
    /// Compare what a registry holds with the variant scheme
    Audit(AuditArgs),
    /// Rewrite floating references to the version that they stand for now
    Pin(PinArgs),
    /// Rewrite versions to newer ones of the same variant
    Update(UpdateArgs),
    /// Rewrite digests to the tags that they have
    Unpin(RewriteArgs),
    /// Write a policy from what CI publishes and what manifests run today
    Init(InitArgs),
    /// Evaluate a GitHub Actions expression
    Eval(EvalArgs),
    /// Show the page of a rule
    Explain {
        /// The rule's name.
        rule: String,
    },
    /// List all rules with their levels
    Rules {
        /// `markdown` writes each rule's page into a folder, for the documentation.
        #[arg(long, value_name = "FOLDER")]
        write_docs: Option<PathBuf>,
    },
    /// Print a JSON Schema
    Schema {
        /// Which one.
        #[arg(value_enum)]
        name: SchemaName,
    },
    /// Serve an editor: findings, fixes and plans while typing (LSP on standard input and output)
    Lsp {
        /// What many editors pass; there is no other way to connect.
        #[arg(long, hide = true)]
        stdio: bool,
    },
    /// Print the completion script of a shell
    Completions {
        /// Which shell.
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
    /// Write the manual pages into a folder
    #[command(hide = true)]
    Man {
        /// Where they go.
        folder: PathBuf,
    },
}

/// Arguments of `check`.
#[derive(Debug, Args)]
pub struct CheckArgs {
    /// Files and folders; the current folder, `.github` included, when there are none
    pub paths: Vec<PathBuf>,

    /// How to write the findings: human, concise, json, sarif, github, gitlab, junit, checkstyle,
    /// rdjson; `sarif=FILE` writes to a file, and the option may be given several times
    #[arg(long, value_name = "FORMAT[=FILE]", default_value = "human")]
    pub format: Vec<Target>,

    /// Write the findings to this file in place of standard output
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Only these rules (names, or the families scheme, pin, file)
    #[arg(long, value_delimiter = ',', value_name = "RULE")]
    pub select: Vec<String>,

    /// All rules but these
    #[arg(long, value_delimiter = ',', value_name = "RULE")]
    pub ignore: Vec<String>,

    /// The lowest level that makes the exit status 1
    #[arg(long, value_enum, default_value_t = FailOn::Warning, value_name = "LEVEL")]
    pub fail_on: FailOn,

    /// Mend what can be mended safely, and report the rest
    #[arg(long)]
    pub fix: bool,

    /// With `--fix` and `--diff`: also the fixes that may change what is meant
    #[arg(long)]
    pub unsafe_fixes: bool,

    /// Write nothing: print what `--fix` would change, and exit with 1 if that is anything
    #[arg(long)]
    pub diff: bool,

    /// Write a comment above each finding that suppresses it
    #[arg(
        long,
        value_name = "REASON",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "accepted for now",
        conflicts_with_all = ["fix", "diff"],
    )]
    pub add_ignore: Option<String>,

    /// Ask registries which version a floating reference stands for, so that `--fix` can write it
    #[arg(long)]
    pub online: bool,

    /// Accept the findings listed in this file: report new ones only
    #[arg(long, value_name = "FILE")]
    pub baseline: Option<PathBuf>,

    /// Write all findings of this run into a file for `--baseline`
    #[arg(long, value_name = "FILE", conflicts_with_all = ["fix", "diff", "add_ignore"])]
    pub write_baseline: Option<PathBuf>,

    /// Also list every image use, guilty or not
    #[arg(long)]
    pub list_images: bool,

    /// Look at files that `.gitignore` and the like leave out
    #[arg(long)]
    pub no_ignore: bool,

    /// Print findings only: no summary, no progress
    #[arg(long, short)]
    pub quiet: bool,

    /// How registries are asked, with `--online`.
    #[command(flatten)]
    pub registry: RegistryArgs,

    /// Which policy holds.
    #[command(flatten)]
    pub policy: PolicyArgs,

    /// The world that workflows are evaluated in.
    #[command(flatten)]
    pub world: WorldArgs,
}

/// Arguments of `plan`.
#[derive(Debug, Args)]
pub struct PlanArgs {
    /// Files and folders; the current folder, `.github` included, when there are none
    pub paths: Vec<PathBuf>,

    /// How to write the plan: human, json, markdown, html, svg, mermaid, coverage; `html=FILE` writes
    /// to a file, and the option may be given several times
    #[arg(long, value_name = "FORMAT[=FILE]", default_value = "human")]
    pub format: Vec<Target<PlanFormat>>,

    /// Write the plan to this file in place of standard output
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// The event; without it, every scenario that the triggers admit
    #[arg(long, value_name = "NAME")]
    pub event: Option<String>,

    /// The full git ref of the event
    #[arg(long = "ref", value_name = "REF")]
    pub reference: Option<String>,

    /// The commit
    #[arg(long, value_name = "HEX")]
    pub sha: Option<String>,

    /// The event's JSON, as GitHub delivers it
    #[arg(long, value_name = "FILE")]
    pub payload: Option<PathBuf>,

    /// When the run starts
    #[arg(long, value_name = "RFC3339")]
    pub time: Option<String>,

    /// Look at files that `.gitignore` and the like leave out
    #[arg(long)]
    pub no_ignore: bool,

    /// Print the plan only: no progress
    #[arg(long, short)]
    pub quiet: bool,

    /// Which policy holds.
    #[command(flatten)]
    pub policy: PolicyArgs,

    /// The world that workflows are evaluated in.
    #[command(flatten)]
    pub world: WorldArgs,
}

/// Arguments of `init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// The folder of the repository; the current one when there is none
    pub path: Option<PathBuf>,

    /// Write to this file in place of `taglint.yaml` in the folder; `-` is standard output
    #[arg(long, short, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Write over a policy that is there
    #[arg(long)]
    pub force: bool,

    /// No summary, no progress
    #[arg(long, short)]
    pub quiet: bool,

    /// The world that workflows are evaluated in.
    #[command(flatten)]
    pub world: WorldArgs,
}

/// Which policy holds.
#[derive(Debug, Args)]
pub struct PolicyArgs {
    /// The policy of all files; without it, the nearest `taglint.yaml` or `.taglint.yaml` upwards
    /// from each file
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// The day against which exceptions expire, in place of the clock's
    #[arg(long, value_name = "DAY", hide = true)]
    pub today: Option<String>,
}

/// What workflows are told about the world.
#[derive(Debug, Args)]
pub struct WorldArgs {
    /// The default branch
    #[arg(long, value_name = "B")]
    pub default_branch: Option<String>,

    /// The repository; without it, what the workflows or the git remote say
    #[arg(long, value_name = "OWNER/NAME")]
    pub repository: Option<String>,

    /// The version that the release scenario releases
    #[arg(long, value_name = "X.Y.Z")]
    pub release_version: Option<String>,

    /// An environment variable that the workflow does not set itself
    #[arg(long, value_name = "K=V")]
    pub env: Vec<String>,

    /// A configuration variable (`vars`)
    #[arg(long, value_name = "K=V")]
    pub var: Vec<String>,

    /// An input of a dispatched or called workflow
    #[arg(long, value_name = "K=V")]
    pub input: Vec<String>,
}

/// Arguments of `eval`.
#[derive(Debug, Args)]
pub struct EvalArgs {
    /// The expression, without `${{ }}`
    #[arg(allow_hyphen_values = true)]
    pub expression: String,

    /// A JSON object of contexts: `{"github": {"ref": "…"}, …}`
    #[arg(long, value_name = "FILE")]
    pub context: Option<PathBuf>,

    /// How to print the value
    #[arg(long, value_enum, default_value_t = EvalFormat::Text)]
    pub format: EvalFormat,
}

/// When to use colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Formats of `check`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CheckFormat {
    /// The source with labels, for people
    Human,
    /// By contract, for programs
    Json,
    /// A line each
    Concise,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Workflow commands of GitHub Actions
    Github,
    /// GitLab's code quality report
    Gitlab,
    /// JUnit's XML
    Junit,
    /// Checkstyle's XML
    Checkstyle,
    /// Reviewdog's diagnostic format
    Rdjson,
}

/// A format and, where one is named, the file that it goes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target<F = CheckFormat> {
    /// The format.
    pub format: F,
    /// The file; standard output without one.
    pub file: Option<PathBuf>,
}

impl<F: ValueEnum> std::str::FromStr for Target<F> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, file) = match text.split_once('=') {
            Some((_, "")) => return Err(format!("`{text}` names no file after `=`")),
            Some((name, file)) => (name, Some(PathBuf::from(file))),
            None => (text, None),
        };
        let format = F::from_str(name, true).map_err(|_| {
            let known = F::value_variants().iter();
            let names: Vec<String> = known
                .filter_map(|format| Some(format.to_possible_value()?.get_name().to_owned()))
                .collect();
            format!(
                "there is no format `{name}`; there are {}",
                names.join(", ")
            )
        })?;
        Ok(Self { format, file })
    }
}

/// Formats of `plan`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PlanFormat {
    /// Tables, for people
    Human,
    /// By contract, for programs
    Json,
    /// Tables for the summary of a job or a comment
    Markdown,
    /// A page that needs nothing else
    Html,
    /// The matrix of tags as a picture
    Svg,
    /// A flow chart: definition, build, tags
    Mermaid,
    /// How far the publishing steps were understood, by mechanism
    Coverage,
}

/// Formats of `eval`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum EvalFormat {
    /// The value as text
    Text,
    /// Type, value and text
    Json,
}

/// Levels for `--fail-on`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FailOn {
    /// Any finding
    Info,
    /// Warnings and errors
    Warning,
    /// Errors
    Error,
    /// No finding
    Never,
}

/// The schemas that can be printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SchemaName {
    /// Output of `check --format json`
    Check,
    /// Output of `plan --format json`
    Plan,
    /// Output of `audit --format json`
    Audit,
    /// The policy, `taglint.yaml`
    Policy,
}
