//! Which policy governs which file, and what follows from it: environments of image uses, schemes
//! of images, levels of rules, exceptions.

use std::collections::HashMap;
use std::sync::OnceLock;

use jiff::civil::Date;

use super::{Project, ResolvedImage};
use crate::facts::{ImageUse, Resolved};
use crate::image::ImageRef;
use crate::policy::{Allow, Declared, Level, Policy, Reason, Scheme};
use crate::source::{FileId, Place};

/// The policies of a run, and the day that it takes place on.
#[derive(Debug, Clone, Default)]
pub struct Policies {
    /// Those that are sound.
    pub sound: Vec<Policy>,
    /// What governs each file, by its id; files beyond the end are governed by nothing.
    pub governed: Vec<Governed>,
    /// The day against which exceptions expire; without one, none does.
    pub today: Option<Date>,
}

/// What governs a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Governed {
    /// No policy.
    #[default]
    Nobody,
    /// A policy that is refused: nothing is said of the file until it is mended.
    Refused,
    /// A sound policy.
    By {
        /// Index in [`Policies::sound`].
        policy: usize,
        /// The file's path from the policy's folder, where it lies below.
        inside: Option<String>,
    },
}

impl Policies {
    fn of(&self, file: FileId) -> &Governed {
        let governed = self.governed.get(file.0 as usize);
        governed.unwrap_or(&Governed::Nobody)
    }
}

impl Project {
    /// The policy that governs a file.
    #[must_use]
    pub fn policy(&self, file: FileId) -> Option<&Policy> {
        match self.policies.of(file) {
            Governed::By { policy, .. } => self.policies.sound.get(*policy),
            Governed::Nobody | Governed::Refused => None,
        }
    }

    /// Whether a file's policy is refused, so that nothing can be said of the file.
    #[must_use]
    pub fn is_refused(&self, file: FileId) -> bool {
        *self.policies.of(file) == Governed::Refused
    }

    /// Whether any policy is refused.
    #[must_use]
    pub fn has_refused_policy(&self) -> bool {
        let mut faults = self.faults.iter();
        faults.any(|fault| fault.rule == "invalid-policy")
    }

    /// A file's path from the folder of its policy.
    fn inside(&self, file: FileId) -> Option<&str> {
        match self.policies.of(file) {
            Governed::By { inside, .. } => inside.as_deref(),
            Governed::Nobody | Governed::Refused => None,
        }
    }

    /// The level that a file's policy gives a rule. A policy that asks for digests somewhere turns
    /// on the rule that reports them, see [`Project::only_where_required`].
    #[must_use]
    pub fn policy_level(&self, file: FileId, rule: &str) -> Option<Level> {
        let policy = self.policy(file)?;
        let implied = || {
            self.only_where_required(file, rule)
                .then_some(Level::Warning)
        };
        policy.level(rule).or_else(implied)
    }

    /// Whether a rule about digests is on only because an environment asks for them.
    #[must_use]
    pub fn only_where_required(&self, file: FileId, rule: &str) -> bool {
        self.policy(file).is_some_and(|policy| {
            rule == "unpinned-digest" && policy.level(rule).is_none() && policy.requires_digests()
        })
    }

    /// Lets the policies speak of every image use: what it deploys to, before what files say by
    /// themselves; what nothing marks; and what is asked of it. Where other files have a part in
    /// running it, the one that deploys it is asked first.
    pub fn resolve_environments(&mut self) {
        if self.policies.sound.is_empty() {
            return;
        }
        self.judged = OnceLock::new();
        let mut by_path: HashMap<&str, FileId> = HashMap::new();
        for (source, file) in self.sources.iter().zip(0..) {
            by_path.entry(source.path()).or_insert(FileId(file));
        }
        let judge = |found: &ImageUse| {
            let deploying = found.deployment.as_ref().map(|by| by.root.as_str());
            let deploying = deploying.or(found.loaded_by.as_deref());
            let deploying = deploying.and_then(|path| by_path.get(path).copied());
            let asked = [deploying, Some(found.at.file)];
            let asked = || asked.into_iter().flatten();
            let settled = matches!(found.environment_reason, Reason::Policy { .. });
            let asked_of = |file: &FileId| !settled && self.policy(*file).is_some();
            let said = asked().filter(asked_of).find_map(|file| {
                let policy = self.policy(file)?;
                policy.environment(self.inside(file), &found.evidence)
            });
            let mut policies = asked().filter_map(|file| self.policy(file));
            let policy = policies.next();
            let silent = matches!(found.environment_reason, Reason::Nothing | Reason::Presumed);
            let unmarked = || policy.filter(|_| silent)?.unmarked();
            let decided = said.or_else(unmarked);
            let environment = decided
                .as_ref()
                .map_or(found.environment, |(environment, _)| *environment);
            (decided, policy.and_then(|one| one.requirement(environment)))
        };
        let of = |uses: &[ImageUse]| uses.iter().map(judge).collect::<Vec<_>>();
        let (alone, deployed) = (of(&self.uses), of(&self.deployed));
        let uses = self.uses.iter_mut().zip(alone);
        for (found, (decided, requirement)) in uses.chain(self.deployed.iter_mut().zip(deployed)) {
            if let Some((environment, reason)) = decided {
                (found.environment, found.environment_reason) = (environment, reason);
            }
            found.requirement = requirement;
        }
    }

    /// What the policy of a file declares for an image.
    #[must_use]
    pub fn declared(&self, file: FileId, image: &str) -> Option<Declared> {
        self.policy(file)?.declared(image)
    }

    /// The images that CI publishes by their full names, those aside of which not everything is
    /// known.
    #[must_use]
    pub fn published<'i, 'p>(
        &self,
        images: &'i [ResolvedImage<'p>],
    ) -> HashMap<String, &'i ResolvedImage<'p>> {
        let known = images.iter().filter(|image| !image.opaque);
        let named = known.filter_map(|image| {
            let name = ImageRef::parse_normalized(&image.name).ok()?;
            Some((name.name().to_owned(), image))
        });
        named.collect()
    }

    /// The scheme of the image that something runs: as its policy declares, or as the plan of the
    /// same run shows.
    #[must_use]
    pub fn scheme_of(
        &self,
        found: &ImageUse,
        published: &HashMap<String, &ResolvedImage<'_>>,
    ) -> Option<Scheme> {
        let Resolved::Reference(reference) = &found.resolved else {
            return None;
        };
        let published = published.get(reference.normalized_repository().name());
        let published = published.map(|image| image.scheme.clone());
        match self.declared(found.at.file, reference.name()) {
            None => published,
            declared => Some(published.unwrap_or_default().with_declared(declared)),
        }
    }

    /// The exception that covers a finding: by its rule, its place, and the image that it is about.
    #[must_use]
    pub fn exception(&self, rule: &str, at: Place, image: Option<&str>) -> Option<&Allow> {
        let policy = self.policy(at.file)?;
        if policy.allow.is_empty() {
            return None;
        }
        let mut images: Vec<&str> = image.into_iter().collect();
        let resolved = self.used_at(at).and_then(|found| match &found.resolved {
            Resolved::Reference(reference) => Some(reference.to_string()),
            Resolved::Invalid(_) | Resolved::Unresolved(_) => None,
        });
        images.extend(resolved.as_deref());
        let holds = |allow: &&Allow| {
            let expired = self
                .policies
                .today
                .is_some_and(|today| allow.is_expired(today));
            !expired && allow.covers(rule, self.inside(at.file), &images)
        };
        policy.allow.iter().find(holds)
    }
}
