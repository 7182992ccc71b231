//! What registries answer: parts of the input, parted by a byte 0xff, are a header `Link`, a header
//! `WWW-Authenticate` and a body. A server on this machine gives them to a real client.
#![no_main]

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{LazyLock, Mutex};
use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use sha2::{Digest as _, Sha256};
use taglint::image::{Digest, ImageRef};
use taglint::registry::{Client, Depth, Options, observe};

/// What every request is answered with, until the next input.
static ANSWER: Mutex<Vec<u8>> = Mutex::new(Vec::new());

static HOST: LazyLock<String> = LazyLock::new(|| {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let host = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || answer(stream));
        }
    });
    host
});

fn answer(mut stream: TcpStream) {
    let mut lines = BufReader::new(stream.try_clone().unwrap());
    loop {
        let mut line = String::new();
        let mut head = false;
        loop {
            line.clear();
            match lines.read_line(&mut line) {
                Ok(0) | Err(_) => return,
                Ok(_) if line.trim().is_empty() => break,
                Ok(_) => head |= line.starts_with("HEAD "),
            }
        }
        let answer = ANSWER.lock().unwrap().clone();
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").map(|at| at + 4);
        let sent = match (head, end) {
            (true, Some(end)) => &answer[..end],
            _ => &answer[..],
        };
        if stream.write_all(sent).is_err() {
            return;
        }
    }
}

fuzz_target!(|data: &[u8]| {
    let mut parts = data.split(|byte| *byte == 0xff);
    let mut header = |name: &str| {
        let value = parts.next().unwrap_or_default();
        let plain = !value.is_empty() && value.iter().all(|b| (b' '..0x7f).contains(b));
        let value = String::from_utf8_lossy(value).into_owned();
        plain.then(|| format!("{name}: {value}\r\n")).unwrap_or_default()
    };
    let link = header("Link");
    let challenge = header("WWW-Authenticate");
    let kind = header("Content-Type");
    let body = parts.next().unwrap_or_default();
    let status = match challenge.is_empty() {
        true => "200 OK",
        false => "401 Unauthorized",
    };
    let mut whole = format!(
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\n{link}{challenge}{kind}\r\n",
        body.len()
    )
    .into_bytes();
    whole.extend_from_slice(body);
    *ANSWER.lock().unwrap() = whole;
    let client = Client::new(Options {
        insecure: vec![HOST.clone()],
        docker_config: None,
        timeout: Duration::from_secs(4),
        attempts: 1,
        first_wait: Duration::ZERO,
        width: 2,
        ..Options::default()
    })
    .unwrap();
    let image = ImageRef::parse(&format!("{}/a/b", HOST.as_str())).unwrap();
    if let Ok(listing) = client.tags(&image) {
        let _ = format!("{listing:?}");
    }
    let _ = client.digest(&image, "latest");
    // What was asked for by its digest is read only where it has that digest.
    let sum: String = Sha256::digest(body).iter().map(|byte| format!("{byte:02x}")).collect();
    let digest = Digest::parse(&format!("sha256:{sum}")).unwrap();
    let _ = client.manifest(&image, &digest).map(|found| format!("{found:?}"));
    let _ = client.platforms(&image, &digest);
    let _ = client.referrers(&image, &digest).map(|found| format!("{found:?}"));
    let depth = Depth { versions: 2, all_digests: false, signatures: true };
    let _ = observe(&client, &image, None, depth).map(|found| format!("{found:?}"));
});
