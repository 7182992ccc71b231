//! Definitions of bake, in HCL, in JSON, or as compose files.
#![no_main]

use libfuzzer_sys::fuzz_target;
use taglint::eval::bake::{BakeFile, Request, evaluate};
use taglint::eval::unknown::Unknowns;

fuzz_target!(|text: &str| {
    let unknowns = Unknowns::default();
    let secret = unknowns.note("SECRET", "a secret").as_char().to_string();
    for name in ["docker-bake.hcl", "docker-bake.json", "compose.yaml"] {
        for targets in [&[][..], &["app".to_owned()][..]] {
            let request = Request {
                files: &[BakeFile { name, text }],
                targets,
                set: &["*.platform=linux/amd64".to_owned()],
                environment: &|name| match name {
                    "TAG" => Some("1.2.3".to_owned()),
                    "SECRET" => Some(secret.clone()),
                    _ => None,
                },
                unknowns: &unknowns,
            };
            let _ = evaluate(&request);
        }
    }
});
