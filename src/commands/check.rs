//! `taglint check`.

use std::time::Instant;

use super::fix::{self, Fixed};
use super::load::{self, Load, Overlay};
use super::{FAILED, accept, print, terminal};
use crate::cli::{CheckArgs, CheckFormat, Color, FailOn, WorldArgs};
use crate::finding::{Finding, Level};
use crate::formats::github::event::Settings;
use crate::report::{Summary, human, json};
use crate::rules::{self, Selection};
use crate::suppress;

/// What workflows are told, from the command line.
///
/// # Errors
/// An option that is not of the form `K=V`.
pub fn settings(world: &WorldArgs) -> Result<Settings, String> {
    let pairs = |list: &[String], option: &str| {
        let pair = |text: &String| match text.split_once('=') {
            Some((key, value)) => Ok((key.to_owned(), value.to_owned())),
            None => Err(format!("`{option} {text}`: write `{option} NAME=VALUE`")),
        };
        list.iter().map(pair).collect::<Result<Vec<_>, _>>()
    };
    Ok(Settings {
        default_branch: world.default_branch.clone(),
        repository: world.repository.clone(),
        release_version: world.release_version.clone(),
        env: pairs(&world.env, "--env")?,
        vars: pairs(&world.var, "--var")?,
        inputs: pairs(&world.input, "--input")?,
        ..Settings::default()
    })
}

/// What one look at the files gives.
pub struct Looked {
    /// The files.
    pub loaded: Load,
    /// What is reported.
    pub findings: Vec<Finding>,
    /// How many findings comments suppress.
    suppressed: usize,
    /// How many the baseline accepts, and how many of its own are gone.
    baseline: Option<(usize, usize)>,
}

/// A run's options, read.
struct Run<'a> {
    args: &'a CheckArgs,
    selection: Selection,
    settings: Settings,
    baseline: Option<accept::Known>,
}

impl Run<'_> {
    fn look(&self, overlay: &Overlay) -> Looked {
        let args = self.args;
        let quiet = args.quiet || !overlay.is_empty();
        let settings = &self.settings;
        let loaded = load::load_over(&args.paths, !args.no_ignore, quiet, settings, overlay);
        let findings = rules::run(&loaded.project, &self.selection);
        let left = suppress::suppress(&loaded.project, &self.selection, findings);
        let mut looked = Looked {
            loaded,
            findings: left.findings,
            suppressed: left.count,
            baseline: None,
        };
        if let Some(baseline) = &self.baseline {
            let findings = std::mem::take(&mut looked.findings);
            let compared = baseline.compare(&looked.loaded.project, findings);
            looked.findings = compared.findings;
            looked.baseline = Some((compared.accepted, compared.gone));
        }
        looked
    }
}

impl Looked {
    fn summary(&self) -> Summary {
        let project = &self.loaded.project;
        let mut summary = Summary {
            files: self.loaded.files,
            images: project.uses.len(),
            publications: project.published_tags(),
            skipped_templates: project.skipped_templates,
            suppressed: self.suppressed,
            baseline: self.baseline,
            ..Summary::default()
        };
        self.findings
            .iter()
            .for_each(|finding| summary.count(finding));
        summary
    }
}

/// Runs the linter.
///
/// # Errors
/// Bad usage, a baseline that cannot be read or written, or output that cannot be written.
pub fn run(args: &CheckArgs, color: Color) -> Result<u8, String> {
    let started = Instant::now();
    let run = Run {
        args,
        selection: Selection::new(&args.select, &args.ignore)?,
        settings: settings(&args.world)?,
        baseline: args.baseline.as_deref().map(accept::read).transpose()?,
    };
    let mut failed = Vec::new();
    let (looked, fixed) = if args.fix || args.diff {
        let fixed = fix::rounds(|overlay| run.look(overlay), args.unsafe_fixes);
        if args.diff {
            return show_diff(args, &fixed);
        }
        failed = fixed.write();
        let written = fixed.changes.len() - failed.len();
        (fixed.looked, Some((fixed.findings, written)))
    } else {
        (run.look(&Overlay::new()), None)
    };
    let mut summary = looked.summary();
    summary.fixed = fixed;
    if let Some(path) = &args.write_baseline {
        let note = accept::write(path, &looked)?;
        terminal::complain(&note);
        return Ok(u8::from(!looked.loaded.errors.is_empty()) * FAILED);
    }
    if let Some(reason) = &args.add_ignore {
        failed = accept::add_ignore(&looked, reason);
    } else {
        show(args, color, &looked, &summary, started)?;
    }
    failed.iter().for_each(|error| terminal::complain(error));
    complain(&looked);
    let least = match args.fail_on {
        FailOn::Info => Some(Level::Info),
        FailOn::Warning => Some(Level::Warning),
        FailOn::Error => Some(Level::Error),
        FailOn::Never => None,
    };
    let least = least.filter(|_| args.add_ignore.is_none());
    let mut findings = looked.findings.iter();
    let failing = least.is_some_and(|least| findings.any(|finding| finding.level >= least));
    Ok(
        match (
            looked.loaded.errors.is_empty() && failed.is_empty(),
            failing,
        ) {
            (false, _) => FAILED,
            (true, failing) => u8::from(failing),
        },
    )
}

fn complain(looked: &Looked) {
    for error in &looked.loaded.errors {
        terminal::complain(&error.to_string());
    }
}

fn show(
    args: &CheckArgs,
    color: Color,
    looked: &Looked,
    summary: &Summary,
    started: Instant,
) -> Result<(), String> {
    let (project, findings) = (&looked.loaded.project, &looked.findings);
    match args.format {
        CheckFormat::Json => {
            let text = json::render(project, findings, summary, args.list_images);
            print(&text)
        }
        CheckFormat::Human => {
            let style = terminal::style(color);
            let mut text = String::new();
            for finding in findings {
                text.push_str(&human::finding(project, finding, style));
            }
            if args.list_images {
                text.push_str(&human::images(project));
            }
            if !args.quiet {
                text.push_str(&human::summary(summary, Some(started.elapsed()), style));
            }
            print(&text)
        }
    }
}

/// Prints what would change; the exit status says whether anything would.
fn show_diff(args: &CheckArgs, fixed: &Fixed) -> Result<u8, String> {
    print(&fixed.diff())?;
    let mut summary = fixed.looked.summary();
    summary.fixed = Some((fixed.findings, fixed.changes.len()));
    if let Some(text) = summary.fixes("would fix").filter(|_| !args.quiet) {
        terminal::complain(&text);
    }
    complain(&fixed.looked);
    Ok(match fixed.looked.loaded.errors.is_empty() {
        false => FAILED,
        true => u8::from(!fixed.changes.is_empty()),
    })
}
