//! Credential helpers: `docker-credential-NAME get` takes a registry on standard input, and gives
//! JSON on standard output.

use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde::Deserialize;

use super::Credential;
use crate::registry::error::RegistryError;

/// A helper may have to unlock a key ring, but not for ever.
const LONGEST: Duration = Duration::from_secs(60);
/// No credential is longer.
const MAX_BYTES: u64 = 256 * 1024;
/// How often a helper is looked after.
const TICK: Duration = Duration::from_millis(10);
/// The name by which a helper says that the secret is an identity token.
const TOKEN: &str = "<token>";

#[derive(Deserialize)]
struct Answer {
    #[serde(rename = "Username", default)]
    username: String,
    #[serde(rename = "Secret", default)]
    secret: String,
}

/// Asks a helper for a registry's credential; `None` where it knows none.
///
/// # Errors
/// The helper is not there, fails, or takes too long.
pub(super) fn get(name: &str, server: &str) -> Result<Option<Credential>, RegistryError> {
    let program = format!("docker-credential-{name}");
    let fail = |reason: String| RegistryError::Setup(format!("`{program}`: {reason}"));
    let sound = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    if name.is_empty() || !name.chars().all(sound) {
        return Err(fail("this is no name of a credential helper".to_owned()));
    }
    let mut child = Command::new(&program)
        .arg("get")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| fail(crate::discover::plain(&error)))?;
    if let Some(mut input) = child.stdin.take() {
        // A helper that does not read has its answer all the same.
        let _ = input.write_all(server.as_bytes());
    }
    let output = child.stdout.take();
    let reader = std::thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(output) = output {
            let _ = output.take(MAX_BYTES).read_to_end(&mut bytes);
        }
        bytes
    });
    let ended = wait(&mut child).map_err(|error| fail(error.to_owned()))?;
    let bytes = reader.join().unwrap_or_default();
    let text = String::from_utf8_lossy(&bytes);
    if !ended {
        // What helpers say where they know nothing of a registry.
        if text.contains("credentials not found") || text.contains("no credentials") {
            return Ok(None);
        }
        let first = text.lines().next().unwrap_or_default();
        return Err(fail(format!("it failed: {first}")));
    }
    let answer: Answer =
        serde_json::from_str(&text).map_err(|_| fail("its answer cannot be read".to_owned()))?;
    Ok(match (answer.username, answer.secret) {
        (_, secret) if secret.is_empty() => None,
        (user, secret) if user == TOKEN => Some(Credential::Identity(secret)),
        (user, secret) => Some(Credential::Password { user, secret }),
    })
}

/// Waits for a helper to end; whether it did so with success.
fn wait(child: &mut Child) -> Result<bool, &'static str> {
    let started = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status.success()),
            Ok(None) if started.elapsed() < LONGEST => std::thread::sleep(TICK),
            Ok(None) => {
                let _ = child.kill();
                let _ = child.wait();
                return Err("it did not answer within a minute");
            }
            Err(_) => return Err("it cannot be waited for"),
        }
    }
}
