//! What several files together deploy: overlays over their bases, values over their charts.
//!
//! Each file is read by itself first. Here, what the files of a run say is joined; no further file
//! is read.

use std::collections::HashSet;

use super::kustomize::resolve::Uses;
use super::kustomize::tree::Tree;
use super::{helm, kustomize};
use crate::facts::ImageUse;
use crate::source::Place;

/// What one file says of how others are deployed.
#[derive(Debug, Default)]
pub struct Notes {
    /// Of kustomizations, and of the objects that these take up.
    pub kustomize: kustomize::Notes,
    /// Of charts and their values, which most files say nothing of.
    pub helm: Option<Box<helm::Notes>>,
}

impl Notes {
    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.kustomize.is_empty() && self.helm.is_none()
    }
}

/// What the files of a run deploy together.
#[derive(Debug, Default)]
pub struct Deployed {
    /// Places of image uses that are not judged by themselves: other files decide over them.
    pub governed: HashSet<Place>,
    /// What is run in their stead, once for each root that deploys it.
    pub uses: Vec<ImageUse>,
    /// What kustomize refuses, and where.
    pub faults: Vec<(String, Place)>,
}

/// Joins the files of a run: all paths, what some of them say, and the images in them.
#[must_use]
pub fn deploy(paths: &[&str], notes: &[(&str, &Notes)], uses: &[ImageUse]) -> Deployed {
    let by_place: Uses<'_> = uses.iter().map(|found| (found.at, found)).collect();
    let of_kustomize: Vec<_> = notes
        .iter()
        .map(|(path, notes)| (*path, &notes.kustomize))
        .collect();
    let tree = Tree::new(paths, &of_kustomize);
    let mut deployed = Deployed::default();
    kustomize::resolve::resolve(&tree, &by_place, &mut deployed);
    let of_helm: Vec<_> = notes
        .iter()
        .filter_map(|(path, notes)| Some((*path, notes.helm.as_deref()?)))
        .collect();
    helm::resolve::resolve(&tree, &of_helm, &by_place, &mut deployed);
    deployed
}
