//! Dockerfiles: every image lies in the text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use taglint::formats::dockerfile;
use taglint::source::FileId;

fuzz_target!(|text: &str| {
    for found in dockerfile::read(FileId(0), "Dockerfile", text) {
        taglint_fuzz::lies_in(found.at.span, text);
    }
});
