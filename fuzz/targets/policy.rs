//! Policies: every fault lies in the text.
#![no_main]

use libfuzzer_sys::fuzz_target;
use taglint::policy;
use taglint::rules::RULES;
use taglint::source::FileId;

fuzz_target!(|text: &str| {
    let names: Vec<&str> = RULES.iter().map(|rule| rule.name).collect();
    match policy::parse(FileId(0), "taglint.yaml", text, &names) {
        Ok(policy) => {
            for image in ["docker.io/library/nginx", "ghcr.io/emqx/nanomq"] {
                let _ = policy.declared(image);
            }
        }
        Err(faults) => {
            assert!(!faults.is_empty());
            faults.iter().for_each(|fault| taglint_fuzz::lies_in(fault.span, text));
        }
    }
});
