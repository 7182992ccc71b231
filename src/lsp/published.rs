//! What CI publishes, seen from the places that declare it.

use std::collections::BTreeMap;

use crate::facts::{Build, Plan, Publication, Scenario};
use crate::project::Project;
use crate::report::plan::Event;
use crate::source::{FileId, Place, Span};

/// A publication with its plan and build.
#[derive(Clone, Copy)]
pub struct Push<'p> {
    /// What is published on the event.
    pub plan: &'p Plan,
    /// The publication.
    pub publication: &'p Publication,
    /// The build that pushes it.
    pub build: &'p Build,
}

/// All publications, in the order of the plans.
pub fn pushes(project: &Project) -> impl Iterator<Item = Push<'_>> {
    let shown = |plan: &&Plan| plan.scenario != Scenario::OddVersion;
    project.plans.iter().filter(shown).flat_map(|plan| {
        plan.publications.iter().filter_map(move |publication| {
            let build = plan.builds.get(publication.build)?;
            Some(Push {
                plan,
                publication,
                build,
            })
        })
    })
}

/// What stands in a file, by the place that declares it.
pub fn declared_in(project: &Project, file: FileId) -> BTreeMap<Span, Vec<Push<'_>>> {
    let mut by_place: BTreeMap<Span, Vec<Push<'_>>> = BTreeMap::new();
    let own = pushes(project).filter(|push| push.publication.at.file == file);
    for push in own {
        by_place
            .entry(push.publication.at.span)
            .or_default()
            .push(push);
    }
    by_place
}

/// The tags of some publications, event by event, each tag once, with a mark where it is not certain
/// and the number of its builds where several push it.
pub fn by_event(pushes: &[Push<'_>]) -> Vec<(String, Vec<String>)> {
    let mut events: Vec<Event> = Vec::new();
    for push in pushes {
        let event = Event::of(push.plan);
        if !events.contains(&event) {
            events.push(event);
        }
    }
    events.sort_by_key(|event| event.scenario);
    let of = |event: &Event| {
        let own = pushes.iter().filter(|push| Event::of(push.plan) == *event);
        let mut tags: Vec<(&Publication, Vec<&Build>)> = Vec::new();
        for push in own {
            let (publication, build) = (push.publication, push.build);
            let same = |known: &Publication| {
                known.tag == publication.tag && known.image_key == publication.image_key
            };
            match tags.iter_mut().find(|(known, _)| same(known)) {
                Some((_, builds)) if builds.iter().any(|known| known.same_run(build)) => {}
                Some((_, builds)) => builds.push(build),
                None => tags.push((publication, vec![build])),
            }
        }
        let mut marked: Vec<String> = Vec::new();
        for (publication, builds) in tags {
            let doubt = if publication.certain { "" } else { "?" };
            let tag = match builds.len() {
                0 | 1 => format!("{}{doubt}", publication.tag),
                several => format!("{}{doubt} ×{several}", publication.tag),
            };
            if !marked.contains(&tag) {
                marked.push(tag);
            }
        }
        (event.title(&events), marked)
    };
    events.iter().map(of).collect()
}

/// The same as lines of Markdown, as far as people read.
pub fn table(pushes: &[Push<'_>]) -> String {
    const MOST: usize = 24;
    let mut text = String::new();
    for (event, tags) in by_event(pushes) {
        let shown: Vec<String> = tags.iter().take(MOST).map(|tag| code(tag)).collect();
        text.push_str(&format!("- {event}: {}", shown.join(", ")));
        if tags.len() > MOST {
            text.push_str(&format!(" and {} more", tags.len() - MOST));
        }
        text.push('\n');
    }
    text
}

/// A text between backticks, whatever is in it.
pub fn code(text: &str) -> String {
    let text = crate::report::harmless(text).replace(['\n', '\r'], " ");
    match text.contains('`') {
        true => format!("`` {text} ``"),
        false => format!("`{text}`"),
    }
}

/// The publication entries that a place lies in.
pub fn at(project: &Project, file: FileId, offset: usize) -> Option<(Span, Vec<Push<'_>>)> {
    let mut declared = declared_in(project, file).into_iter();
    declared.find(|(span, _)| span.start <= offset && offset <= span.end)
}

/// Whether a place holds an offset.
pub fn holds(place: Place, file: FileId, offset: usize) -> bool {
    place.file == file && place.span.start <= offset && offset <= place.span.end
}
