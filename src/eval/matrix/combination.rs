//! Combinations of the axes: which are left by `exclude`, and what `include` adds to them.

use std::rc::Rc;

use super::axis::{Axis, Values};
use super::filter::{Filter, Include};
use super::name::Names;
use super::{Instance, Presence};
use crate::eval::unknown::Mark;
use crate::eval::value::{Object, Truth, Value};

/// A combination of the axes.
pub(super) struct Combination {
    axes: Rc<Object>,
    extras: Object,
    pub(super) presence: Presence,
}

/// The combination at this place, unless it is excluded. Later axes vary fastest.
pub(super) fn combination(
    place: usize,
    size: usize,
    axes: &[Axis<'_>],
    excluded: &[Filter],
    exclude_open: Option<Mark>,
) -> Option<Combination> {
    let mut values = Object::new();
    let mut presence = exclude_open.map_or(Presence::Certain, Presence::Maybe);
    let mut block = size;
    for axis in axes {
        let value = match &axis.values {
            Values::Known(known) => {
                block = block.checked_div(known.len())?;
                known.get(place.checked_div(block)? % known.len())?.clone()
            }
            Values::Unknown(mark) => {
                presence = Presence::Any(*mark);
                Value::Unknown(*mark)
            }
        };
        values.insert(axis.name, value);
    }
    let mut combination = Combination::new(values, presence);
    for filter in excluded {
        match (filter.matches(&combination.axes), presence) {
            (Truth::True, _) => return None,
            (Truth::Unknown(mark), Presence::Certain) => {
                combination.presence = Presence::Maybe(mark);
            }
            _ => {}
        }
    }
    Some(combination)
}

/// Adds each `include` to the combinations that it fits, and as a job of its own where it fits none.
pub(super) fn include_all(
    mut combinations: Vec<Combination>,
    included: Vec<Include>,
    open: Option<Mark>,
) -> Vec<Combination> {
    let mut own = Vec::new();
    let mut unknown_jobs = open;
    for include in included {
        let (filter, extras) = match include {
            Include::Known(filter, extras) => (filter, extras),
            Include::Unknown(mark) => {
                unknown_jobs = unknown_jobs.or(Some(mark));
                for combination in &mut combinations {
                    combination.hide_extras(mark);
                }
                continue;
            }
        };
        let mut matched = Truth::False;
        for combination in &mut combinations {
            let fits = filter.matches(&combination.axes);
            combination.add(&extras, fits);
            matched = matched.or(match combination.doubt() {
                None => fits,
                Some(mark) => fits.and(Truth::Unknown(mark)),
            });
        }
        let presence = match matched {
            Truth::True => continue,
            Truth::False => Presence::Certain,
            Truth::Unknown(mark) => Presence::Maybe(mark),
        };
        let mut values = filter.into_values();
        for (name, value) in extras.iter() {
            values.insert(name, value.clone());
        }
        own.push(Combination::new(values, presence));
    }
    if let Some(mark) = open {
        for combination in &mut combinations {
            combination.hide_extras(mark);
        }
    }
    if let Some(mark) = unknown_jobs {
        own.push(Combination::new(Object::open(mark), Presence::Any(mark)));
    }
    combinations.append(&mut own);
    combinations
}

impl Combination {
    fn new(values: Object, presence: Presence) -> Self {
        Self {
            axes: Rc::new(values),
            extras: Object::new(),
            presence,
        }
    }

    /// Why it is not certain that it is one job.
    pub(super) fn doubt(&self) -> Option<Mark> {
        match self.presence {
            Presence::Certain => None,
            Presence::Maybe(mark) | Presence::Any(mark) => Some(mark),
        }
    }

    /// Adds what an `include` brings: later ones overwrite what earlier ones added.
    fn add(&mut self, extras: &Object, fits: Truth) {
        for (name, value) in extras.iter() {
            match fits {
                Truth::True => self.extras.insert(name, value.clone()),
                Truth::Unknown(mark) => self.extras.insert(name, Value::Unknown(mark)),
                Truth::False => {}
            }
        }
    }

    /// An unknown `include` may have added anything and overwritten all that is there.
    fn hide_extras(&mut self, mark: Mark) {
        let names: Vec<String> = self
            .extras
            .iter()
            .map(|(name, _)| name.to_owned())
            .collect();
        for name in names {
            self.extras.insert(name, Value::Unknown(mark));
        }
        self.extras.open = Some(mark);
    }

    /// The job that it is. Only the axes show in its name.
    pub(super) fn named(self, names: &mut Names) -> Instance {
        let (id, name_suffix) = names.name(&self.axes);
        let mut values = Rc::unwrap_or_clone(self.axes);
        values.open = values.open.or(self.extras.open);
        for (name, value) in self.extras.iter() {
            values.insert(name, value.clone());
        }
        Instance {
            values,
            id,
            name_suffix,
            presence: self.presence,
        }
    }
}
