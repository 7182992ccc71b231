//! A thousand versions of three variants: how many requests, how long, how much memory.

use std::time::Instant;

use super::push::{MANIFEST, Repository, configuration, image};
use super::run::Place;
use super::server::Server;

const VERSIONS: usize = 1000;
/// So many threads push.
const PUSHERS: usize = 4;
const SUFFIXES: &[&str] = &["", "-slim", "-full"];

fn filled(server: &Server) -> Repository {
    let repository = Repository::new(&server.host(), "emqx/nanomq");
    let config = configuration("linux/amd64");
    repository.blob(config.as_bytes());
    let push = |number: usize| {
        for suffix in SUFFIXES {
            let (major, minor, patch) = (number / 100, number / 10 % 10, number % 10);
            let tag = format!("{major}.{minor}.{patch}{suffix}");
            repository.manifest(&tag, MANIFEST, &image(&config, &tag));
        }
    };
    std::thread::scope(|scope| {
        for part in 0..PUSHERS {
            scope.spawn(move || (part..VERSIONS).step_by(PUSHERS).for_each(push));
        }
    });
    for suffix in SUFFIXES {
        repository.copy(&format!("9.9.9{suffix}"), &format!("latest{suffix}"));
    }
    repository
}

/// The most memory that a process held, in KiB, as long as it runs.
fn peak(pid: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[test]
fn a_thousand_versions_take_few_requests() {
    let Some(server) = Server::start() else {
        return;
    };
    let repository = filled(&server);
    let image = repository.image();
    let place = Place::new();
    let good = place.audit(&[&image]);
    assert_eq!(good.findings(), Vec::<String>::new());
    assert_eq!(good.status, 0, "{}", good.error);
    // The list; the digests of three channels and of two versions of three variants; their
    // manifests, and the one configuration that they share, which may be fetched more than once.
    let least = 1 + 3 + 6;
    let detail = 6 + 6;
    assert!(
        good.requests() >= least && good.requests() <= least + detail,
        "{}",
        good.requests()
    );
    let warm = place.audit(&[&image]);
    assert_eq!(warm.requests(), least);
    // A channel far behind is looked for from the newest version on.
    repository.copy("5.0.0-full", "latest-full");
    let behind = place.audit(&[&image]);
    assert_eq!(behind.findings(), ["stale-channel nanomq:latest-full"]);
    // Of its own variant alone, in whole batches, and its two newest versions' manifests are known.
    assert!(behind.requests() >= least + 497 && behind.requests() < least + 560);
    println!(
        "requests: {} at first, {} with a cache, {} for a channel far behind",
        good.requests(),
        warm.requests(),
        behind.requests()
    );
    // Everything: each of 3,000 tags once.
    let started = Instant::now();
    let mut child = place.command(&["audit", &image, "--state", "state.json", "--quiet"]);
    let mut child = child.stdout(std::process::Stdio::null()).spawn().unwrap();
    let mut most = 0;
    while child.try_wait().unwrap().is_none() {
        most = peak(child.id()).unwrap_or(0).max(most);
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    println!(
        "all digests: {} ms, {most} KiB",
        started.elapsed().as_millis()
    );
    assert!(most > 0 && most < 100 * 1024, "{most} KiB");
    let all = place.audit(&[&image, "--since", "state.json"]);
    let total = (VERSIONS * SUFFIXES.len() + 1 + 3) as u64;
    assert_eq!(
        all.requests(),
        total,
        "one for each tag, and one for the list"
    );
    assert!(place.read("state.json").contains("\"5.0.0-full\""));
}
