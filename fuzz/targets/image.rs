//! References to images: what is printed is read as the same again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use taglint::image::{ImageRef, Tag};

fuzz_target!(|text: &str| {
    let _ = ImageRef::parse_any(text);
    let _ = Tag::parse(text);
    for image in [ImageRef::parse(text), ImageRef::parse_normalized(text)].into_iter().flatten() {
        let again = ImageRef::parse(&image.to_string());
        assert_eq!(again.as_ref(), Ok(&image), "{text:?}");
        let whole = image.normalized();
        assert_eq!(whole.normalized(), whole, "{text:?}");
        // What gets too long by what a bare name means has no such form.
        if ImageRef::parse_normalized(&image.to_string()).is_ok() {
            let short = ImageRef::parse_normalized(&image.familiar());
            assert_eq!(short.map(|short| short.normalized()), Ok(whole), "{text:?}");
        }
        if let Some(tag) = image.tag() {
            let _ = Tag::parse(tag);
        }
    }
});
