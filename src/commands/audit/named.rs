//! Which images are audited: those of the command line, or those that the policy and the plan of
//! the current folder name.

use std::collections::BTreeMap;

use crate::cli::AuditArgs;
use crate::commands::{check, load};
use crate::image::ImageRef;
use crate::policy::DeclaredScheme;
use crate::source::{Source, Span};

/// An image, and where a workflow publishes it.
pub struct Named {
    /// The image.
    pub image: ImageRef,
    /// The file, and the place in it.
    pub at: Option<(Source, Span)>,
}

/// The images, each once.
///
/// # Errors
/// A text that is no image, or one with a tag.
pub fn images(args: &AuditArgs) -> Result<Vec<Named>, String> {
    if args.images.is_empty() {
        return known(args);
    }
    let mut images: Vec<Named> = Vec::new();
    for text in &args.images {
        let image =
            ImageRef::parse_normalized(text).map_err(|error| format!("`{text}`: {error}"))?;
        if image.tag().is_some() || image.digest().is_some() {
            let name = image.familiar_name();
            return Err(format!("`{text}`: an audit is of all tags; write `{name}`"));
        }
        if !images.iter().any(|known| known.image == image) {
            images.push(Named { image, at: None });
        }
    }
    Ok(images)
}

/// The images that files name, by name.
fn known(args: &AuditArgs) -> Result<Vec<Named>, String> {
    let settings = check::settings(&args.world)?;
    let policies = load::governing(args.policy.config.as_deref());
    let project = load::load(&[], true, args.quiet, &settings, policies).project;
    let mut images: BTreeMap<String, Named> = BTreeMap::new();
    for published in project.images() {
        // What is not known names no one image.
        let Ok(image) = ImageRef::parse_normalized(&published.name) else {
            continue;
        };
        let mut pushes = published.releases.iter().flat_map(|plan| &plan.pushes);
        let at = pushes.next().map(|push| push.publication.at);
        let at = at.and_then(|at| {
            let source = project.source(at)?;
            Some((Source::new(source.path(), source.text()), at.span))
        });
        images.insert(image.name().to_owned(), Named { image, at });
    }
    let schemes = project
        .policies
        .sound
        .iter()
        .flat_map(|policy| &policy.schemes);
    for text in schemes.flat_map(declared_names) {
        // Neither does a glob.
        if let Ok(image) = ImageRef::parse_normalized(&text) {
            let known = images.entry(image.name().to_owned());
            known.or_insert(Named { image, at: None });
        }
    }
    Ok(images.into_values().collect())
}

/// The images of a scheme, those of variants with a repository of their own among them.
fn declared_names(scheme: &DeclaredScheme) -> Vec<String> {
    let variants = scheme.variants.iter().flatten();
    let apart: Vec<&str> = variants
        .filter_map(|one| one.repository.as_deref())
        .collect();
    let each = scheme.images.iter().flat_map(|image| {
        let own = std::iter::once(image.text().to_owned());
        let apart = apart
            .iter()
            .map(|name| name.replace("{image}", image.text()));
        own.chain(apart).collect::<Vec<_>>()
    });
    each.collect()
}
