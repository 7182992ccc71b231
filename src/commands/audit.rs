//! `taglint audit`.

use std::path::{Path, PathBuf};
use std::time::Instant;

use super::{FAILED, load, print, registry, terminal, write};
use crate::audit::{Audit, Observed, Saved};
use crate::cli::{AuditArgs, AuditFormat, Color, FailOn};
use crate::discover::{Discovered, Found, plain};
use crate::finding::Level;
use crate::image::ImageRef;
use crate::project::Project;
use crate::registry::{Client, Depth, observe};
use crate::report::audit::{Allowance, Sheet, html, human, json, markdown, sarif};
use crate::report::human::Style;
use crate::rules::{self, Selection};
use crate::source::{FileId, Place, Source, Span};
use crate::workspace::{Disk, policies};

mod named;
mod state;

/// What was seen of the images, each with what is known of the last time.
#[derive(Default)]
struct Looked {
    images: Vec<ImageRef>,
    /// Where workflows publish them, as far as that is known.
    published: Vec<Option<Place>>,
    observed: Vec<Option<Observed>>,
    failures: Vec<(String, String)>,
    requests: usize,
    allowance: Option<Allowance>,
}

/// Audits images.
///
/// # Errors
/// Bad usage, a file that cannot be read or written, or no image to audit.
pub fn run(args: &AuditArgs, color: Color) -> Result<u8, String> {
    let started = Instant::now();
    let selection = Selection::new(&args.select, &args.ignore)?;
    let previous = match (&args.state, &args.since) {
        (Some(path), _) => state::read(path)?,
        (None, Some(path)) => Some(there(path)?),
        (None, None) => None,
    };
    let (mut project, looked) = match &args.from {
        Some(path) => saved(args, path)?,
        None => asked(args)?,
    };
    project.policies.today = Some(policies::today(args.policy.today.as_deref())?);
    let refused = complain(&project);
    let audits = audits(&project, &looked, previous.as_ref());
    let findings = rules::run_audits(&project, &audits, &selection);
    let sheet = Sheet {
        project: &project,
        audits: &audits,
        findings: &findings,
        failures: &looked.failures,
        requests: looked.requests,
        allowance: looked.allowance,
        elapsed: Some(started.elapsed()).filter(|_| args.from.is_none()),
    };
    show(args, color, &sheet)?;
    if let Some(path) = &args.state {
        let seen = audits.iter().map(|audit| audit.observed.clone());
        state::write(path, previous, seen.collect())?;
    }
    let least = match args.fail_on {
        FailOn::Info => Some(Level::Info),
        FailOn::Warning => Some(Level::Warning),
        FailOn::Error => Some(Level::Error),
        FailOn::Never => None,
    };
    let mut levels = findings.iter().map(|finding| finding.level);
    let failing = least.is_some_and(|least| levels.any(|level| level >= least));
    Ok(match sheet.partial() > 0 || refused {
        true => FAILED,
        false => u8::from(failing),
    })
}

/// Asks the registries.
fn asked(args: &AuditArgs) -> Result<(Project, Looked), String> {
    let named = named::images(args)?;
    if named.is_empty() {
        return Err(
            "neither a policy nor a workflow here names an image: name one, `taglint audit IMAGE`"
                .to_owned(),
        );
    }
    let images: Vec<ImageRef> = named.iter().map(|one| one.image.clone()).collect();
    let mut project = project(&images, args.policy.config.as_deref())?;
    let mut published = Vec::new();
    for one in named {
        published.push(one.at.and_then(|(source, span)| {
            let file = FileId(u32::try_from(project.sources.len()).ok()?);
            project.sources.push(source);
            Some(Place { file, span })
        }));
    }
    let mut looked = Looked {
        images,
        published,
        ..Looked::default()
    };
    if project.has_refused_policy() {
        // What is wanted is not known, so that nothing need be asked.
        looked.images.clear();
        return Ok((project, looked));
    }
    let client = registry::client(&args.registry)?;
    for (image, id) in looked.images.iter().zip(0..) {
        let seen = look(args, &client, &project, FileId(id), image);
        looked.observed.push(match seen {
            Ok(observed) => Some(observed),
            Err(reason) => {
                looked
                    .failures
                    .push((image.familiar_name().to_owned(), reason));
                None
            }
        });
    }
    looked.requests = client.requests();
    looked.allowance = client.rate_limit().map(|limit| Allowance {
        limit: limit.limit,
        remaining: limit.remaining,
        window: limit.window,
    });
    Ok((project, looked))
}

fn look(
    args: &AuditArgs,
    client: &Client,
    project: &Project,
    id: FileId,
    image: &ImageRef,
) -> Result<Observed, String> {
    let declared = project.declared(id, image.name());
    let depth = Depth {
        versions: args.versions,
        all_digests: args.state.is_some() || args.since.is_some(),
        signatures: declared.as_ref().is_some_and(|declared| declared.signed),
    };
    observe(client, image, declared.as_ref(), depth).map_err(|error| error.to_string())
}

/// Takes what a file holds for what the registries show.
fn saved(args: &AuditArgs, path: &Path) -> Result<(Project, Looked), String> {
    let saved = there(path)?;
    let named = saved.images.iter().map(|observed| {
        let image = ImageRef::parse_normalized(&observed.image);
        image.map_err(|error| format!("{}: `{}`: {error}", path.display(), observed.image))
    });
    let images = named.collect::<Result<Vec<_>, _>>()?;
    let looked = Looked {
        observed: saved.images.into_iter().map(Some).collect(),
        images,
        ..Looked::default()
    };
    Ok((
        project(&looked.images, args.policy.config.as_deref())?,
        looked,
    ))
}

/// What a file holds that has to be there.
fn there(path: &Path) -> Result<Saved, String> {
    let saved = state::read(path)?;
    saved.ok_or_else(|| format!("{}: there is no such file", path.display()))
}

/// A project that holds a file for each image, and the policy that governs them all: that of the
/// current folder.
fn project(images: &[ImageRef], config: Option<&Path>) -> Result<Project, String> {
    let files = images.iter().map(|image| Found {
        path: PathBuf::from(image.path().replace('/', "_")).into(),
        shown: image.name().into(),
        named: true,
    });
    let discovered = Discovered {
        files: files.collect(),
        ..Discovered::default()
    };
    let governing = load::governing(config);
    let found = policies::find(&discovered, &governing, &Disk::default());
    if let Some(error) = found.errors.first() {
        return Err(error.to_string());
    }
    let mut project = Project::default();
    let sources = discovered
        .files
        .into_iter()
        .map(|file| Source::new(file.shown, ""));
    project.sources = sources.collect();
    project.sources.extend(found.sources);
    project.faults = found.faults;
    project.policies = found.policies;
    Ok(project)
}

fn audits(project: &Project, looked: &Looked, previous: Option<&Saved>) -> Vec<Audit> {
    let each = looked.images.iter().zip(&looked.observed).zip(0..);
    let audits = each.filter_map(|((image, observed), id)| {
        let file = FileId(id);
        let at = Place {
            file,
            span: Span::default(),
        };
        let observed = observed.clone()?;
        let before = previous
            .and_then(|saved| saved.image(&observed.image))
            .cloned();
        let mut audit = Audit::new(observed, project.declared(file, image.name()), at);
        audit.previous = before;
        audit.published_at = looked.published.get(id as usize).copied().flatten();
        Some(audit)
    });
    audits.collect()
}

/// Tells what is wrong with the policy; whether anything is.
fn complain(project: &Project) -> bool {
    for fault in &project.faults {
        let source = project.source(fault.at);
        let line = source.map_or(1, |source| source.position(fault.at.span.start).line);
        terminal::complain(&format!(
            "{}:{line}: {}",
            project.path(fault.at),
            fault.message
        ));
    }
    project.has_refused_policy()
}

/// Writes the audit, in each format that is asked for.
fn show(args: &AuditArgs, color: Color, sheet: &Sheet<'_>) -> Result<(), String> {
    for target in &args.format {
        match target.file.as_ref().or(args.output.as_ref()) {
            Some(path) => {
                let text = text(args, sheet, target.format, terminal::plain_style());
                write::put(path, &text)
                    .map_err(|error| format!("{}: {}", path.display(), plain(&error)))?;
            }
            None => print(&text(args, sheet, target.format, terminal::style(color)))?,
        }
    }
    Ok(())
}

fn text(args: &AuditArgs, sheet: &Sheet<'_>, format: AuditFormat, style: Style) -> String {
    match format {
        AuditFormat::Human => human::render(sheet, style, args.quiet),
        AuditFormat::Json => json::render(sheet),
        AuditFormat::Html => html::render(sheet),
        AuditFormat::Markdown => markdown::render(sheet),
        AuditFormat::Sarif => sarif::render(sheet),
    }
}
