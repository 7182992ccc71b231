//! `taglint check`.

use std::time::Instant;

use super::{FAILED, load, print, terminal};
use crate::cli::{CheckArgs, CheckFormat, Color, FailOn, WorldArgs};
use crate::finding::Level;
use crate::formats::github::event::Settings;
use crate::report::{Summary, human, json};
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
    let loaded = load::load(&args.paths, !args.no_ignore, args.quiet, &settings);
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
    match args.format {
        CheckFormat::Json => {
            let text = json::render(&loaded.project, &findings, &summary, args.list_images);
            print(&text)?;
        }
        CheckFormat::Human => {
            let style = terminal::style(color);
            let mut text = String::new();
            for finding in &findings {
                text.push_str(&human::finding(&loaded.project, finding, style));
            }
            if args.list_images {
                text.push_str(&human::images(&loaded.project));
            }
            if !args.quiet {
                text.push_str(&human::summary(&summary, Some(started.elapsed()), style));
            }
            print(&text)?;
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
    Ok(match (loaded.errors.is_empty(), failing) {
        (false, _) => FAILED,
        (true, failing) => u8::from(failing),
    })
}
