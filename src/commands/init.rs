//! `taglint init`.

use std::path::{Path, PathBuf};

use super::{FAILED, check, load, print, terminal, write};
use crate::cli::InitArgs;
use crate::draft::draft;
use crate::finding::Level;
use crate::formats::github::event::Settings;
use crate::policy::{self, FILE_NAMES, Policy};
use crate::project::Governed;
use crate::rules::{self, RULES, Selection};
use crate::source::FileId;
use crate::workspace::Governing;

/// Writes a policy from what the repository does today, and says what it finds under it.
///
/// # Errors
/// A policy that is there already, or a file that cannot be written.
pub fn run(args: &InitArgs) -> Result<u8, String> {
    let folder = args.path.clone().unwrap_or_else(|| PathBuf::from("."));
    let path = match &args.output {
        Some(path) => path.clone(),
        None => folder.join(FILE_NAMES[0]),
    };
    let to_terminal = path == Path::new("-");
    if !to_terminal && !args.force {
        let beside = FILE_NAMES.map(|name| folder.join(name));
        if let Some(known) = beside.iter().chain([&path]).find(|path| path.exists()) {
            return Err(format!(
                "{}: there is a policy already; `--force` writes over it, `--output -` shows what would be written",
                known.display()
            ));
        }
    }
    let settings = Settings {
        odd_versions: true,
        ..check::settings(&args.world)?
    };
    let paths = [folder];
    let mut loaded = load::load(&paths, true, args.quiet, &settings, Governing::None);
    let text = draft(&loaded.project);
    if to_terminal {
        print(&text)?;
    } else {
        written(&path, &text, args.force)
            .map_err(|error| format!("{}: {}", path.display(), crate::discover::plain(&error)))?;
    }
    if !args.quiet {
        let policy = parsed(&text)?;
        govern(&mut loaded.project, policy);
        terminal::complain(&told(&path, to_terminal, &loaded.project));
    }
    for error in &loaded.errors {
        terminal::complain(&error.to_string());
    }
    Ok(if loaded.errors.is_empty() { 0 } else { FAILED })
}

fn written(path: &Path, text: &str, force: bool) -> std::io::Result<()> {
    match force {
        true => write::put(path, text),
        false => write::create(path, text),
    }
}

fn parsed(text: &str) -> Result<Policy, String> {
    let names: Vec<&str> = RULES.iter().map(|rule| rule.name).collect();
    policy::parse(FileId(u32::MAX), FILE_NAMES[0], text, &names).map_err(|faults| {
        let messages: Vec<String> = faults.into_iter().map(|fault| fault.message).collect();
        format!(
            "the policy that was made is not valid: {}",
            messages.join("; ")
        )
    })
}

/// Puts everything under one policy.
fn govern(project: &mut crate::project::Project, policy: Policy) {
    let by = |source: &crate::source::Source| Governed::By {
        policy: 0,
        inside: Some(source.path().to_owned()),
    };
    project.policies.governed = project.sources.iter().map(by).collect();
    project.policies.sound = vec![policy];
    project.resolve_environments();
}

/// What was written, and what is left to mend under it.
fn told(path: &Path, to_terminal: bool, project: &crate::project::Project) -> String {
    let findings = rules::run(project, &Selection::default());
    let count = |level| findings.iter().filter(|one| one.level == level).count();
    let images = project.images();
    let schemes = images.iter().filter(|one| !one.scheme.variants.is_empty());
    let done = match to_terminal {
        true => "a policy".to_owned(),
        false => format!("{} is written", path.display()),
    };
    let schemes = match schemes.count() {
        1 => "1 scheme".to_owned(),
        count => format!("{count} schemes"),
    };
    let left = [Level::Error, Level::Warning].map(|level| match count(level) {
        1 => format!("1 {}", level.name()),
        count => format!("{count} {}s", level.name()),
    });
    match count(Level::Error) + count(Level::Warning) {
        0 => format!("{done}, with {schemes}; `taglint check` is clean under it"),
        _ => format!(
            "{done}, with {schemes}; `taglint check` finds {} and {} under it",
            left[0], left[1]
        ),
    }
}
