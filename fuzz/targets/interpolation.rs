//! Compose's interpolation and its files of variables, parted by a byte 0xff.
#![no_main]

use libfuzzer_sys::fuzz_target;
use taglint::eval::compose::{dotenv, interpolate::interpolate};

fuzz_target!(|data: &[u8]| {
    let parts = taglint_fuzz::texts(data);
    let template = parts.first().copied().unwrap_or_default();
    let file = parts.get(1).copied().unwrap_or_default();
    let set = dotenv::read(file, &|_| None, &|_| None).unwrap_or_default();
    let lookup = |name: &str| {
        let found = set.iter().find(|setting| setting.name == name);
        found.map(|setting| setting.value.clone())
    };
    let once = interpolate(template, &lookup);
    if let Ok(done) = &once
        && !template.contains('$')
    {
        assert_eq!(done.text, template);
    }
});
