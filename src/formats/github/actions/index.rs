//! Actions that join or copy images in registries: int128/docker-manifest-create-action,
//! Noelware/docker-manifest-action, akhilerm/tag-push-action.

use super::{Given, boolean, list};
use crate::eval::value::{Object, Truth};
use crate::formats::ci::ledger::Ledger;
use crate::formats::github::world::Effect;
use crate::source::Place;

/// Makes one index of images, under several names.
fn join(
    given: &Given<'_>,
    targets: &[(String, Place)],
    sources: &[String],
    ledger: &mut Ledger<'_>,
) {
    let mut build = ledger.blank_build(given.step.number, given.at());
    build.joins = true;
    build.sources = sources.iter().map(|source| ledger.key(source)).collect();
    let number = ledger.build(build);
    for (target, at) in targets {
        for source in sources {
            ledger.joined(target, source);
        }
        ledger.publish(target, number, *at, true);
    }
}

/// int128/docker-manifest-create-action: `tags` of `sources`, or, in its first version, of the tags
/// themselves with `suffixes`.
pub fn int128(given: &Given<'_>, ledger: &mut Ledger<'_>) -> Effect {
    let targets = given.names("tags", false);
    let mut sources = given.texts("sources", false);
    let suffixes = given.texts("suffixes", false);
    let pushes = given.text("push").is_none_or(|push| push != "false");
    if pushes {
        if suffixes.is_empty() {
            join(given, &targets, &sources, ledger);
        } else {
            for target in &targets {
                sources = suffixes
                    .iter()
                    .map(|suffix| format!("{}{suffix}", target.0))
                    .collect();
                join(given, std::slice::from_ref(target), &sources, ledger);
            }
        }
    }
    Effect::Done(Object::default())
}

/// Noelware/docker-manifest-action: `tags` of `inputs`; before its first version, `inputs` of
/// `images`.
pub fn noelware(given: &Given<'_>, ledger: &mut Ledger<'_>) -> Effect {
    let (targets, sources) = match given.texts("images", true) {
        images if images.is_empty() => (given.names("tags", true), given.texts("inputs", true)),
        images => (given.names("inputs", true), images),
    };
    let doubts = ledger.doubts();
    match boolean(given.run, given.step, given.frame, "push") {
        Ok(Truth::False) | Err(_) => return Effect::Done(Object::default()),
        Ok(Truth::Unknown(mark)) => ledger.doubt(mark),
        Ok(Truth::True) => {}
    }
    join(given, &targets, &sources, ledger);
    ledger.restore_doubts(doubts);
    Effect::Done(Object::default())
}

/// akhilerm/tag-push-action: `src` under each name of `dst`.
pub fn tag_push(given: &Given<'_>, ledger: &mut Ledger<'_>) -> Effect {
    let Some(source) = given.text("src") else {
        return Effect::Done(Object::default());
    };
    let known = ledger.local(&source).and_then(|(build, ..)| build);
    let number = match known {
        Some(number) => number,
        None => {
            let mut build = ledger.blank_build(given.step.number, given.at());
            build.joins = true;
            build.sources = vec![ledger.key(&source)];
            let number = ledger.build(build);
            ledger.tag_locally(&source, Some(number), given.at(), true);
            number
        }
    };
    for (line, range) in given
        .input("dst")
        .map(|dst| list(&dst.text, true))
        .unwrap_or_default()
    {
        let at = given
            .input("dst")
            .map_or(given.at(), |dst| dst.place(range));
        ledger.joined(&line, &source);
        ledger.publish(&line, number, at, true);
    }
    Effect::Done(Object::default())
}
