//! What rules judge: each image use where it is decided, once.

use std::collections::{HashMap, HashSet};

use super::Project;
use crate::facts::ImageUse;
use crate::policy::Environment;
use crate::source::Place;

/// How much it matters what is run there: the most first.
fn weight(environment: Environment) -> u8 {
    match environment {
        Environment::Production => 0,
        Environment::Unknown => 1,
        Environment::Staging | Environment::Development | Environment::Ci => 2,
    }
}

impl Project {
    /// Every image use as rules judge it: by itself where no other file decides over it, and else
    /// at the place that decides, as production has it if production is among those who run it.
    pub fn judged(&self) -> impl Iterator<Item = &ImageUse> {
        let judged = self.judged.get_or_init(|| self.judge());
        judged.iter().filter_map(|index| self.found(*index))
    }

    /// The image use of a number: those of single files come first.
    fn found(&self, index: usize) -> Option<&ImageUse> {
        let deployed = || self.deployed.get(index.checked_sub(self.uses.len())?);
        self.uses.get(index).or_else(deployed)
    }

    /// The image use at a place: that of the file itself, where others decide over it too.
    pub(super) fn used_at(&self, place: Place) -> Option<&ImageUse> {
        let places = self.used_at.get_or_init(|| {
            let uses = self.uses.iter().chain(&self.deployed);
            let mut places = HashMap::new();
            for (index, found) in uses.enumerate() {
                places.entry(found.at).or_insert(index);
            }
            places
        });
        self.found(*places.get(&place)?)
    }

    /// The numbers of what is judged.
    fn judge(&self) -> Vec<usize> {
        let alone = |(_, found): &(usize, &ImageUse)| !self.governed.contains(&found.at);
        let deployed: HashSet<Place> = self.deployed.iter().map(|found| found.at).collect();
        let uses = self.uses.iter().enumerate().filter(alone);
        let mut judged: Vec<usize> = Vec::new();
        let mut known: HashMap<(Place, &str), usize> = HashMap::new();
        for (index, found) in uses {
            if deployed.contains(&found.at) {
                known.insert((found.at, found.written.as_str()), judged.len());
            }
            judged.push(index);
        }
        for (found, index) in self.deployed.iter().zip(self.uses.len()..) {
            let next = judged.len();
            let at = *known.entry((found.at, &found.written)).or_insert(next);
            let before = judged.get(at).and_then(|before| self.found(*before));
            match (before, judged.get_mut(at)) {
                (Some(before), Some(judged))
                    if weight(found.environment) < weight(before.environment) =>
                {
                    *judged = index;
                }
                (Some(_), _) => {}
                (None, _) => judged.push(index),
            }
        }
        judged
    }
}
