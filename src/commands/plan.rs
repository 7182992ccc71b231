//! `taglint plan`.

use super::{FAILED, load, print, terminal, write};
use crate::cli::{Color, PlanArgs, PlanFormat};
use crate::project::Project;
use crate::report::human::Style;
use crate::report::plan::{html, markdown, mermaid, svg};
use crate::report::{self, coverage, plan_json, plan_table};

/// Shows what CI would publish.
///
/// # Errors
/// Bad usage, a payload that cannot be read, or output that cannot be written.
pub fn run(args: &PlanArgs, color: Color) -> Result<u8, String> {
    let mut settings = super::check::settings(&args.world)?;
    if args.event.is_none() && (args.reference.is_some() || args.payload.is_some()) {
        return Err("`--ref` and `--payload` describe an event: name it with `--event`".to_owned());
    }
    settings.event.clone_from(&args.event);
    settings.reference.clone_from(&args.reference);
    settings.sha.clone_from(&args.sha);
    if let Some(path) = &args.payload {
        let shown = path.display();
        let text = crate::discover::read_named_text(path, crate::discover::MAX_FILE_BYTES)
            .map_err(|error| format!("{shown}: {}", crate::discover::plain(&error)))?;
        let payload = serde_json::from_str(&text).map_err(|error| format!("{shown}: {error}"))?;
        settings.payload = Some(payload);
    }
    if let Some(time) = &args.time {
        let parsed = time
            .parse()
            .map_err(|error| format!("`--time {time}`: {error}"))?;
        settings.time = Some(parsed);
    }
    let loaded = load::load(
        &args.paths,
        !args.no_ignore,
        args.quiet,
        &settings,
        load::governing(args.policy.config.as_deref()),
    );
    let draw = |format, style| text(&loaded.project, format, style);
    for target in &args.format {
        match target.file.as_ref().or(args.output.as_ref()) {
            Some(path) => {
                let text = draw(target.format, terminal::plain_style());
                write::put(path, &text).map_err(|error| {
                    format!("{}: {}", path.display(), crate::discover::plain(&error))
                })?;
            }
            None => print(&draw(target.format, terminal::style(color)))?,
        }
    }
    for error in &loaded.errors {
        terminal::complain(&error.to_string());
    }
    for fault in &loaded.project.faults {
        let path = loaded.project.path(fault.at);
        let source = loaded.project.source(fault.at);
        let line = source.map_or(1, |source| source.position(fault.at.span.start).line);
        terminal::complain(&format!("{path}:{line}: {}", fault.message));
    }
    let sound = loaded.errors.is_empty() && !loaded.project.has_refused_policy();
    Ok(if sound { 0 } else { FAILED })
}

fn text(project: &Project, format: PlanFormat, style: Style) -> String {
    let sheets = || report::plan::sheets(project);
    match format {
        PlanFormat::Coverage => coverage::table(&coverage::census(project)),
        PlanFormat::Json => plan_json::render(project),
        PlanFormat::Markdown => markdown::render(&sheets()),
        PlanFormat::Html => html::render(&sheets()),
        PlanFormat::Svg => svg::render(&sheets()),
        PlanFormat::Mermaid => mermaid::render(&sheets()),
        PlanFormat::Human => {
            let text = plan_table::render(project, style);
            if text.is_empty() {
                "no workflow here publishes an image\n".to_owned()
            } else {
                text
            }
        }
    }
}
