//! The same bytes come out over the real files that publish, whatever the number of threads.

use std::process::Command;

use crate::{say, shared};

#[test]
fn the_corpus_gives_the_same_bytes_on_any_number_of_threads() {
    let Some(corpus) = shared("corpus/publish") else {
        return;
    };
    let run = |threads: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_taglint"))
            .args(["check", "--no-ignore", "--format", "json", "--list-images"])
            .arg(&corpus)
            .env("RAYON_NUM_THREADS", threads)
            .output()
            .unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(matches!(output.status.code(), Some(0 | 1)), "{stderr}");
        output.stdout
    };
    let alone = run("1");
    assert!(alone.len() > 100_000, "{} bytes", alone.len());
    for threads in ["2", "4"] {
        assert!(
            run(threads) == alone,
            "{threads} threads give other bytes than 1"
        );
    }
    say(&format!(
        "threads: {} bytes, the same for 1, 2 and 4",
        alone.len()
    ));
}
