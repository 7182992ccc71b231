//! `taglint pin`, `taglint update` and `taglint unpin`.

use std::collections::BTreeMap;

use super::load;
use super::{FAILED, fix as shown, print, registry, terminal, write};
use crate::cli::{BoundArgs, PinArgs, RewriteArgs, UpdateArgs};
use crate::finding::{Applicability, Finding, Fix, Level};
use crate::fix;
use crate::pinning::{self, Bound, Goal, Scope, Task};
use crate::policy::Pattern;
use crate::registry::{Answer, Resolver};
use crate::source::{FileId, Place};
use crate::workspace::Load;

/// Pins floating references, or updates versions.
///
/// # Errors
/// Bad usage, or a client that cannot be set up.
pub fn pin(args: &PinArgs) -> Result<u8, String> {
    let goal = match args.update {
        true => Goal::Update(bound(&args.bound)),
        false if args.bound.minor || args.bound.patch => {
            return Err("`--minor` and `--patch` are bounds of `--update`".to_owned());
        }
        false => Goal::Pin {
            digest: args.digest,
            partial: args.partial,
        },
    };
    run(&args.rewrite, goal)
}

/// Updates versions.
///
/// # Errors
/// Bad usage, or a client that cannot be set up.
pub fn update(args: &UpdateArgs) -> Result<u8, String> {
    run(&args.rewrite, Goal::Update(bound(&args.bound)))
}

/// Lets go of digests.
///
/// # Errors
/// Bad usage, or a client that cannot be set up.
pub fn unpin(args: &RewriteArgs) -> Result<u8, String> {
    run(args, Goal::Unpin)
}

fn bound(args: &BoundArgs) -> Bound {
    match (args.minor, args.patch) {
        (_, true) => Bound::Patch,
        (true, false) => Bound::Minor,
        (false, false) => Bound::Any,
    }
}

/// A file that changes.
struct Changed {
    file: FileId,
    after: String,
}

fn run(args: &RewriteArgs, goal: Goal) -> Result<u8, String> {
    let settings = super::check::settings(&args.world)?;
    let policies = load::governing(args.policy.config.as_deref());
    let globs = args.image.iter().map(|text| {
        let glob = Pattern::name(text);
        glob.map_err(|error| format!("`--image {text}`: {error}"))
    });
    let scope = Scope {
        everywhere: args.all,
        images: globs.collect::<Result<_, _>>()?,
    };
    let loaded = load::load(
        &args.paths,
        !args.no_ignore,
        args.quiet,
        &settings,
        policies,
    );
    let mut sound = loaded.errors.is_empty() && !loaded.project.has_refused_policy();
    for error in &loaded.errors {
        terminal::complain(&error.to_string());
    }
    for fault in loaded
        .project
        .faults
        .iter()
        .filter(|fault| fault.rule == "invalid-policy")
    {
        terminal::complain(&format!("{}: {}", place(&loaded, fault.at), fault.message));
    }
    let mut resolver = Resolver::new(registry::client(&args.registry)?, goal);
    let mut findings = Vec::new();
    for task in pinning::tasks(&loaded.project, goal, &scope) {
        let reason = match resolver.answer(&task) {
            Answer::As(pinned) => match pinning::edit(&loaded.project, &task, &pinned) {
                Ok(edit) => {
                    let new = pinned.of(task.image.familiar_name());
                    let fix = vec![edit];
                    findings.push(
                        Finding::new("pin", Level::Info, task.found.at, new)
                            .label(task.image.familiar())
                            .fix(Applicability::Safe, fix),
                    );
                    continue;
                }
                Err(reason) => reason.to_owned(),
            },
            Answer::Good => continue,
            Answer::None(reason) => reason,
            Answer::Failed(reason) => {
                sound = false;
                reason
            }
        };
        left(&loaded, &task, &reason);
    }
    fix::settle(&loaded.project, &mut findings);
    let changes = changes(&loaded, &mut findings);
    finish(args, &loaded, &findings, &changes, sound)
}

/// Says of a reference that it is left as it is.
fn left(loaded: &Load, task: &Task<'_>, reason: &str) {
    let at = place(loaded, task.found.at);
    let image = task.image.familiar();
    terminal::complain(&format!("{at}: `{image}` is left as it is: {reason}"));
}

/// The files after all edits that could be settled. A finding without a fix could not be.
fn changes(loaded: &Load, findings: &mut Vec<Finding>) -> Vec<Changed> {
    let mut by_file: BTreeMap<FileId, Vec<(usize, Fix)>> = BTreeMap::new();
    for (index, finding) in findings.iter().enumerate() {
        if let Some(fix) = &finding.fix {
            let fixes = by_file.entry(finding.at.file).or_default();
            fixes.push((index, fix.clone()));
        }
    }
    let mut done = vec![false; findings.len()];
    let mut changed = Vec::new();
    for (file, fixes) in by_file {
        let Some(source) = loaded.project.sources.get(file.0 as usize) else {
            continue;
        };
        let only: Vec<&Fix> = fixes.iter().map(|(_, fix)| fix).collect();
        let applied = fix::apply(source.path(), source.text(), &only);
        for index in &applied.done {
            let finding = fixes.get(*index).map(|(index, _)| *index);
            if let Some(flag) = finding.and_then(|index| done.get_mut(index)) {
                *flag = true;
            }
        }
        if applied.text != source.text() {
            let after = applied.text;
            changed.push(Changed { file, after });
        }
    }
    let mut flags = done.into_iter();
    findings.retain(|finding| {
        let done = flags.next().unwrap_or(false);
        if !done {
            let image = finding.label.as_deref().unwrap_or_default();
            let reason = "it cannot be written there without changing something else";
            let at = place(loaded, finding.at);
            terminal::complain(&format!("{at}: `{image}` is left as it is: {reason}"));
        }
        done
    });
    changed
}

/// Writes or shows what changes.
fn finish(
    args: &RewriteArgs,
    loaded: &Load,
    findings: &[Finding],
    changes: &[Changed],
    mut sound: bool,
) -> Result<u8, String> {
    let mut text = String::new();
    for change in changes {
        let index = change.file.0 as usize;
        let (Some(source), Some(path)) =
            (loaded.project.sources.get(index), loaded.paths.get(index))
        else {
            continue;
        };
        if args.diff {
            text.push_str(&shown::diff(source.path(), source.text(), &change.after));
        } else if !args.check
            && let Err(error) = write::replace(path, source.text(), &change.after)
        {
            terminal::complain(&error);
            sound = false;
        }
    }
    if !args.diff && !args.quiet {
        for finding in findings {
            let old = finding.label.as_deref().unwrap_or_default();
            text.push_str(&format!(
                "{}: {old} -> {}\n",
                place(loaded, finding.at),
                finding.message
            ));
        }
    }
    print(&text)?;
    let would = (args.diff || args.check) && !changes.is_empty();
    Ok(if sound { u8::from(would) } else { FAILED })
}

/// A place as people read it: path, line and column.
fn place(loaded: &Load, at: Place) -> String {
    let source = loaded.project.source(at);
    let position = source.map(|source| source.position(at.span.start));
    let (line, column) = position.map_or((1, 1), |position| (position.line, position.column));
    format!("{}:{line}:{column}", loaded.project.path(at))
}
