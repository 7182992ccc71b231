//! The audit by contract, for programs: `schemas/audit.schema.json`.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Sheet;
use crate::audit::{Audit, Release, Standing};
use crate::finding::{Finding, Level};

#[derive(Serialize)]
struct Output<'a> {
    schema: u32,
    images: Vec<ImageOut<'a>>,
    failures: Vec<FailureOut<'a>>,
    findings: Vec<FindingOut<'a>>,
    summary: SummaryOut,
}

#[derive(Serialize)]
struct ImageOut<'a> {
    image: &'a str,
    tags: usize,
    complete: bool,
    partial: &'a [String],
    declared: bool,
    variants: Vec<VariantOut<'a>>,
    channels: Vec<ChannelOut<'a>>,
    versions: Vec<VersionOut<'a>>,
}

#[derive(Serialize)]
struct VariantOut<'a> {
    name: String,
    prefix: &'a str,
    suffix: &'a str,
}

#[derive(Serialize)]
struct ChannelOut<'a> {
    channel: &'a str,
    variant: String,
    tag: &'a str,
    stands: &'static str,
    digest: Option<&'a str>,
    version: Option<&'a str>,
    version_tag: Option<&'a str>,
}

#[derive(Serialize)]
struct VersionOut<'a> {
    version: &'a str,
    prerelease: bool,
    tags: BTreeMap<String, TagOut<'a>>,
}

#[derive(Serialize)]
struct TagOut<'a> {
    tag: &'a str,
    digest: Option<&'a str>,
    platforms: Option<&'a [String]>,
    signed: Option<bool>,
}

#[derive(Serialize)]
struct FailureOut<'a> {
    image: &'a str,
    reason: &'a str,
}

#[derive(Serialize)]
struct FindingOut<'a> {
    rule: &'a str,
    level: &'static str,
    image: &'a str,
    reference: Option<&'a str>,
    message: &'a str,
    help: Option<&'a str>,
    notes: &'a [String],
}

#[derive(Serialize)]
struct SummaryOut {
    images: usize,
    partial: usize,
    requests: usize,
    rate_limit: Option<LimitOut>,
    findings: CountsOut,
}

#[derive(Serialize)]
struct LimitOut {
    limit: u64,
    remaining: u64,
    window_seconds: u64,
}

#[derive(Serialize)]
struct CountsOut {
    error: usize,
    warning: usize,
    info: usize,
}

/// The audit as JSON text, with a line break at the end.
#[must_use]
pub fn render(sheet: &Sheet<'_>) -> String {
    let failures = sheet.failures.iter();
    let output = Output {
        schema: 1,
        images: sheet.audits.iter().map(image).collect(),
        failures: failures
            .map(|(image, reason)| FailureOut { image, reason })
            .collect(),
        findings: sheet
            .findings
            .iter()
            .map(|one| finding(sheet, one))
            .collect(),
        summary: SummaryOut {
            images: sheet.audits.len(),
            partial: sheet.partial(),
            requests: sheet.requests,
            rate_limit: sheet.allowance.map(|allowed| LimitOut {
                limit: allowed.limit,
                remaining: allowed.remaining,
                window_seconds: allowed.window,
            }),
            findings: CountsOut {
                error: sheet.count(Level::Error),
                warning: sheet.count(Level::Warning),
                info: sheet.count(Level::Info),
            },
        },
    };
    let mut text = serde_json::to_string_pretty(&output).unwrap_or_default();
    text.push('\n');
    text
}

fn image(audit: &Audit) -> ImageOut<'_> {
    let affixes = audit.scheme.variants.iter().enumerate();
    ImageOut {
        image: &audit.observed.image,
        tags: audit.observed.tags.len(),
        complete: audit.observed.complete,
        partial: &audit.observed.partial,
        declared: audit.scheme.declared.is_some(),
        variants: affixes
            .map(|(index, affix)| VariantOut {
                name: audit.variant_name(index),
                prefix: &affix.prefix,
                suffix: &affix.suffix,
            })
            .collect(),
        channels: channels(audit),
        versions: audit
            .releases
            .iter()
            .map(|release| version(audit, release))
            .collect(),
    }
}

fn channels(audit: &Audit) -> Vec<ChannelOut<'_>> {
    let each = audit.channels.iter().map(|channel| {
        let standing = audit.standing(channel);
        let (stands, tag) = match &standing {
            Standing::Absent => ("absent", None),
            Standing::Unknown => ("unknown", None),
            Standing::Newest(release) => ("newest", release.tag(channel.variant)),
            Standing::Other(_, tag) => ("other", Some(*tag)),
            Standing::Crossed(_, _, tag) => ("crossed", Some(*tag)),
            Standing::Orphan => ("orphan", None),
        };
        ChannelOut {
            channel: &channel.channel,
            variant: audit.variant_name(channel.variant),
            tag: &channel.wanted,
            stands,
            digest: audit
                .observed
                .digest(&channel.wanted)
                .map(crate::image::Digest::as_str),
            version: standing.release().map(|release| release.spelled.as_str()),
            // The borrow is of the audit, and not of the standing.
            version_tag: tag
                .and_then(|tag| audit.observed.tags.get_key_value(tag))
                .map(|(tag, _)| tag.as_str()),
        }
    });
    each.collect()
}

fn version<'a>(audit: &'a Audit, release: &'a Release) -> VersionOut<'a> {
    let tags = release.tags.iter().enumerate().filter_map(|(index, tag)| {
        let tag = tag.as_deref()?;
        let seen = audit.seen(tag)?;
        let out = TagOut {
            tag,
            digest: seen.digest.as_ref().map(crate::image::Digest::as_str),
            platforms: seen.platforms.as_deref(),
            signed: seen.signed,
        };
        Some((audit.variant_name(index), out))
    });
    VersionOut {
        version: &release.spelled,
        prerelease: !release.is_stable(),
        tags: tags.collect(),
    }
}

fn finding<'a>(sheet: &'a Sheet<'_>, finding: &'a Finding) -> FindingOut<'a> {
    FindingOut {
        rule: finding.rule,
        level: finding.level.name(),
        image: sheet.project.path(finding.at),
        reference: finding.image.as_deref(),
        message: &finding.message,
        help: finding.help.as_deref(),
        notes: &finding.notes,
    }
}
