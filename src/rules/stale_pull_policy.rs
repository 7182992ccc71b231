//! A pull policy that does not fit how firmly the image is pinned.

use super::{Check, Family, Reporter, Rule, pins, rule};
use crate::facts::{ImageUse, Resolved, UseKind};
use crate::finding::Level;
use crate::image::Pin;

rule! {
    /// Reports a floating tag that is pulled once only, and a pinned image that is asked for at
    /// every start.
    ///
    /// ## What it does
    /// Compares `imagePullPolicy` of containers, and `pull_policy` of compose services, with the
    /// image. Where no policy is written there is no finding.
    ///
    /// ## Why it matters
    /// A tag that moves, with `IfNotPresent`, is whatever each node happened to pull first: two
    /// replicas of one deployment run different images. A version with `Always` asks the registry at
    /// every start for what does not change, and does not start while the registry is away.
    ///
    /// ## Example
    /// ```yaml
    /// image: nginx:stable
    /// imagePullPolicy: IfNotPresent
    /// ```
    ///
    /// ## Use instead
    /// ```yaml
    /// image: nginx:1.27.4
    /// imagePullPolicy: IfNotPresent
    /// ```
    pub const STALE_PULL_POLICY: Rule = Rule {
        name: "stale-pull-policy",
        family: Family::Pin,
        level: Level::Info,
        check: Check::Use(check),
    };
}

fn check(found: &ImageUse, report: &mut Reporter) {
    let kinds = [UseKind::Kubernetes, UseKind::Helm, UseKind::Compose];
    let Some(policy) = found.pull_policy.as_deref() else {
        return;
    };
    let Resolved::Reference(image) = &found.resolved else {
        return;
    };
    if !kinds.contains(&found.kind) || !pins::runs(found) {
        return;
    }
    let once = matches!(
        policy,
        "IfNotPresent" | "Never" | "missing" | "if_not_present" | "never"
    );
    let always = matches!(policy, "Always" | "always");
    let (message, label, help) = match found.pin() {
        Pin::Channel | Pin::Untagged if once => (
            format!("`{image}` moves, and is pulled once only: `{policy}`"),
            "each node keeps what it pulled first",
            "pin a version; while the tag floats, only `Always` follows it",
        ),
        Pin::Version | Pin::Digest if always => (
            format!("`{image}` is pinned, and asked for at every start: `{policy}`"),
            "what it names does not change",
            "write `IfNotPresent`, so that a start does not need the registry",
        ),
        _ => return,
    };
    let help = match found.kind {
        UseKind::Compose => help
            .replace("`Always`", "`always`")
            .replace("`IfNotPresent`", "`missing`"),
        _ => help.to_owned(),
    };
    pins::push(found, report, message, label.to_owned(), help);
}
