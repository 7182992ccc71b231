//! What rules judge: each image use where it is decided, once.

use std::collections::HashMap;

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
    #[must_use]
    pub fn judged(&self) -> &[ImageUse] {
        self.judged.get_or_init(|| self.judge())
    }

    fn judge(&self) -> Vec<ImageUse> {
        let alone = |found: &&ImageUse| !self.governed.contains(&found.at);
        let mut judged: Vec<ImageUse> = self.uses.iter().filter(alone).cloned().collect();
        let mut known: HashMap<(Place, &str), usize> = HashMap::new();
        for found in &self.deployed {
            let next = judged.len();
            let index = *known.entry((found.at, &found.written)).or_insert(next);
            match judged.get_mut(index) {
                Some(before) if weight(found.environment) < weight(before.environment) => {
                    *before = found.clone();
                }
                Some(_) => {}
                None => judged.push(found.clone()),
            }
        }
        judged
    }
}
