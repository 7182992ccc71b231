//! `plan` for people: a table an image, its rows the variants, its columns the scenarios.

use std::collections::BTreeMap;

use super::human::Style;
use super::plan::{Event, columns};
use super::{counted, harmless};
use crate::facts::{Build, Plan, Publication};
use crate::policy::{Form, version_tag};
use crate::project::Project;
use crate::source::Place;

/// One image of one workflow file.
struct Table<'p> {
    image: &'p str,
    path: &'p str,
    jobs: Vec<&'p str>,
    builds: usize,
    columns: Vec<Event>,
    /// The columns of all events, published on or not.
    all: Vec<Event>,
    /// Row name to the tags of each column.
    rows: Vec<(String, Vec<Vec<String>>)>,
}

/// All plans as text.
#[must_use]
pub fn render(project: &Project, style: Style) -> String {
    let mut by_file: BTreeMap<(&str, Place), Vec<&Plan>> = BTreeMap::new();
    for plan in &project.plans {
        let whole = Place {
            file: plan.file,
            span: crate::source::Span::default(),
        };
        let key = (project.path(whole), whole);
        by_file.entry(key).or_default().push(plan);
    }
    let mut text = String::new();
    for ((path, _), plans) in by_file {
        file(project, path, &plans, style, &mut text);
    }
    text
}

fn file(project: &Project, path: &str, plans: &[&Plan], style: Style, text: &mut String) {
    let mut images: Vec<&str> = plans
        .iter()
        .flat_map(|plan| plan.publications.iter().map(|p| p.image.as_str()))
        .collect();
    images.sort_unstable();
    images.dedup();
    for image in &images {
        draw(&table(path, image, plans, style), style, text);
    }
    let silent: Vec<Event> = plans
        .iter()
        .filter(|plan| plan.publications.is_empty())
        .map(|plan| Event::of(plan))
        .collect();
    let unknowns = unknowns(project, plans);
    let faults = plans.iter().flat_map(|plan| &plan.faults);
    let mut faults: Vec<&str> = faults.map(|(message, _)| message.as_str()).collect();
    faults.sort_unstable();
    faults.dedup();
    if images.is_empty() && unknowns.is_empty() && faults.is_empty() {
        return;
    }
    if images.is_empty() {
        text.push_str(&format!("{path}\n\n"));
    }
    if !silent.is_empty() {
        let all: Vec<Event> = plans.iter().map(|plan| Event::of(plan)).collect();
        let titles: Vec<String> = silent.iter().map(|column| column.title(&all)).collect();
        text.push_str(&format!("not published: {}\n", titles.join(", ")));
    }
    for fault in faults {
        text.push_str(&format!("fails: {}\n", harmless(fault)));
    }
    if unknowns.is_empty() {
        text.push_str("unknown: nothing\n\n");
    } else {
        text.push_str("unknown:\n");
        for line in unknowns {
            text.push_str(&format!("  {}\n", harmless(&line)));
        }
        text.push('\n');
    }
}

fn unknowns(project: &Project, plans: &[&Plan]) -> Vec<String> {
    let mut lines: Vec<(Place, String)> = plans
        .iter()
        .flat_map(|plan| &plan.unknowns)
        .map(|unknown| {
            let source = project.source(unknown.at);
            let line = source.map_or(1, |source| source.position(unknown.at.span.start).line);
            let path = project.path(unknown.at);
            (
                unknown.at,
                format!("{path}:{line} {}: {}", unknown.what, unknown.reason),
            )
        })
        .collect();
    lines.sort();
    lines.dedup();
    lines.into_iter().map(|(_, line)| line).collect()
}

/// The variant that a build makes: the affix of the version tags that it pushes on a release,
/// else the name of its matrix instance, else its job.
fn row_name(plans: &[&Plan], image: &str, build: &Build) -> (bool, String) {
    for plan in plans.iter().filter(|plan| plan.version().is_some()) {
        let Some(version) = plan.version() else {
            continue;
        };
        let affix = plan.publications.iter().find_map(|publication| {
            let pushed_by = plan.builds.get(publication.build)?;
            let read = version_tag(&publication.tag, &version)?;
            let own = publication.image == image && pushed_by.same_run(build);
            (own && read.form == Form::Full).then_some(read.affix)
        });
        if let Some(affix) = affix {
            return (!affix.is_base(), affix.name());
        }
    }
    (true, build.name())
}

fn table<'p>(path: &'p str, image: &'p str, plans: &[&'p Plan], style: Style) -> Table<'p> {
    let mut columns: Vec<Event> = Vec::new();
    let mut rows: BTreeMap<(bool, String), Vec<Vec<String>>> = BTreeMap::new();
    let mut jobs = Vec::new();
    let mut builds: Vec<&Build> = Vec::new();
    let publishes = |plan: &&&Plan| plan.publications.iter().any(|p| p.image == image);
    let publishing: Vec<&&Plan> = plans.iter().filter(publishes).collect();
    for (index, plan) in publishing.iter().enumerate() {
        columns.push(Event::of(plan));
        for publication in plan.publications.iter().filter(|p| p.image == image) {
            let Some(build) = plan.builds.get(publication.build) else {
                continue;
            };
            if !jobs.contains(&build.job.as_str()) {
                jobs.push(build.job.as_str());
            }
            if !builds.iter().any(|known| known.same_run(build)) {
                builds.push(build);
            }
            let row = rows
                .entry(row_name(plans, image, build))
                .or_insert_with(|| vec![Vec::new(); publishing.len()]);
            if let Some(cell) = row.get_mut(index) {
                let tag = shown_tag(plan, publication, style);
                if !cell.contains(&tag) {
                    cell.push(tag);
                }
            }
        }
    }
    Table {
        image,
        path,
        jobs,
        builds: builds.len(),
        columns,
        all: plans.iter().map(|plan| Event::of(plan)).collect(),
        rows: rows
            .into_iter()
            .map(|((_, name), mut cells)| {
                for cell in &mut cells {
                    // Versions first, the longest before its short forms; then the channels.
                    cell.sort_by_key(|tag| {
                        let version = tag
                            .trim_start_matches('v')
                            .starts_with(|c: char| c.is_ascii_digit());
                        (
                            !version,
                            std::cmp::Reverse(if version { tag.matches('.').count() } else { 0 }),
                        )
                    });
                }
                (name, cells)
            })
            .collect(),
    }
}

/// A tag with the number of builds that push it, and a mark where it may not be pushed.
fn shown_tag(plan: &Plan, publication: &Publication, style: Style) -> String {
    let same = plan.publications.iter().filter(|other| {
        other.image == publication.image && other.tag == publication.tag && other.is_comparable()
    });
    let mut tag = harmless(&publication.tag).into_owned();
    if !publication.certain {
        tag.push('?');
    }
    match same.count() {
        0 | 1 => tag,
        count if style.unicode => format!("{tag} ×{count}"),
        count => format!("{tag} x{count}"),
    }
}

fn draw(table: &Table<'_>, style: Style, text: &mut String) {
    let bold = |text: &str| {
        if style.color {
            format!("\u{1b}[1m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    };
    let (dot, inside) = if style.unicode {
        ("·", "›")
    } else {
        ("-", ">")
    };
    text.push_str(&format!(
        "{} {dot} {} {inside} {} ({})\n\n",
        bold(&harmless(table.image)),
        table.path,
        harmless(&table.jobs.join(", ")),
        counted(table.builds, "build")
    ));
    let mut lines: Vec<Vec<Vec<String>>> = vec![
        std::iter::once(vec!["variant".to_owned()])
            .chain(
                table
                    .columns
                    .iter()
                    .map(|column| vec![column.title(&table.all)]),
            )
            .collect(),
    ];
    for (name, cells) in &table.rows {
        let mut line = vec![vec![harmless(name).into_owned()]];
        line.extend(cells.iter().map(|cell| match cell.as_slice() {
            [] if style.unicode => vec!["–".to_owned()],
            [] => vec!["-".to_owned()],
            tags => tags.to_vec(),
        }));
        lines.push(line);
    }
    let wide = width_of(&lines, true) <= style.width;
    let narrow = style.width < LOG;
    if narrow && !wide && width_of(&lines, false) > style.width + GAP {
        list(&lines, style, text);
        return;
    }
    let widths: Vec<usize> = (0..=table.columns.len())
        .map(|index| {
            let cells = lines.iter().filter_map(|line| line.get(index));
            cells.map(|cell| cell_width(cell, wide)).max().unwrap_or(0)
        })
        .collect();
    for (row, line) in lines.iter().enumerate() {
        let height = if wide {
            1
        } else {
            line.iter().map(Vec::len).max().unwrap_or(1)
        };
        for part in 0..height {
            let mut out = String::new();
            for (cell, width) in line.iter().zip(&widths) {
                let plain = if wide {
                    cell.join("  ")
                } else {
                    cell.get(part).cloned().unwrap_or_default()
                };
                let pad = width.saturating_sub(columns(&plain)) + GAP;
                out.push_str(&colored(&plain, row == 0, style));
                out.push_str(&" ".repeat(pad));
            }
            text.push_str(out.trim_end());
            text.push('\n');
        }
    }
    text.push('\n');
}

/// For a terminal too narrow for columns: event by event, the tags of each variant below its name.
fn list(lines: &[Vec<Vec<String>>], style: Style, text: &mut String) {
    let Some((heads, rows)) = lines.split_first() else {
        return;
    };
    for (column, head) in heads.iter().enumerate().skip(1) {
        text.push_str(&colored(&head.concat(), true, style));
        text.push('\n');
        for row in rows {
            let name = row.first().map(|cell| cell.concat()).unwrap_or_default();
            text.push_str(&format!("  {name}\n"));
            for tag in row.get(column).into_iter().flatten() {
                text.push_str(&format!("    {}\n", colored(tag, false, style)));
            }
        }
        text.push('\n');
    }
}

fn cell_width(cell: &[String], wide: bool) -> usize {
    let lengths = cell.iter().map(|tag| columns(tag));
    if wide {
        lengths.sum::<usize>() + 2 * cell.len().saturating_sub(1)
    } else {
        lengths.max().unwrap_or(0)
    }
}

/// From this width on lines are not kept to it: logs and pagers scroll.
const LOG: usize = 120;

/// Blanks between two columns.
const GAP: usize = 3;

fn width_of(lines: &[Vec<Vec<String>>], wide: bool) -> usize {
    let columns = lines.first().map_or(0, Vec::len);
    (0..columns)
        .map(|index| {
            let cells = lines.iter().filter_map(|line| line.get(index));
            cells.map(|cell| cell_width(cell, wide)).max().unwrap_or(0) + GAP
        })
        .sum()
}

/// Contested tags in the colour of an error, what may not happen in that of a warning.
fn colored(text: &str, heading: bool, style: Style) -> String {
    if !style.color {
        return text.to_owned();
    }
    if heading {
        return format!("\u{1b}[2m{text}\u{1b}[0m");
    }
    let words = text.split("  ").map(|tag| match tag {
        tag if tag.contains(['×', ' ']) => format!("\u{1b}[31m{tag}\u{1b}[0m"),
        tag if tag.ends_with('?') => format!("\u{1b}[33m{tag}\u{1b}[0m"),
        tag => tag.to_owned(),
    });
    words.collect::<Vec<_>>().join("  ")
}
