//! Conditions of pipelines and steps: `trigger`, `when`.

use globset::{GlobBuilder, GlobMatcher};

use super::definition::System;
use crate::eval::memo::Memo;
use crate::eval::unknown::Unknowns;
use crate::eval::value::Truth;
use crate::formats::ci::event::{Event, Kind};
use crate::formats::ci::text::Text;
use crate::formats::ci::tree::{Template, Tree};
use crate::source::{FileId, Place};

/// What conditions are asked about.
pub struct Asked<'a> {
    /// The system that asks.
    pub system: System,
    /// The file of the conditions.
    pub file: FileId,
    /// What happens.
    pub event: &'a Event,
    /// `OWNER/NAME`, where it is known.
    pub repository: Option<&'a str>,
    /// The values of the matrix.
    pub matrix: &'a [(String, String)],
    /// Where unknowns are noted.
    pub unknowns: &'a Unknowns,
    /// A scalar with its variables replaced.
    pub text: &'a dyn Fn(&Template) -> Text,
}

/// The system's name for what happens.
#[must_use]
pub fn event_name(system: System, kind: Kind) -> &'static str {
    match (kind, system) {
        (Kind::Branch, _) => "push",
        (Kind::Release, System::Woodpecker) => "release",
        (Kind::Tag | Kind::Release, _) => "tag",
        (Kind::PullRequest, _) => "pull_request",
        (Kind::Schedule, _) => "cron",
        (Kind::Manual, System::Drone) => "custom",
        (Kind::Manual, System::Woodpecker) => "manual",
    }
}

thread_local! {
    static GLOBS: Memo<String, Option<GlobMatcher>> = Memo::default();
}

/// Whether a glob pattern matches; `*` stays between slashes, `**` does not.
#[must_use]
pub fn glob(pattern: &str, text: &str) -> bool {
    let compiled = |pattern: &str| {
        let mut builder = GlobBuilder::new(pattern);
        let glob = builder.literal_separator(true).build();
        glob.ok().map(|glob| glob.compile_matcher())
    };
    match GLOBS.with(|known| known.of(pattern, pattern.len(), compiled)) {
        Some(glob) => glob.is_match(text),
        None => pattern == text,
    }
}

/// `include` and `exclude`.
struct List {
    include: Vec<String>,
    exclude: Vec<String>,
}

impl List {
    fn matches(&self, text: &str) -> bool {
        let hit = |patterns: &[String]| patterns.iter().any(|pattern| glob(pattern, text));
        !hit(&self.exclude) && (self.include.is_empty() || hit(&self.include))
    }
}

impl Asked<'_> {
    fn texts(&self, tree: &Tree) -> Vec<String> {
        let scalars = tree.items().iter().filter_map(Tree::scalar);
        scalars.map(|template| (self.text)(template).text).collect()
    }

    fn list(&self, tree: &Tree) -> List {
        let part = |name: &str| tree.get(name).map(|part| self.texts(part));
        List {
            include: part("include").unwrap_or_else(|| self.texts(tree)),
            exclude: part("exclude").unwrap_or_default(),
        }
    }

    /// Whether the conditions of a step or a pipeline hold. A list of them holds where one does.
    #[must_use]
    pub fn holds(&self, when: Option<&Tree>) -> Truth {
        match when {
            None => Truth::True,
            Some(Tree::Sequence(items, _)) if !items.is_empty() => items
                .iter()
                .map(|item| self.all(item))
                .fold(Truth::False, Truth::or),
            Some(when) => self.all(when),
        }
    }

    fn all(&self, when: &Tree) -> Truth {
        let each = when.pairs().iter();
        each.map(|(key, value)| self.one(key, value))
            .fold(Truth::True, Truth::and)
    }

    fn one(&self, key: &Template, value: &Tree) -> Truth {
        let event = self.event;
        let name = event_name(self.system, event.kind);
        let woodpecker = self.system == System::Woodpecker;
        let list = || self.list(value);
        let holds = match key.text.as_str() {
            "event" => list().matches(name),
            "ref" => list().matches(&event.reference),
            // A git tag belongs to no branch: Woodpecker does not ask, Drone finds none.
            "branch" if event.tag().is_some() => woodpecker || list().matches(""),
            "branch" => list().matches(event.branch().unwrap_or_default()),
            "tag" => list().matches(event.tag().unwrap_or_default()),
            "repo" => match self.repository {
                Some(repository) => list().matches(repository),
                // What a pipeline names as its repository is taken to be this one.
                None => list().exclude.is_empty(),
            },
            // One of the named clocks is meant.
            "cron" if event.kind == Kind::Schedule => true,
            "cron" => woodpecker || list().matches(""),
            "status" => {
                let list = list();
                list.include.is_empty() && list.exclude.iter().all(|s| s != "success")
                    || list.include.iter().any(|s| s == "success")
            }
            "matrix" => self.matrix(value),
            // Deployments are no events of this list.
            "target" | "environment" if !woodpecker => list().matches(""),
            "evaluate" => return self.evaluate(value),
            // What a change touches, and where it runs, is taken to fit.
            _ => true,
        };
        Truth::from(holds)
    }

    fn matrix(&self, value: &Tree) -> bool {
        let value_of = |name: &str| {
            let mut matrix = self.matrix.iter();
            matrix.find(|(own, _)| own == name).map(|(_, v)| v.as_str())
        };
        let fits = |tree: &Tree| {
            tree.pairs().iter().all(|(name, wanted)| {
                let wanted = self.texts(wanted);
                let value = value_of(&name.text).unwrap_or_default();
                wanted.iter().any(|pattern| glob(pattern, value))
            })
        };
        match (value.get("include"), value.get("exclude")) {
            (None, None) => fits(value),
            (include, exclude) => {
                let out = exclude.is_some_and(|tree| !tree.pairs().is_empty() && fits(tree));
                !out && include.is_none_or(fits)
            }
        }
    }

    fn evaluate(&self, value: &Tree) -> Truth {
        let Some(template) = value.scalar() else {
            return Truth::True;
        };
        let place = Place {
            file: self.file,
            span: template.span,
        };
        let reason = "`evaluate` expressions are not evaluated";
        let what = format!("`{}`", template.text);
        Truth::Unknown(self.unknowns.note_at(what, reason, Some(place)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_stop_at_slashes() {
        for (pattern, text, wanted) in [
            ("refs/tags/**", "refs/tags/app/v1", true),
            ("refs/tags/*", "refs/tags/app/v1", false),
            ("feature/*", "feature/x", true),
            ("{main,master}", "master", true),
            ("v[0-9]*", "v1.2.3", true),
            ("main", "main2", false),
        ] {
            assert_eq!(glob(pattern, text), wanted, "{pattern} {text}");
        }
    }
}
