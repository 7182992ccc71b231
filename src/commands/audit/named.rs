//! Which images are audited: those of the command line, or those that the policy and the plan of
//! the current folder name.

use std::collections::BTreeSet;

use crate::cli::AuditArgs;
use crate::commands::{check, load};
use crate::image::ImageRef;
use crate::policy::DeclaredScheme;

/// The images, each once.
///
/// # Errors
/// A text that is no image, or one with a tag.
pub fn images(args: &AuditArgs) -> Result<Vec<ImageRef>, String> {
    if args.images.is_empty() {
        return known(args);
    }
    let mut images: Vec<ImageRef> = Vec::new();
    for text in &args.images {
        let image =
            ImageRef::parse_normalized(text).map_err(|error| format!("`{text}`: {error}"))?;
        if image.tag().is_some() || image.digest().is_some() {
            let name = image.familiar_name();
            return Err(format!("`{text}`: an audit is of all tags; write `{name}`"));
        }
        if !images.contains(&image) {
            images.push(image);
        }
    }
    Ok(images)
}

/// The images that files name, by name.
fn known(args: &AuditArgs) -> Result<Vec<ImageRef>, String> {
    let settings = check::settings(&args.world)?;
    let policies = load::Policies::of(args.policy.config.as_deref());
    let loaded = load::load(&[], true, args.quiet, &settings, policies);
    let mut names: BTreeSet<String> = BTreeSet::new();
    let published = loaded.project.images();
    let published = published.iter().map(|image| image.name.clone());
    let declared = loaded
        .project
        .policies
        .sound
        .iter()
        .flat_map(|policy| &policy.schemes);
    let texts = published.chain(declared.flat_map(declared_names));
    for text in texts {
        // What is not known, or a glob, names no one image.
        if let Ok(image) = ImageRef::parse_normalized(&text) {
            names.insert(image.name().to_owned());
        }
    }
    let images = names.iter().map(|name| ImageRef::parse_normalized(name));
    images
        .collect::<Result<_, _>>()
        .map_err(|error| error.to_string())
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
