//! The tag that production runs is left to a variable without a value.

use super::{Check, Family, Reporter, Rule, pins, rule};
use crate::facts::{Gives, ImageUse, UsedVariable};
use crate::finding::Level;
use crate::image::Pin;

rule! {
    /// Reports a tag that is left to a variable: it has no value and no default, or a default that
    /// floats.
    ///
    /// ## What it does
    /// Reads the variables in the images of compose files as compose does, with the `.env` of the
    /// project. Reports a tag with a variable that nothing sets and that has no default, and one
    /// whose default is a floating tag or none at all. A variable that is required
    /// (`${TAG:?message}`) or that a sample such as `.env.example` has is never reported. Where a file sets the variable, its value is judged
    /// by `floating-tag`, `untagged-image` and `partial-version`. Where nothing says that a file
    /// deploys to production, the finding is of level info; in development and staging there is
    /// none.
    ///
    /// ## Why it matters
    /// Whether the right image runs depends on the shell that starts it. Where the variable is
    /// forgotten, compose warns and goes on with an empty text: `app:` is refused by the engine,
    /// and `app` is `app:latest`. A default of `latest` does not even warn.
    ///
    /// ## Example
    /// ```yaml
    /// image: acme/app:${TAG}
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// image: acme/app:${TAG:?set by the release}
    /// ```
    pub const UNSET_VARIABLE: Rule = Rule {
        name: "unset-variable",
        family: Family::Pin,
        level: Level::Warning,
        check: Check::Use(check),
    };
}

fn check(found: &ImageUse, report: &mut Reporter) {
    let Some(variable) = found.tag_variable().filter(|_| pins::runs(found)) else {
        return;
    };
    match variable.gives {
        Gives::Value => {}
        Gives::Nothing => nothing(found, variable, report),
        Gives::Default => default(found, variable, report),
    }
}

fn nothing(found: &ImageUse, variable: &UsedVariable, report: &mut Reporter) {
    let name = &variable.name;
    let subject = pins::subject(found);
    let message = match pins::reference(found, Pin::Untagged) {
        Some(image) => {
            format!("{subject} runs `{image}`, which means `latest`, unless `{name}` is set")
        }
        None => format!(
            "{subject} runs `{}`, and nothing sets `{name}`",
            found.written
        ),
    };
    let label = format!("`{name}` has no value and no default");
    let help = format!("require it: `${{{name}:?}}`, or set it in `.env`");
    pins::push(found, report, message, label, help);
}

fn default(found: &ImageUse, variable: &UsedVariable, report: &mut Reporter) {
    let floating = pins::reference(found, Pin::Channel);
    let Some(image) = floating.or_else(|| pins::reference(found, Pin::Untagged)) else {
        return;
    };
    let name = &variable.name;
    let message = format!(
        "{} runs `{image}`, which moves, unless `{name}` is set",
        pins::subject(found)
    );
    let label = format!("the default of `{name}` floats");
    let bare = image.to_string();
    let example = match found.written.matches(bare.as_str()).count() {
        1 if image.tag().is_none() => found.written.replacen(&bare, &format!("{bare}:1.2.3"), 1),
        _ => pins::with_tag(found, image, "1.2.3"),
    };
    let help =
        format!("make the default a version, such as `{example}`, or require it: `${{{name}:?}}`");
    pins::push(found, report, message, label, help);
}
