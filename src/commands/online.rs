//! `check --online`: what the registry says a floating reference stands for, as the fix of the finding
//! about it.

use std::collections::HashMap;
use std::sync::Mutex;

use super::check::Looked;
use super::registry;
use crate::cli::CheckArgs;
use crate::discover::DiscoverError;
use crate::finding::{Applicability, Finding};
use crate::fix;
use crate::pinning::{self, Goal, Scope, Task};
use crate::registry::{Answer, Resolver};
use crate::source::Place;

/// The rules whose findings are mended by a version.
const RULES: [&str; 3] = ["floating-tag", "untagged-image", "partial-version"];

const GOAL: Goal = Goal::Pin {
    digest: false,
    partial: true,
};

/// Asks registries about findings; what was asked once is known in later rounds.
pub struct Online(Mutex<Resolver>);

impl Online {
    /// Where the command line asks for it.
    ///
    /// # Errors
    /// The client cannot be set up.
    pub fn of(args: &CheckArgs) -> Result<Option<Self>, String> {
        if !args.online {
            return Ok(None);
        }
        let client = registry::client(&args.registry)?;
        Ok(Some(Self(Mutex::new(Resolver::new(client, GOAL)))))
    }

    /// Gives each finding about a floating reference the version that it stands for now. A registry
    /// that cannot be asked is an error of the run.
    pub fn propose(&self, looked: &mut Looked) {
        let Ok(mut resolver) = self.0.lock() else {
            return;
        };
        let everything = Scope {
            everywhere: true,
            ..Scope::default()
        };
        let project = &looked.loaded.project;
        let tasks = pinning::tasks(project, GOAL, &everything);
        let tasks: HashMap<Place, Task<'_>> = tasks
            .into_iter()
            .map(|task| (task.found.at, task))
            .collect();
        let mut places = Vec::new();
        let mut proposed: Vec<Finding> = Vec::new();
        for (index, finding) in looked.findings.iter().enumerate() {
            let Some(task) = tasks
                .get(&finding.at)
                .filter(|_| RULES.contains(&finding.rule))
            else {
                continue;
            };
            let image = task.image.familiar();
            let mut own = finding.clone();
            match resolver.answer(task) {
                Answer::As(pinned) => {
                    let new = pinned.of(task.image.familiar_name());
                    own.notes.push(format!(
                        "the registry has `{new}` under the same digest now"
                    ));
                    if let Ok(edit) = pinning::edit(project, task, &pinned) {
                        // Whoever writes `1.27` may want what moves within that line.
                        let applicability = match finding.rule {
                            "partial-version" => Applicability::Unsafe,
                            _ => Applicability::Safe,
                        };
                        own = own.fix(applicability, vec![edit]);
                    }
                }
                Answer::Good => {}
                Answer::None(reason) => {
                    own.notes.push(format!("`{image}`: {reason}"));
                    // What other files name is another image, as is known now.
                    own.fix = None;
                }
                Answer::Failed(reason) => {
                    let path = image;
                    looked.loaded.errors.push(DiscoverError { path, reason });
                }
            }
            if own.fix != finding.fix || own.notes != finding.notes {
                places.push(index);
                proposed.push(own);
            }
        }
        // What other rules proposed is spelled already, and must not be spelled twice.
        let (fresh, spelled): (Vec<_>, Vec<_>) =
            places.into_iter().zip(proposed).partition(|(index, own)| {
                looked
                    .findings
                    .get(*index)
                    .is_some_and(|old| old.fix != own.fix)
            });
        let (indexes, mut fresh): (Vec<usize>, Vec<Finding>) = fresh.into_iter().unzip();
        fix::settle(project, &mut fresh);
        for (index, own) in indexes.into_iter().zip(fresh).chain(spelled) {
            if let Some(finding) = looked.findings.get_mut(index) {
                *finding = own;
            }
        }
    }
}
