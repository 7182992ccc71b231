//! rlespinasse/github-slug-action: slugs and short forms of GitHub's own variables, for later steps.

use super::{input, value};
use crate::eval::unknown;
use crate::eval::value::{Object, Value};
use crate::formats::github::context::Frame;
use crate::formats::github::workflow::Step;
use crate::formats::github::world::{Effect, Run};

/// How long a slug is where the step does not say.
const LONGEST: usize = 63;

/// Runs the step.
pub fn run(run: &Run<'_>, step: &Step, frame: &Frame<'_>, written: &mut Object) -> Effect {
    let given = |name: &str| input(run, step, frame, name).map(|rendered| rendered.text);
    let prefix = given("prefix").unwrap_or_default().to_uppercase();
    let longest = match given("slug-maxlength").as_deref().map(str::trim) {
        None | Some("") => Some(Some(LONGEST)),
        Some("nolimit") => Some(None),
        Some(length) => length.parse().ok().map(Some),
    };
    let version = step.action_version().unwrap_or_default();
    let old = version.trim_start_matches('v').starts_with("3");
    let short = match given("short-length").as_deref().map(str::trim) {
        // Git decides, by the size of the repository; seven is where it starts.
        None | Some("") => Some(if old { 8 } else { 7 }),
        Some(length) => length.parse::<usize>().ok(),
    };
    let (Some(longest), Some(short)) = (longest, short) else {
        let mark = frame
            .unknowns
            .note("env", "the lengths that slugs get are not known");
        written.open = Some(mark);
        return Effect::Done(Object::default());
    };
    let github = |name: &str| match &frame.github {
        Value::Object(github) => github.property(name).to_text().to_string(),
        _ => String::new(),
    };
    let repository = github("repository");
    let (owner, name) = repository
        .split_once('/')
        .unwrap_or((&repository, &repository));
    let head = github("head_ref");
    let point = if head.is_empty() {
        github("ref_name")
    } else {
        head.clone()
    };
    let event = run.event.payload.get("ref").and_then(|own| own.as_str());
    for (key, text) in [
        ("GITHUB_REPOSITORY", repository.clone()),
        ("GITHUB_REPOSITORY_OWNER_PART", owner.to_owned()),
        ("GITHUB_REPOSITORY_NAME_PART", name.to_owned()),
        ("GITHUB_REF", github("ref")),
        ("GITHUB_REF_NAME", point.clone()),
        ("GITHUB_REF_POINT", point),
        ("GITHUB_HEAD_REF", head),
        ("GITHUB_BASE_REF", github("base_ref")),
        (
            "GITHUB_EVENT_REF",
            unknown::clean(event.unwrap_or_default()).into_owned(),
        ),
    ] {
        let mut set = |suffix: &str, text: Option<String>| {
            let name = format!("{prefix}{key}{suffix}");
            let text = text.unwrap_or_else(|| {
                let reason = "github-slug-action makes it of what is not known";
                let mark = frame.unknowns.note(name.as_str(), reason);
                mark.as_char().to_string()
            });
            written.insert(name, value(&text));
        };
        let lower = text.to_lowercase();
        set("_SLUG", slug(&lower, longest, false));
        set("_SLUG_CS", slug(&text, longest, false));
        set("_SLUG_URL", slug(&lower, longest, true));
        set("_SLUG_URL_CS", slug(&text, longest, true));
        set("", Some(text));
    }
    let pull = run.event.payload.pointer("/pull_request/head/sha");
    let pull = pull.and_then(|own| own.as_str()).unwrap_or_default();
    for (key, revision) in [
        ("GITHUB_SHA", run.event.sha.as_str()),
        ("GITHUB_EVENT_PULL_REQUEST_HEAD_SHA", pull),
    ] {
        let text: String = unknown::clean(revision).chars().take(short).collect();
        written.insert(format!("{prefix}{key}_SHORT"), value(&text));
    }
    Effect::Done(Object::default())
}

/// The slug of a text; nothing where it is not known, or where versions of the action differ.
fn slug(text: &str, longest: Option<usize>, url: bool) -> Option<String> {
    if !unknown::is_known(text) || (url && text.contains('_')) {
        return None;
    }
    let text = match text
        .strip_prefix("refs/")
        .and_then(|rest| rest.split_once('/'))
    {
        Some((_, name)) => name,
        None => text,
    };
    let mut out = String::new();
    for c in text.chars() {
        if c.is_ascii_alphanumeric() || c == '_' || (c == '.' && !url) {
            out.push(c);
        } else if !out.ends_with('-') {
            out.push('-');
        }
    }
    let out = out.trim_matches('-');
    let Some(longest) = longest.filter(|longest| out.len() > *longest) else {
        return Some(out.to_owned());
    };
    // Only later versions take away a dash that the cut leaves behind.
    let cut = out.get(..longest)?;
    (!cut.ends_with('-')).then(|| cut.to_owned())
}

#[cfg(test)]
mod tests {
    use super::slug;

    #[test]
    fn slugs_are_short_lower_case_and_without_odd_signs() {
        let table = [
            ("refs/heads/feat/New_Thing", false, Some("feat-New_Thing")),
            ("refs/tags/v1.2.3", false, Some("v1.2.3")),
            ("refs/tags/v1.2.3", true, Some("v1-2-3")),
            ("--a//b--", false, Some("a-b")),
            ("owner/app", false, Some("owner-app")),
            ("a_b", true, None),
        ];
        for (text, url, wanted) in table {
            assert_eq!(slug(text, Some(63), url).as_deref(), wanted, "{text}");
        }
        assert_eq!(slug("abcdef", Some(3), false).as_deref(), Some("abc"));
    }
}
