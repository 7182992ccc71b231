//! The grid itself, before it is drawn in any way.

use crate::audit::{Audit, ChannelTag, Presence, Release, Standing};

/// So many of the newest versions are shown, and those that a channel stands on.
const ROWS: usize = 12;

/// Versions by variants, with the channels on top.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grid {
    /// The names of the variants.
    pub variants: Vec<String>,
    /// The channels: a name, and what it is of each variant.
    pub channels: Vec<(String, Vec<Top>)>,
    /// The versions, newest first.
    pub rows: Vec<Row>,
    /// How many versions are not shown.
    pub hidden: usize,
    /// How many variants are not shown, as others have taken their place.
    pub ended: usize,
}

/// What a channel of a variant is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Top {
    /// The newest version of its variant.
    Good(String),
    /// The newest version of its variant, which newer versions lack.
    Behind(String),
    /// An older version, a pre-release, or another variant's: the tag.
    Bad(String),
    /// No version.
    Orphan,
    /// It was not seen what it is.
    Unknown,
    /// It is not there, and the newest version has its variant.
    Absent,
    /// It is not there.
    None,
}

/// A version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The version.
    pub version: String,
    /// Whether it is a pre-release.
    pub prerelease: bool,
    /// What it has of each variant.
    pub cells: Vec<Cell>,
    /// Whether versions are left out between the one above and this one.
    pub after_gap: bool,
}

/// A version of a variant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cell {
    /// It is there, with the channels that stand on it, and whether each is in its right place.
    There(Vec<(String, bool)>),
    /// It is missing, and should be there.
    Missing,
    /// It is not there.
    None,
}

impl Grid {
    /// Lays out an audit.
    #[must_use]
    pub fn of(audit: &Audit) -> Self {
        let all = 0..audit.scheme.variants.len();
        let variants: Vec<usize> = all.filter(|variant| !audit.is_over(*variant)).collect();
        let channels: Vec<&ChannelTag> = audit
            .channels
            .iter()
            .filter(|channel| variants.contains(&channel.variant))
            .collect();
        let stands: Vec<(&ChannelTag, Standing<'_>)> = channels
            .iter()
            .map(|one| (*one, audit.standing(one)))
            .collect();
        let presences: Vec<Option<Presence<'_>>> = variants
            .iter()
            .map(|variant| audit.presence(*variant))
            .collect();
        let mut rows = Vec::new();
        let mut skipped = 0;
        let mut hidden = 0;
        for (index, release) in audit.releases.iter().enumerate() {
            let held = stands
                .iter()
                .any(|(_, standing)| standing.release() == Some(release));
            if index >= ROWS && !held {
                skipped += 1;
                hidden += 1;
                continue;
            }
            let cells = variants.iter().zip(&presences).map(|(variant, presence)| {
                cell(audit, release, *variant, presence.as_ref(), &stands)
            });
            rows.push(Row {
                version: release.spelled.clone(),
                prerelease: !release.is_stable(),
                cells: cells.collect(),
                after_gap: std::mem::take(&mut skipped) > 0,
            });
        }
        Self {
            variants: variants
                .iter()
                .map(|variant| audit.variant_name(*variant))
                .collect(),
            channels: tops(audit, &stands),
            rows,
            hidden,
            ended: audit.scheme.variants.len() - variants.len(),
        }
    }
}

fn tops(audit: &Audit, stands: &[(&ChannelTag, Standing<'_>)]) -> Vec<(String, Vec<Top>)> {
    let mut found: Vec<(String, Vec<Top>)> = Vec::new();
    let newest = audit.stable().next();
    for (channel, standing) in stands {
        let top = match standing {
            Standing::Newest(release) if newest == Some(*release) => {
                Top::Good(release.spelled.clone())
            }
            Standing::Newest(release) => Top::Behind(release.spelled.clone()),
            Standing::Other(_, tag) | Standing::Crossed(_, _, tag) => Top::Bad((*tag).to_owned()),
            Standing::Orphan => Top::Orphan,
            Standing::Unknown => Top::Unknown,
            Standing::Absent => match newest.and_then(|release| release.tag(channel.variant)) {
                Some(_) => Top::Absent,
                None => Top::None,
            },
        };
        match found.iter_mut().find(|(name, _)| *name == channel.channel) {
            Some((_, tops)) => tops.push(top),
            None => found.push((channel.channel.clone(), vec![top])),
        }
    }
    // A channel that no variant has is not shown.
    found.retain(|(_, tops)| {
        let shown = |top: &Top| !matches!(top, Top::Absent | Top::None);
        tops.iter().any(shown)
    });
    found
}

fn cell(
    audit: &Audit,
    release: &Release,
    variant: usize,
    presence: Option<&Presence<'_>>,
    stands: &[(&ChannelTag, Standing<'_>)],
) -> Cell {
    if release.tag(variant).is_none() {
        let missing = presence.is_some_and(|presence| {
            let since = presence.since.contains(&release) && !presence.given_up;
            since || presence.gaps.contains(&release)
        });
        return if missing { Cell::Missing } else { Cell::None };
    }
    let here = stands.iter().filter_map(|(channel, standing)| {
        let own = channel.variant == variant;
        let name = || channel.channel.clone();
        match standing {
            Standing::Newest(at) if own && *at == release => Some((name(), true)),
            Standing::Other(at, _) if own && *at == release => Some((name(), false)),
            Standing::Crossed(at, other, _) if *other == variant && *at == release => {
                let owner = audit.variant_name(channel.variant);
                Some((format!("{} ({owner})", channel.channel), false))
            }
            _ => None,
        }
    });
    Cell::There(here.collect())
}
