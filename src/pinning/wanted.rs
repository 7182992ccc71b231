//! Which references are to be changed.

use std::collections::HashSet;

use super::Bound;
use crate::facts::{ImageUse, Resolved};
use crate::image::{ImageRef, Pin};
use crate::policy::{Affix, Pattern, Requirement, Scheme};
use crate::project::Project;

/// What is wanted of references.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// The version that they stand for now.
    Pin {
        /// The digest as well, also of references that name a version already.
        digest: bool,
        /// Parts of a version count as floating.
        partial: bool,
    },
    /// A newer version of the same variant.
    Update(Bound),
    /// A tag in place of a digest.
    Unpin,
}

/// Which references are looked at.
#[derive(Debug, Default)]
pub struct Scope {
    /// Those of every environment, and not only where a version is asked for.
    pub everywhere: bool,
    /// Only these images; all where there are none.
    pub images: Vec<Pattern>,
}

/// A reference that is to be changed.
#[derive(Debug, Clone)]
pub struct Task<'p> {
    /// Where it stands.
    pub found: &'p ImageUse,
    /// The reference.
    pub image: &'p ImageRef,
    /// The variant of its tag, where a policy declares which that is.
    pub variant: Option<Affix>,
}

/// The references that a goal is about, each place once, in the order of the files.
#[must_use]
pub fn tasks<'p>(project: &'p Project, goal: Goal, scope: &Scope) -> Vec<Task<'p>> {
    let mut places = HashSet::new();
    let mut tasks: Vec<Task<'p>> = project
        .judged()
        .filter(|found| !found.built_here && !found.replaced && !project.is_refused(found.at.file))
        .filter(|found| scope.everywhere || found.asked() >= Requirement::Partial)
        .filter_map(|found| match &found.resolved {
            Resolved::Reference(image) => Some(Task {
                found,
                image,
                variant: declared_variant(project, found, image),
            }),
            Resolved::Invalid(_) | Resolved::Unresolved(_) => None,
        })
        .filter(|task| is_meant(goal, task.image))
        .filter(|task| {
            let mut globs = scope.images.iter();
            scope.images.is_empty() || globs.any(|glob| glob.matches_image(task.image.name()))
        })
        .filter(|task| places.insert(task.found.at))
        .collect();
    tasks.sort_by_key(|task| task.found.at);
    tasks
}

/// The variant whose channel a reference names, by the scheme that a policy declares.
fn declared_variant(project: &Project, found: &ImageUse, image: &ImageRef) -> Option<Affix> {
    let declared = project.declared(found.at.file, image.name())?;
    if declared.variants.is_empty() {
        return None;
    }
    let scheme = Scheme::default().with_declared(Some(declared));
    let tag = image.tag().unwrap_or("latest");
    scheme.variant_of_release_channel(tag).cloned()
}

fn is_meant(goal: Goal, image: &ImageRef) -> bool {
    match (goal, Pin::of(image)) {
        (Goal::Pin { .. }, Pin::Channel | Pin::Untagged) => true,
        (Goal::Pin { digest, partial }, Pin::Partial) => digest || partial,
        (Goal::Pin { digest, .. }, pin) => digest && pin != Pin::Digest,
        (Goal::Update(_), Pin::Version) => true,
        // A digest beside a version follows it.
        (Goal::Update(_), Pin::Digest) => image.tag().is_some(),
        (Goal::Update(_), _) => false,
        (Goal::Unpin, pin) => pin == Pin::Digest,
    }
}
