//! A first policy, from what CI publishes and from what manifests run today.
//!
//! Only what is seen is written; what a reader has to decide stands beside it as a comment.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::facts::Scenario;
use crate::image::Tag;
use crate::policy::{Affix, Channel, Environment, Follows, Reason, version_form};
use crate::project::{ImagePlan, Project, Push, ResolvedImage};

/// Version forms that are looked for.
const FORMS: [&str; 6] = [
    "{version}",
    "v{version}",
    "{major}.{minor}",
    "v{major}.{minor}",
    "{major}",
    "v{major}",
];

/// Variants that are usually meant for places with little memory.
const SMALL: [&str; 6] = ["slim", "tiny", "mini", "minimal", "lite", "small"];

/// As many files are named in a comment.
const NAMED: usize = 5;

/// The text of a policy for a project.
#[must_use]
pub fn draft(project: &Project) -> String {
    let mut text = String::from(
        "# What is wanted of this repository's image tags. `taglint check` holds CI and manifests to it,\n\
         # and `taglint schema policy` prints the schema of this file.\n\
         version: 1\n\n",
    );
    schemes(project, &mut text);
    environments(project, &mut text);
    text.push_str(
        "# Levels of rules, such as those that are off by themselves; `taglint rules` lists all.\n\
         # rules: { unpinned-digest: warning, constrained-variant: warning }\n\n\
         # Exceptions, each with its reason and a last day.\n\
         # allow:\n\
         #   - { image: \"registry.local/**\", rules: [floating-tag], reason: \"rebuilt on every merge\", until: 2027-12-31 }\n",
    );
    text
}

fn schemes(project: &Project, text: &mut String) {
    let images = project.images();
    let (released, other): (Vec<_>, Vec<_>) = images
        .iter()
        .partition(|image| !image.scheme.variants.is_empty());
    if released.is_empty() {
        text.push_str(
            "# No release of an image was found in CI. A scheme is written like this:\n\
             # schemes:\n\
             #   - image: acme/app\n\
             #     variants: { base: \"\", slim: { suffix: \"-slim\", for: constrained } }\n\
             #     channels: [latest]\n\n",
        );
    } else {
        text.push_str("schemes:\n");
    }
    for image in released {
        scheme(project, image, text);
    }
    for image in other {
        let _ = writeln!(
            text,
            "  # {} is published without a version: nothing is asked of it.",
            commented(&image.name)
        );
    }
    if !images.is_empty() {
        text.push('\n');
    }
}

fn scheme(project: &Project, image: &ResolvedImage<'_>, text: &mut String) {
    let releases: Vec<&ImagePlan<'_>> = image.plans_of(Scenario::Release).collect();
    let files: BTreeSet<&str> = releases
        .iter()
        .flat_map(|plan| &plan.pushes)
        .map(|push| project.path(push.publication.at))
        .collect();
    let files: Vec<&str> = files.into_iter().collect();
    let _ = writeln!(text, "  # Released by {}.", commented(&files.join(", ")));
    if image.opaque {
        text.push_str(
            "  # Not everything that CI pushes is known: `taglint plan` tells what is not.\n",
        );
    }
    let _ = writeln!(text, "  - image: {}", quoted(&image.name));
    text.push_str("    variants:\n");
    let followed = followed_only(image, &releases);
    let sources: Vec<(&Affix, Source)> = image
        .scheme
        .variants
        .iter()
        .map(|affix| (affix, Source::of(&releases, affix)))
        .chain(followed.iter().map(|affix| (affix, Source::default())))
        .collect();
    let differ = |of: fn(&Source) -> &Option<String>| {
        let mut values = sources.iter().map(|(_, source)| of(source));
        let first = values.next();
        values.any(|value| Some(value) != first)
    };
    let (dockerfiles, targets) = (differ(|one| &one.dockerfile), differ(|one| &one.target));
    for (affix, source) in &sources {
        let mut fields = Vec::new();
        let affixes = [("prefix", &affix.prefix), ("suffix", &affix.suffix)];
        for (key, value) in affixes.into_iter().filter(|(_, value)| !value.is_empty()) {
            fields.push(format!("{key}: {}", quoted(value)));
        }
        let built = [
            ("dockerfile", &source.dockerfile, dockerfiles),
            ("target", &source.target, targets),
        ];
        for (key, value, differs) in built {
            if let Some(value) = value.as_ref().filter(|_| differs) {
                fields.push(format!("{key}: {}", quoted(value)));
            }
        }
        let name = affix.name();
        let small = match SMALL.contains(&name.as_str()) {
            true => "  # `for: constrained` says that it is meant for places with little memory",
            false => "",
        };
        let plain = affix.prefix.is_empty() && fields.len() <= usize::from(!affix.is_base());
        let value = match plain {
            true => quoted_always(&affix.suffix),
            false => format!("{{ {} }}", fields.join(", ")),
        };
        let _ = writeln!(text, "      {}: {value}{small}", quoted(&name));
    }
    channels(image, text);
    let forms: Vec<String> = FORMS
        .iter()
        .filter(|form| is_given(image, &releases, form))
        .map(|form| quoted_always(form))
        .collect();
    if !forms.is_empty() {
        let _ = writeln!(text, "    versions: [{}]", forms.join(", "));
    }
}

/// Variants that a release gives a channel and no version.
fn followed_only(image: &ResolvedImage<'_>, releases: &[&ImagePlan<'_>]) -> Vec<Affix> {
    let mut found: Vec<Affix> = Vec::new();
    for push in releases.iter().flat_map(|plan| &plan.pushes) {
        let tag = push.publication.tag.as_str();
        let Tag::Channel { name, variant } = Tag::parse(tag) else {
            continue;
        };
        let habitual = image.scheme.variant_of_channel(tag, &name).is_some();
        let Some((prefix, suffix)) = tag.split_once(name.as_str()) else {
            continue;
        };
        let affix = Affix {
            prefix: prefix.to_owned(),
            suffix: suffix.to_owned(),
        };
        let known = variant.is_empty() || habitual || found.contains(&affix);
        if !known && !affix.is_no_variant() {
            found.push(affix);
        }
    }
    found
}

/// What a variant is built from, where all its builds agree.
#[derive(Default, PartialEq, Eq)]
struct Source {
    dockerfile: Option<String>,
    target: Option<String>,
}

impl Source {
    fn of(releases: &[&ImagePlan<'_>], affix: &Affix) -> Self {
        let mut builds = releases.iter().flat_map(|plan| {
            let version = plan.version.as_deref().unwrap_or_default();
            let own = [affix.around(version), affix.around(&format!("v{version}"))];
            let pushes = plan.pushes.iter();
            pushes.filter(move |push| own.contains(&push.publication.tag))
        });
        let Some(first) = builds.next() else {
            return Self::default();
        };
        let from = |push: &Push<'_>| (push.build.dockerfile.clone(), push.build.target.clone());
        let known =
            |value: &Option<String>| value.as_ref().is_none_or(|text| !text.contains("{?}"));
        let (dockerfile, target) = from(first);
        let same = builds.all(|push| from(push) == (dockerfile.clone(), target.clone()));
        match same && known(&dockerfile) && known(&target) && !first.build.joins {
            true => Self { dockerfile, target },
            false => Self::default(),
        }
    }
}

/// Whether every variant of every release has the version in this form.
fn is_given(image: &ResolvedImage<'_>, releases: &[&ImagePlan<'_>], form: &str) -> bool {
    let mut variants = image.scheme.variants.iter();
    variants.all(|affix| {
        let mut plans = releases.iter().filter(|plan| plan.version.is_some());
        plans.any(|plan| {
            let version = plan.version.as_deref().unwrap_or_default();
            let tag = version_form(form, version, &affix.name(), affix);
            plan.pushes.iter().any(|push| push.publication.tag == tag)
        })
    })
}

fn channels(image: &ResolvedImage<'_>, text: &mut String) {
    let found = found_channels(image);
    let plain = found
        .iter()
        .all(|channel| *channel == Channel::named(&channel.name));
    if plain {
        let names: Vec<String> = found.iter().map(|one| quoted(&one.name)).collect();
        let none = match names.is_empty() {
            true => "  # no release moves a `latest`; write `[latest]` to ask for it",
            false => "",
        };
        let _ = writeln!(text, "    channels: [{}]{none}", names.join(", "));
        return;
    }
    text.push_str("    channels:\n");
    for channel in found {
        let mut fields = Vec::new();
        if let Some(pattern) = &channel.pattern {
            fields.push(format!("pattern: {}", quoted_always(pattern)));
        }
        if !channel.variants.is_empty() {
            let each = channel.variants.iter();
            let each = each.map(|(name, tag)| format!("{}: {}", quoted(name), quoted_always(tag)));
            let each: Vec<String> = each.collect();
            fields.push(format!("variants: {{ {} }}", each.join(", ")));
        }
        if channel.follows == Follows::Branch {
            fields.push("follows: branch".to_owned());
        }
        let fields = match fields.is_empty() {
            true => "{}".to_owned(),
            false => format!("{{ {} }}", fields.join(", ")),
        };
        let _ = writeln!(text, "      {}: {fields}", quoted(&channel.name));
    }
}

/// The channels that CI moves, each with the pattern that most variants follow.
fn found_channels(image: &ResolvedImage<'_>) -> Vec<Channel> {
    let moved = |scenario: Scenario| -> BTreeSet<&str> {
        let plans = image.plans_of(scenario).flat_map(|plan| &plan.pushes);
        plans.map(|push| push.publication.tag.as_str()).collect()
    };
    let (released, branched) = (moved(Scenario::Release), moved(Scenario::Branch));
    let mut names: Vec<String> = vec!["latest".to_owned()];
    for tag in released.iter().chain(&branched) {
        if let Tag::Channel { name, .. } = Tag::parse(tag)
            && tag.contains(name.as_str())
            && !names.contains(&name)
        {
            names.push(name);
        }
    }
    let variants = &image.scheme.variants;
    let channel = |name: String| {
        let of = |tags: &BTreeSet<&str>| {
            let mut all = variants.iter().flat_map(|affix| affix.channel_names(&name));
            all.any(|tag| tags.contains(tag.as_str()))
        };
        let (tags, follows) = match (of(&released), of(&branched)) {
            (true, _) => (&released, Follows::Releases),
            (false, true) => (&branched, Follows::Branch),
            (false, false) => return None,
        };
        let patterns = [
            None,
            Some("{variant}".to_owned()).filter(|_| name == "latest"),
            Some(format!("{{variant}}-{name}")),
            Some(format!("{name}-{{variant}}")),
        ];
        let with = |pattern: &Option<String>| Channel {
            pattern: pattern.clone(),
            follows,
            ..Channel::named(&name)
        };
        let fits = |channel: &Channel| {
            let own = |affix: &&Affix| tags.contains(channel.tag(&affix.name(), affix).as_str());
            variants.iter().filter(own).count()
        };
        let candidates = patterns.iter().map(with);
        let mut best = candidates.rev().max_by_key(fits)?;
        for affix in variants {
            if tags.contains(best.tag(&affix.name(), affix).as_str()) {
                continue;
            }
            let mut own = affix.channel_names(&name).into_iter();
            if let Some(tag) = own.find(|tag| tags.contains(tag.as_str())) {
                best.variants.push((affix.name(), tag));
            }
        }
        Some(best)
    };
    names.into_iter().filter_map(channel).collect()
}

fn environments(project: &Project, text: &mut String) {
    text.push_str("environments:\n  production: { require: version }\n");
    let mut known: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for found in project.judged().filter(|found| !found.built_here) {
        let group = match (&found.environment_reason, found.environment) {
            (Reason::Nature(_), _) => continue,
            (Reason::Nothing, _) => "unknown",
            (Reason::Presumed, _) => "presumed",
            (_, environment) => environment.name(),
        };
        let files = known.entry(group).or_default();
        *files.entry(project.path(found.at)).or_default() += 1;
    }
    let told = [
        (Environment::Production.name(), "Production by its name"),
        (Environment::Staging.name(), "Staging by its name"),
        (Environment::Development.name(), "Development by its name"),
        (
            "presumed",
            "Presumed to be production, as manifests of a cluster are",
        ),
        (
            "unknown",
            "Nothing says what these deploy to: list them under `paths`, or set `unmarked`",
        ),
    ];
    for (group, words) in told {
        let Some(files) = known.get(group) else {
            continue;
        };
        let _ = writeln!(text, "  # {words}:");
        for file in files.keys().take(NAMED) {
            let _ = writeln!(text, "  #   {}", commented(file));
        }
        if let Some(more) = files.len().checked_sub(NAMED).filter(|more| *more > 0) {
            let _ = writeln!(text, "  #   and {more} more");
        }
    }
    if known.contains_key("unknown") {
        text.push_str("  # unmarked: production\n");
    }
    text.push('\n');
}

/// A scalar, in quotes where YAML or a glob would need them.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '/');
    let begins = text.starts_with(|c: char| c.is_ascii_alphabetic());
    let word = matches!(
        text.to_ascii_lowercase().as_str(),
        "true" | "false" | "null" | "yes" | "no" | "on" | "off" | "y" | "n"
    );
    match begins && !word && text.chars().all(plain) {
        true => text.to_owned(),
        false => quoted_always(text),
    }
}

fn quoted_always(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Text that stays on the line of its comment.
fn commented(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect()
}
