//! `taglint check`.

use std::time::{Duration, Instant};

use jiff::civil::Date;

use super::fix::{self, Fixed};
use super::load;
use super::{FAILED, accept, online, print, terminal, write};
use crate::cli::{CheckArgs, CheckFormat, Color, FailOn, WorldArgs};
use crate::finding::{Finding, Level};
use crate::formats::github::event::Settings;
use crate::project::Project;
use crate::report::human::Style;
use crate::report::{
    Summary, checkstyle, concise, github, gitlab, human, json, junit, rdjson, sarif,
};
use crate::rules::{self, Selection};
use crate::suppress;
use crate::workspace::{Load, Overlay, policies};

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
    today: Date,
    baseline: Option<accept::Known>,
    online: Option<online::Online>,
}

impl Run<'_> {
    /// Whether anybody sees fixes: to verify them, each of their files is parsed twice more.
    fn wants_fixes(&self) -> bool {
        let args = self.args;
        let concise = |target: &crate::cli::Target| matches!(target.format, CheckFormat::Concise);
        let edits = args.fix || args.diff || args.add_ignore.is_some();
        edits || !args.format.iter().all(concise)
    }

    fn look(&self, overlay: &Overlay) -> Looked {
        let args = self.args;
        let quiet = args.quiet || !overlay.is_empty();
        let settings = &self.settings;
        let governing = load::governing(args.policy.config.as_deref());
        let files = !args.no_ignore;
        let mut loaded = load::load_over(
            &args.paths,
            files,
            quiet,
            settings,
            governing,
            overlay.clone(),
        );
        loaded.project.policies.today = Some(self.today);
        let fixes = self.wants_fixes();
        let findings = rules::run_for(&loaded.project, &self.selection, &|_| fixes);
        let left = suppress::suppress(&loaded.project, &self.selection, findings);
        let mut looked = Looked {
            loaded,
            findings: left.findings,
            suppressed: left.count,
            baseline: None,
        };
        if let Some(online) = &self.online {
            online.propose(&mut looked);
        }
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
    /// Whether everything could be read, policies among it.
    fn is_whole(&self) -> bool {
        self.loaded.errors.is_empty() && !self.loaded.project.has_refused_policy()
    }

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
        settings: Settings {
            odd_versions: true,
            ..settings(&args.world)?
        },
        today: policies::today(args.policy.today.as_deref())?,
        baseline: args.baseline.as_deref().map(accept::read).transpose()?,
        online: online::Online::of(args)?,
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
        (run.look(&Overlay::default()), None)
    };
    let mut summary = looked.summary();
    summary.fixed = fixed;
    if let Some(path) = &args.write_baseline {
        let note = accept::write(path, &looked)?;
        terminal::complain(&note);
        return Ok(u8::from(!looked.is_whole()) * FAILED);
    }
    if let Some(reason) = &args.add_ignore {
        failed = accept::add_ignore(&looked, reason);
    } else {
        show(args, color, &looked, &summary, started.elapsed())?;
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
    let whole = looked.is_whole() && failed.is_empty();
    // The process ends here: to let go of everything piece by piece takes time and helps nobody.
    std::mem::forget(looked);
    Ok(match (whole, failing) {
        (false, _) => FAILED,
        (true, failing) => u8::from(failing),
    })
}

fn complain(looked: &Looked) {
    for error in &looked.loaded.errors {
        terminal::complain(&error.to_string());
    }
}

/// Writes the findings, in each format that is asked for.
fn show(
    args: &CheckArgs,
    color: Color,
    looked: &Looked,
    summary: &Summary,
    elapsed: Duration,
) -> Result<(), String> {
    let shown = Shown {
        project: &looked.loaded.project,
        findings: &looked.findings,
        summary,
        args,
        elapsed,
    };
    for target in &args.format {
        match target.file.as_ref().or(args.output.as_ref()) {
            Some(path) => {
                let text = shown.text(target.format, terminal::plain_style());
                write::put(path, &text).map_err(|error| {
                    format!("{}: {}", path.display(), crate::discover::plain(&error))
                })?;
            }
            None => print(&shown.text(target.format, terminal::style(color)))?,
        }
    }
    Ok(())
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
    Ok(match fixed.looked.is_whole() {
        false => FAILED,
        true => u8::from(!fixed.changes.is_empty()),
    })
}

/// What is written, in whatever format.
struct Shown<'a> {
    project: &'a Project,
    findings: &'a [Finding],
    summary: &'a Summary,
    args: &'a CheckArgs,
    elapsed: Duration,
}

impl Shown<'_> {
    fn text(&self, format: CheckFormat, style: Style) -> String {
        let (project, findings) = (self.project, self.findings);
        match format {
            CheckFormat::Human => self.human(style),
            CheckFormat::Json => {
                json::render(project, findings, self.summary, self.args.list_images)
            }
            CheckFormat::Concise => concise::render(project, findings),
            CheckFormat::Sarif => sarif::render(project, findings),
            CheckFormat::Github => github::render(project, findings),
            CheckFormat::Gitlab => gitlab::render(project, findings),
            CheckFormat::Junit => junit::render(project, findings),
            CheckFormat::Checkstyle => checkstyle::render(project, findings),
            CheckFormat::Rdjson => rdjson::render(project, findings),
        }
    }

    fn human(&self, style: Style) -> String {
        let mut text = String::new();
        for finding in self.findings {
            text.push_str(&human::finding(self.project, finding, style));
        }
        if self.args.list_images {
            text.push_str(&human::images(self.project));
        }
        if !self.args.quiet {
            text.push_str(&human::summary(self.summary, Some(self.elapsed), style));
        }
        text
    }
}
