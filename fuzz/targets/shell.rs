//! Scripts: the script, and after a byte 0xff the file that it may read.
#![no_main]

use libfuzzer_sys::fuzz_target;
use taglint::eval::shell::{Script, docker, make, make_targets, run};
use taglint::eval::unknown::Unknowns;
use taglint_fuzz::Step;

fuzz_target!(|data: &[u8]| {
    let parts = taglint_fuzz::texts(data);
    let text = parts.first().copied().unwrap_or_default();
    let unknowns = Unknowns::default();
    let step = Step {
        unknowns: &unknowns,
        file: parts.get(1).copied().unwrap_or("1.2.3\n"),
    };
    let script = Script {
        text,
        environment: &step,
        unknowns: &unknowns,
        locate: &|range| {
            assert!(range.start <= range.end, "{range:?}");
            None
        },
    };
    let ran = run(&script);
    for command in &ran.commands {
        assert!(text.get(command.span.clone()).is_some(), "{:?}", command.span);
        for word in &command.words {
            assert!(text.get(word.span.clone()).is_some(), "{:?}", word.span);
        }
    }
    let _ = docker::actions(&ran);
    for goal in make_targets(&script).iter().take(3) {
        let _ = docker::actions(&make(&script, goal));
    }
});
