//! Lays publications out as sheets: groups them by repository, image and event, and finds the row
//! and the column of each.

use std::collections::BTreeMap;

use super::{Block, Chip, Event, Kind, Matrix, Publisher, Push, Row, Said, Sheet, line};
use crate::facts::{Build, Plan, Scenario};
use crate::image::Tag;
use crate::policy::{Affix, Form, version_tag};
use crate::project::{Project, repository_root, starts_all};
use crate::source::{Place, Span};

/// A build with the name and the affix of the variant that it makes.
type Column<'p> = (&'p Build, String, Option<Affix>);

/// The tags of a row, variant by variant.
type Cells<'p> = Vec<Vec<Chip<'p>>>;

/// The path of the definition that a plan is of.
fn path_of<'p>(project: &'p Project, plan: &Plan) -> &'p str {
    project.path(Place {
        file: plan.file,
        span: Span::default(),
    })
}

/// What CI publishes, repository by repository, without those that publish nothing and leave no
/// question open.
#[must_use]
pub fn sheets(project: &Project) -> Vec<Sheet<'_>> {
    let mut by_root: BTreeMap<&str, Vec<&Plan>> = BTreeMap::new();
    for plan in &project.plans {
        if plan.scenario == Scenario::OddVersion {
            continue;
        }
        let path = path_of(project, plan);
        let root = repository_root(path).unwrap_or(path);
        by_root.entry(root).or_default().push(plan);
    }
    let laid = by_root
        .into_iter()
        .map(|(root, plans)| sheet(project, root, &plans));
    laid.filter(|sheet| {
        !sheet.images.is_empty() || !sheet.unknowns.is_empty() || !sheet.faults.is_empty()
    })
    .collect()
}

fn sheet<'p>(project: &'p Project, root: &str, plans: &[&'p Plan]) -> Sheet<'p> {
    let mut events: Vec<Event> = Vec::new();
    for plan in plans {
        let event = Event::of(plan);
        if !events.contains(&event) {
            events.push(event);
        }
    }
    // An image whose name is not known is nobody's but its own definition's.
    let mut images: BTreeMap<(&str, Option<&str>), Vec<Push<'p>>> = BTreeMap::new();
    for plan in plans {
        let path = path_of(project, plan);
        for publication in &plan.publications {
            let Some(build) = plan.builds.get(publication.build) else {
                continue;
            };
            let key = publication.image_key.as_str();
            let own = key.contains("{?}").then_some(path);
            images.entry((key, own)).or_default().push(Push {
                plan,
                publication,
                build,
            });
        }
    }
    let images = images.into_iter();
    let mut sheet = Sheet {
        root: root.trim_end_matches('/').to_owned(),
        images: images
            .map(|((image, _), pushes)| matrix(project, image, &events, pushes))
            .collect(),
        silent: silent(project, plans),
        faults: Vec::new(),
        unknowns: Vec::new(),
        opaque: plans.iter().any(|plan| plan.opaque),
    };
    for plan in plans {
        sheet
            .faults
            .extend(plan.faults.iter().map(|(text, at)| Said {
                path: project.path(*at).to_owned(),
                line: line(project, *at),
                what: String::new(),
                text: text.clone(),
            }));
        sheet
            .unknowns
            .extend(plan.unknowns.iter().map(|unknown| Said {
                path: project.path(unknown.at).to_owned(),
                line: line(project, unknown.at),
                what: unknown.what.clone(),
                text: unknown.reason.clone(),
            }));
    }
    for list in [&mut sheet.faults, &mut sheet.unknowns] {
        list.sort();
        list.dedup();
    }
    sheet
}

/// Definitions that publish something, with the events on which they do not.
fn silent(project: &Project, plans: &[&Plan]) -> Vec<(String, Vec<String>)> {
    let mut by_path: BTreeMap<&str, Vec<&Plan>> = BTreeMap::new();
    for plan in plans {
        by_path
            .entry(path_of(project, plan))
            .or_default()
            .push(plan);
    }
    let publishes = |plans: &[&Plan]| plans.iter().any(|plan| !plan.publications.is_empty());
    by_path
        .into_iter()
        .filter(|(_, plans)| publishes(plans))
        .filter_map(|(path, plans)| {
            let all: Vec<Event> = plans.iter().map(|plan| Event::of(plan)).collect();
            let quiet = plans.iter().filter(|plan| plan.publications.is_empty());
            let titles: Vec<String> = quiet.map(|plan| Event::of(plan).title(&all)).collect();
            (!titles.is_empty()).then(|| (path.to_owned(), titles))
        })
        .collect()
}

/// The variant that a build makes: the affix of the full version that it pushes, else its own name.
fn variant(pushes: &[Push<'_>], build: &Build) -> (bool, String, Option<Affix>) {
    let own = pushes.iter().filter(|push| push.build.same_run(build));
    for push in own {
        let Some(version) = push.plan.version() else {
            continue;
        };
        if let Some(read) = version_tag(&push.publication.tag, &version)
            && read.form == Form::Full
        {
            let name = read.affix.name();
            return (!read.affix.is_base(), name, Some(read.affix));
        }
    }
    (true, build.name(), None)
}

/// The tag without what the variant adds to it.
fn without<'t>(tag: &'t str, affix: Option<&Affix>) -> &'t str {
    let Some(affix) = affix.filter(|affix| !affix.is_base()) else {
        return tag;
    };
    if affix.channel_names("latest").iter().any(|name| name == tag) {
        return "latest";
    }
    let inner = tag.strip_prefix(&affix.prefix);
    let inner = inner.and_then(|rest| rest.strip_suffix(affix.suffix.as_str()));
    inner.filter(|rest| !rest.is_empty()).unwrap_or(tag)
}

/// What a row is, and where it stands among the others.
fn rank(name: &str, version: Option<&str>) -> (Kind, usize) {
    if let Some(read) = version.and_then(|version| version_tag(name, version)) {
        let place = match read.form {
            Form::Full => 0,
            Form::Minor => 1,
            Form::Major => 2,
        };
        return (Kind::Version, place);
    }
    match Tag::parse(name) {
        Tag::Channel { .. } => (Kind::Channel, usize::from(name != "latest")),
        Tag::Version { .. } => (Kind::Version, 3),
        _ => (Kind::Other, 0),
    }
}

fn matrix<'p>(
    project: &'p Project,
    image: &str,
    all: &[Event],
    pushes: Vec<Push<'p>>,
) -> Matrix<'p> {
    let mut variants: Vec<(bool, String)> = Vec::new();
    let mut columns: Vec<Column<'p>> = Vec::new();
    for push in &pushes {
        if columns.iter().any(|(known, ..)| known.same_run(push.build)) {
            continue;
        }
        let (rest, name, affix) = variant(&pushes, push.build);
        if !variants.iter().any(|(_, known)| *known == name) {
            variants.push((rest, name.clone()));
        }
        columns.push((push.build, name, affix));
    }
    variants.sort();
    let variants: Vec<String> = variants.into_iter().map(|(_, name)| name).collect();
    let mut groups: Vec<Vec<Push<'p>>> = Vec::new();
    for push in pushes {
        let same = |group: &&mut Vec<Push<'_>>| {
            group.first().is_some_and(|first| {
                Event::of(first.plan) == Event::of(push.plan)
                    && (starts_all(&push.plan.event) || first.plan.file == push.plan.file)
            })
        };
        match groups.iter_mut().find(same) {
            Some(group) => group.push(push),
            None => groups.push(vec![push]),
        }
    }
    groups.sort_by_key(|group| group.first().map(|push| push.plan.scenario));
    let blocks = groups
        .iter()
        .filter_map(|group| block(project, group, all, &variants, &columns));
    Matrix {
        image: image.to_owned(),
        events: blocks.collect(),
        variants,
    }
}

fn block<'p>(
    project: &'p Project,
    pushes: &[Push<'p>],
    all: &[Event],
    variants: &[String],
    columns: &[Column<'_>],
) -> Option<Block<'p>> {
    let plan = pushes.first()?.plan;
    let version = plan.version();
    let mut rows: BTreeMap<((Kind, usize), &str), Cells<'p>> = BTreeMap::new();
    let mut publishers: Vec<Publisher<'p>> = Vec::new();
    for push in pushes {
        let tag = push.publication.tag_key.as_str();
        let of_build = columns
            .iter()
            .find(|(known, ..)| known.same_run(push.build));
        let (_, name, affix) = of_build?;
        let row = without(tag, affix.as_ref());
        let key = (rank(row, version.as_deref()), row);
        let cells = rows
            .entry(key)
            .or_insert_with(|| variants.iter().map(|_| Vec::new()).collect());
        let at = variants.iter().position(|known| known == name);
        if let Some(cell) = at.and_then(|at| cells.get_mut(at)) {
            match cell.iter_mut().find(|chip| chip.tag == tag) {
                Some(chip) => chip.certain |= push.publication.certain,
                None => cell.push(Chip {
                    tag,
                    certain: push.publication.certain,
                    builds: builds(pushes, push),
                }),
            }
        }
        let own = publishers.iter_mut().find(|known| {
            known.build.same_run(push.build) && known.path == project.path(push.build.at)
        });
        let pair = (tag, push.publication.certain);
        match own {
            Some(known) if known.tags.contains(&pair) => {}
            Some(known) => known.tags.push(pair),
            None => publishers.push(Publisher {
                build: push.build,
                path: project.path(push.build.at),
                line: line(project, push.build.at),
                tags: vec![pair],
            }),
        }
    }
    let rows = rows.into_iter().map(|(((kind, _), name), cells)| Row {
        name: name.to_owned(),
        kind,
        cells,
    });
    let rows: Vec<Row<'p>> = rows.collect();
    let place = |tag: &str| {
        let mut chips = rows.iter().map(|row| row.cells.iter().flatten());
        chips.position(|mut row| row.any(|chip| chip.tag == tag))
    };
    for publisher in &mut publishers {
        publisher.tags.sort_by_key(|(tag, _)| place(tag));
    }
    Some(Block {
        title: Event::of(plan).title(all),
        event: &plan.event,
        rows,
        publishers,
    })
}

/// How many builds push the same tag: those that join the same images count as one.
fn builds(pushes: &[Push<'_>], push: &Push<'_>) -> usize {
    if !push.publication.is_comparable() {
        return 1;
    }
    let mut others: Vec<&Build> = Vec::new();
    for other in pushes {
        let build = other.build;
        let same = other.publication.tag_key == push.publication.tag_key;
        let known = |known: &&Build| known.same_run(build) || known.joins_the_same(build);
        if same && !others.iter().any(known) {
            others.push(build);
        }
    }
    others.len()
}
