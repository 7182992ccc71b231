//! Answers with bytes changed, cut off or put in at random: nothing panics, and whatever is told is
//! told of tags that the registry has.

use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};

use super::faults::{look, options};
use super::proxy::{Act, Answer, Proxy};
use super::push::{Repository, nanomq};
use super::server::Server;

/// A number that is the same each time, and as good as any.
fn number(seed: u64, what: &str) -> usize {
    let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one((seed, what));
    usize::try_from(hash % 1_000_000).unwrap()
}

fn changed(mut answer: Answer, seed: u64) -> Answer {
    let length = answer.body.len();
    let at = number(seed, "where") % (length + 1);
    let byte = u8::try_from(number(seed, "byte") % 256).unwrap();
    match number(seed, "how") % 6 {
        0 => answer.body.truncate(at),
        1 => answer.body.insert(at, byte),
        2 if at < length => answer.body[at] = byte,
        3 => answer.body = answer.body.repeat(2),
        4 => {
            let name = [
                "link",
                "docker-content-digest",
                "location",
                "retry-after",
                "www-authenticate",
            ];
            let value = [
                "<",
                "sha256:0",
                "://",
                "-1",
                "Bearer realm=\"",
                ">; rel=next<",
                "\"\\",
            ];
            answer = answer.with(
                name[number(seed, "name") % name.len()],
                value[number(seed, "value") % value.len()],
            );
        }
        _ => {
            let statuses = [
                100, 204, 206, 301, 304, 307, 400, 401, 403, 404, 405, 418, 500, 599,
            ];
            answer.status = statuses[number(seed, "status") % statuses.len()];
        }
    }
    answer
}

#[test]
fn answers_changed_at_random_do_no_harm() {
    let Some(server) = Server::start() else {
        return;
    };
    let repository = Repository::new(&server.host(), "emqx/nanomq");
    nanomq(&repository, &["0.24.8", "0.24.9"], &["", "-slim"]);
    let (mut whole, mut partial, mut failed) = (0, 0, 0);
    for seed in 0..150 {
        let target = number(seed, "target") % 12;
        let count = std::sync::atomic::AtomicUsize::new(0);
        let proxy = Proxy::start(&server.host(), move |_, _| {
            let before = count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            match before == target {
                true => Act::Edit(Box::new(move |answer| changed(answer, seed))),
                false => Act::Forward,
            }
        });
        match look(&proxy.host(), options()) {
            Ok((observed, _)) => {
                for (tag, seen) in &observed.tags {
                    if let Some(digest) = &seen.digest {
                        assert_eq!(repository.digest_of(tag), digest.as_str(), "{seed}: {tag}");
                    }
                }
                match observed.is_whole() {
                    true => whole += 1,
                    false => partial += 1,
                }
            }
            Err(_) => failed += 1,
        }
    }
    println!("{whole} whole, {partial} partial, {failed} failed");
    assert!(
        whole > 20 && partial > 20 && failed > 2,
        "{whole} {partial} {failed}"
    );
}
