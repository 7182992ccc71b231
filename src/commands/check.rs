//! `taglint check`.

use std::time::{Duration, Instant};

use super::{FAILED, load, print, terminal};
use crate::cli::{CheckArgs, CheckFormat, Color, FailOn, WorldArgs};
use crate::finding::{Finding, Level};
use crate::formats::github::event::Settings;
use crate::project::Project;
use crate::report::human::Style;
use crate::report::{
    Summary, checkstyle, concise, github, gitlab, human, json, junit, rdjson, sarif,
};
use crate::rules::{self, Selection};

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

/// Runs the linter.
///
/// # Errors
/// Bad usage, or output that cannot be written.
pub fn run(args: &CheckArgs, color: Color) -> Result<u8, String> {
    let started = Instant::now();
    let selection = Selection::new(&args.select, &args.ignore)?;
    let settings = Settings {
        odd_versions: true,
        ..settings(&args.world)?
    };
    let mut loaded = load::load(
        &args.paths,
        !args.no_ignore,
        args.quiet,
        &settings,
        load::Policies::of(args.policy.config.as_deref()),
    );
    loaded.project.policies.today = Some(super::policies::today(args.policy.today.as_deref())?);
    let findings = rules::run(&loaded.project, &selection);
    let mut summary = Summary {
        files: loaded.files,
        images: loaded.project.uses.len(),
        publications: loaded.project.published_tags(),
        skipped_templates: loaded.project.skipped_templates,
        ..Summary::default()
    };
    findings
        .iter()
        .for_each(|finding| summary.count(finding.level));
    let shown = Shown {
        project: &loaded.project,
        findings: &findings,
        summary: &summary,
        args,
        elapsed: started.elapsed(),
    };
    for target in &args.format {
        let file = target.file.as_ref().or(args.output.as_ref());
        match file {
            Some(path) => {
                let text = shown.text(target.format, terminal::plain_style());
                std::fs::write(path, text).map_err(|error| {
                    format!("{}: {}", path.display(), crate::discover::plain(&error))
                })?;
            }
            None => print(&shown.text(target.format, terminal::style(color)))?,
        }
    }
    for error in &loaded.errors {
        terminal::complain(&error.to_string());
    }
    let least = match args.fail_on {
        FailOn::Info => Some(Level::Info),
        FailOn::Warning => Some(Level::Warning),
        FailOn::Error => Some(Level::Error),
        FailOn::Never => None,
    };
    let failing = least.is_some_and(|least| findings.iter().any(|f| f.level >= least));
    let refused = loaded.project.has_refused_policy();
    Ok(match loaded.errors.is_empty() && !refused {
        false => FAILED,
        true => u8::from(failing),
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
