//! `only` and `except`: refs, variables and changes.

use super::expression;
use super::rules::Asked;
use crate::eval::value::Truth;
use crate::formats::ci::event::Kind;
use crate::formats::ci::tree::Tree;

/// Whether `only` and `except` of a job let it run.
#[must_use]
pub fn admit(asked: &Asked<'_>, job: &Tree) -> Truth {
    let only = match job.get("only") {
        Some(only) => parts(asked, only, true),
        None => Truth::from(default(asked)),
    };
    let except = match job.get("except") {
        Some(except) => parts(asked, except, false),
        None => Truth::False,
    };
    only.and(!except)
}

/// Without `only`, a job runs for branches and git tags.
fn default(asked: &Asked<'_>) -> bool {
    asked.event.kind != Kind::PullRequest
}

/// `only` asks for all of its parts, `except` for any.
fn parts(asked: &Asked<'_>, tree: &Tree, all: bool) -> Truth {
    let Tree::Mapping(pairs, _) = tree else {
        return Truth::from(refs(asked, tree));
    };
    let mut truths = Vec::new();
    for (key, value) in pairs {
        truths.push(match key.text.as_str() {
            "refs" => Truth::from(refs(asked, value)),
            "variables" => value
                .texts()
                .map(|text| expression::holds(text, asked.lookup, asked.unknowns))
                .fold(Truth::False, Truth::or),
            "changes" => asked.changes(value),
            _ => continue,
        });
    }
    if all && tree.get("refs").is_none() {
        truths.push(Truth::from(default(asked)));
    }
    if all {
        truths.into_iter().fold(Truth::True, Truth::and)
    } else {
        truths.into_iter().fold(Truth::False, Truth::or)
    }
}

fn refs(asked: &Asked<'_>, list: &Tree) -> bool {
    let event = asked.event;
    let merge = event.kind == Kind::PullRequest;
    let tag = event.tag();
    let name = tag.or_else(|| event.branch().filter(|_| !merge));
    list.texts().any(|text| {
        let own = text.split('@').next().unwrap_or(text);
        match text {
            "branches" => !merge && tag.is_none(),
            "tags" => tag.is_some(),
            "merge_requests" => merge,
            "pushes" => matches!(event.kind, Kind::Branch | Kind::Tag | Kind::Release),
            "schedules" => event.kind == Kind::Schedule,
            "web" => event.kind == Kind::Manual,
            "api" | "triggers" | "pipelines" | "chat" | "external" | "external_pull_requests" => {
                false
            }
            _ if text.starts_with('/') => {
                let end = text.rfind("/@").map_or(text.len(), |at| at + 1);
                let pattern = text.get(..end).unwrap_or(text);
                name.is_some_and(|name| expression::matches(pattern, name) == Some(true))
            }
            _ => name == Some(own),
        }
    })
}
