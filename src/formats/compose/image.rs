//! What the text of an image comes to once its variables are replaced, and which of them its tag
//! rests on.

use super::super::uses::resolve;
use crate::eval::compose::interpolate::{Came, InterpolateError, Interpolated, Piece};
use crate::eval::unknown;
use crate::facts::{Gives, Resolved, UsedVariable};
use crate::image::Pin;
use crate::source::Place;

/// Longer templates are not interpolated: no reference is nearly as long.
const MAX_TEMPLATE: usize = 8 * 1024;

/// The template, unless it is too long or has no variables.
pub(super) fn bounded(template: &str) -> Option<&str> {
    (template.contains('$') && template.len() <= MAX_TEMPLATE).then_some(template)
}

/// What a text comes to. `done` is what its interpolation gave, where there was one; `place` says
/// where a variable is set.
pub(super) fn judged(
    written: &str,
    done: Option<Result<Interpolated, InterpolateError>>,
    place: &dyn Fn(&str) -> Option<Place>,
) -> (Resolved, Vec<UsedVariable>) {
    let done = match done {
        Some(Ok(done)) => done,
        Some(Err(InterpolateError::Required { name, .. })) => {
            return (Resolved::Unresolved(format!("${{{name}}}")), Vec::new());
        }
        Some(Err(error)) => return (Resolved::Invalid(error.to_string()), Vec::new()),
        None if written.len() > MAX_TEMPLATE => {
            let message = format!("it is longer than {MAX_TEMPLATE} bytes");
            return (Resolved::Invalid(message), Vec::new());
        }
        None => return (resolve(written), Vec::new()),
    };
    let variables = done.pieces.iter().map(|piece| UsedVariable {
        name: piece.variable.clone(),
        gives: gives(piece.came),
        in_tag: is_in_tag(&done.text, piece),
        at: place(&piece.variable),
    });
    let variables = variables.collect();
    let unset = done.variables(Came::Unset);
    let resolved = if !unset.is_empty() {
        Resolved::Unresolved(format!("${{{}}}", unset.join("}, ${")))
    } else if unknown::first_mark(&done.text).is_some() {
        Resolved::Unresolved(written.to_owned())
    } else if done.text.contains('$') {
        // `$$` leaves a dollar, which is no placeholder any more.
        Resolved::Invalid("it contains a `$`".to_owned())
    } else {
        resolve(&done.text)
    };
    (resolved, variables)
}

fn gives(came: Came) -> Gives {
    match came {
        Came::Set | Came::Alternative => Gives::Value,
        Came::Default => Gives::Default,
        Came::Unset | Came::Absent => Gives::Nothing,
    }
}

/// Whether the tag or digest rests on a piece. In a text that has none, what stands at its very end
/// could have been one; and where nothing stands, but the tag is pinned without it, it does not.
fn is_in_tag(text: &str, piece: &Piece) -> bool {
    let path = text.rfind('/').map_or(0, |at| at + 1);
    let name = text.get(path..).unwrap_or_default();
    let inside = match name.find([':', '@']) {
        Some(mark) => piece.range.end > path + mark,
        None => !name.is_empty() && piece.range.end == text.len(),
    };
    let pinned = || match resolve(name) {
        Resolved::Reference(image) => !matches!(Pin::of(&image), Pin::Channel | Pin::Untagged),
        Resolved::Invalid(_) | Resolved::Unresolved(_) => false,
    };
    inside && (gives(piece.came) != Gives::Nothing || !pinned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::compose::interpolate::interpolate;

    #[test]
    fn the_tag_rests_on_what_decides_it() {
        for (template, expected) in [
            ("app:${TAG}", "TAG"),
            ("app:${TAG}-slim", "TAG"),
            ("app:1.2.3${TAG}", ""),
            ("app:1.2.3${TAG:+-$TAG}", ""),
            ("app:latest${TAG}", "TAG"),
            ("app${TAG:+:$TAG}", "TAG"),
            ("${REGISTRY}/app:1.2.3", ""),
            ("${REGISTRY:-docker.io}/app:1.2.3", ""),
            ("${REGISTRY:-docker.io}/app:${TAG:-1}", "TAG"),
            ("${IMAGE:-app:1}", "IMAGE"),
            ("${IMAGE:-app}", "IMAGE"),
            ("${IMAGE:-app}:1", ""),
            ("${IMAGE}", ""),
            ("app@${DIGEST}", "DIGEST"),
            ("localhost:${PORT:-5000}/app:1", ""),
        ] {
            let done = interpolate(template, &|_| None);
            let (_, variables) = judged(template, Some(done), &|_| None);
            let in_tag = variables.iter().filter(|variable| variable.in_tag);
            let names: Vec<&str> = in_tag.map(|variable| variable.name.as_str()).collect();
            assert_eq!(names.join(" "), expected, "{template}");
        }
    }
}
