//! Sends requests: encryption, proxies, time limits, redirects, repetition. Knows nothing of what
//! is asked for.

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ureq::http::{HeaderMap, Method, Request};
use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, Body, Error};

use super::endpoint::Plain;
use super::error::RegistryError;
use super::limits::RateLimit;
use super::retry::{Patience, passes, retry_after};
use super::url::Url;

/// A connection is made within this time.
const CONNECT: Duration = Duration::from_secs(10);
/// Nothing is waited for longer than this without a byte arriving.
const SILENCE: Duration = Duration::from_secs(20);
/// One request with its answer takes no longer than this.
const WHOLE: Duration = Duration::from_secs(60);
/// So many connections are kept for the next request.
const IDLE: usize = 64;
/// So many times a request is sent elsewhere.
const MAX_REDIRECTS: usize = 5;
/// Of what a registry says beside a fault so many characters are told.
const MAX_REASON: usize = 200;

/// A request.
#[derive(Debug, Clone)]
pub(super) struct Ask {
    /// Whether only the headers are wanted.
    pub(super) head: bool,
    /// Where.
    pub(super) url: Url,
    /// Which media types are understood.
    pub(super) accept: &'static str,
    /// The header `Authorization`.
    pub(super) authorization: Option<String>,
    /// A form to be posted.
    pub(super) form: Option<String>,
    /// The largest body that is read, in bytes.
    pub(super) limit: u64,
}

impl Ask {
    /// A plain request for a body of at most so many bytes.
    pub(super) fn get(url: Url, accept: &'static str, limit: u64) -> Self {
        Self {
            head: false,
            url,
            accept,
            authorization: None,
            form: None,
            limit,
        }
    }
}

/// An answer.
#[derive(Debug)]
pub(super) struct Reply {
    /// Its status.
    pub(super) status: u16,
    /// Its headers.
    pub(super) headers: HeaderMap,
    /// Its body, whole.
    pub(super) body: Vec<u8>,
}

impl Reply {
    /// A header, where it is there and text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// What the body says of a fault: the registry's own message, or its first line.
    pub(super) fn reason(&self) -> String {
        let text = String::from_utf8_lossy(&self.body);
        let json: Option<serde_json::Value> = serde_json::from_str(&text).ok();
        let message = json.as_ref().and_then(|json| {
            let first = json.get("errors").and_then(|list| list.get(0));
            let message = first.and_then(|first| first.get("message"));
            let details = json.get("details").or_else(|| json.get("message"));
            message.or(details)?.as_str()
        });
        let line = message.unwrap_or_else(|| text.lines().next().unwrap_or_default());
        line.trim().chars().take(MAX_REASON).collect()
    }
}

/// Why one attempt failed, and whether another may not.
struct Failure {
    error: RegistryError,
    passes: bool,
}

impl From<RegistryError> for Failure {
    fn from(error: RegistryError) -> Self {
        Self {
            error,
            passes: false,
        }
    }
}

/// The way to the network.
#[derive(Debug)]
pub(super) struct Transport {
    agent: Agent,
    plain: Plain,
    patience: Patience,
    requests: AtomicUsize,
    limit: Mutex<Option<RateLimit>>,
}

impl Transport {
    /// A transport that trusts the usual authorities, or only those of a file.
    ///
    /// # Errors
    /// The file cannot be read, or holds no certificate.
    pub(super) fn new(
        plain: Plain,
        patience: Patience,
        authorities: Option<&Path>,
    ) -> Result<Self, RegistryError> {
        let roots = authorities.map_or(Ok(RootCerts::WebPki), roots)?;
        let tls = TlsConfig::builder().root_certs(roots).build();
        let agent = Agent::config_builder()
            .tls_config(tls)
            .http_status_as_error(false)
            // Redirects are followed below, where credentials are looked after.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(concat!("taglint/", env!("CARGO_PKG_VERSION")))
            .max_idle_connections(IDLE)
            .max_idle_connections_per_host(IDLE)
            .timeout_connect(Some(CONNECT))
            .timeout_recv_response(Some(SILENCE))
            .timeout_per_read(Some(SILENCE))
            .build()
            .new_agent();
        Ok(Self {
            agent,
            plain,
            patience,
            requests: AtomicUsize::new(0),
            limit: Mutex::new(None),
        })
    }

    /// How many requests were sent.
    pub(super) fn requests(&self) -> usize {
        self.requests.load(Ordering::Relaxed)
    }

    /// The least that a registry said it still allows.
    pub(super) fn rate_limit(&self) -> Option<RateLimit> {
        self.limit.lock().ok().and_then(|limit| *limit)
    }

    /// Sends a request, again where that may help. Any status that does not pass is an answer.
    ///
    /// # Errors
    /// No answer came, the answer is too large, or the registry stays overloaded.
    pub(super) fn send(&self, ask: &Ask) -> Result<Reply, RegistryError> {
        let mut attempt = 1;
        loop {
            let outcome = self.follow(ask);
            let (asked, error) = match outcome {
                Ok(reply) if passes(reply.status) => {
                    let now = jiff::Timestamp::now();
                    let asked = reply.header("retry-after");
                    let asked = asked.and_then(|value| retry_after(value, now));
                    (asked, overloaded(ask, &reply, asked))
                }
                Ok(reply) => return Ok(reply),
                Err(failure) if failure.passes => (None, failure.error),
                Err(failure) => return Err(failure.error),
            };
            let Some(wait) = self.patience.wait(attempt, asked) else {
                return Err(error);
            };
            std::thread::sleep(wait);
            attempt += 1;
        }
    }

    /// One attempt, with its redirects. Credentials stay at the host that they were meant for.
    fn follow(&self, ask: &Ask) -> Result<Reply, Failure> {
        let mut ask = ask.clone();
        for _ in 0..=MAX_REDIRECTS {
            let reply = self.once(&ask)?;
            let moved = matches!(reply.status, 301 | 302 | 303 | 307 | 308);
            let Some(location) = reply.header("location").filter(|_| moved) else {
                return Ok(reply);
            };
            let host = ask.url.authority.clone();
            let malformed = |reason: &str| RegistryError::Malformed {
                host: host.clone(),
                reason: reason.to_owned(),
            };
            if ask.form.is_some() {
                return Err(malformed("it sends a request for a token elsewhere").into());
            }
            let to = ask.url.join(location);
            let to =
                to.ok_or_else(|| malformed("it sends elsewhere, and says nothing of where"))?;
            if ask.url.secure && !to.secure {
                return Err(malformed("it sends elsewhere, without encryption").into());
            }
            if !ask.url.same_origin(&to) {
                ask.authorization = None;
            }
            ask.url = to;
        }
        Err(RegistryError::Malformed {
            host: ask.url.authority,
            reason: "it sends from one place to the next without end".to_owned(),
        }
        .into())
    }

    fn once(&self, ask: &Ask) -> Result<Reply, Failure> {
        self.plain.check(&ask.url)?;
        let left = self.patience.left().ok_or(RegistryError::OutOfTime)?;
        let method = match (ask.head, &ask.form) {
            (_, Some(_)) => Method::POST,
            (true, None) => Method::HEAD,
            (false, None) => Method::GET,
        };
        let mut request = Request::builder()
            .method(method)
            .uri(ask.url.to_string())
            .header("accept", ask.accept);
        if let Some(value) = &ask.authorization {
            request = request.header("authorization", value);
        }
        self.requests.fetch_add(1, Ordering::Relaxed);
        let sent = match &ask.form {
            Some(form) => request
                .header("content-type", "application/x-www-form-urlencoded")
                .body(form.clone())
                .map_err(Error::from)
                .and_then(|request| self.run(request, left)),
            None => request
                .body(())
                .map_err(Error::from)
                .and_then(|request| self.run(request, left)),
        };
        let response = sent.map_err(|error| self.failure(ask, &error))?;
        let (parts, body) = response.into_parts();
        let status = parts.status.as_u16();
        self.note(RateLimit::read(&parts.headers));
        let body = match ask.head {
            true => Vec::new(),
            false => self.body(ask, body)?,
        };
        Ok(Reply {
            status,
            headers: parts.headers,
            body,
        })
    }

    fn run<B: ureq::AsSendBody>(
        &self,
        request: Request<B>,
        left: Duration,
    ) -> Result<ureq::http::Response<Body>, Error> {
        let request = self.agent.configure_request(request);
        self.agent
            .run(request.timeout_global(Some(left.min(WHOLE))).build())
    }

    /// A body, whole. One byte beyond the limit is asked for, so that a cut body is no body.
    fn body(&self, ask: &Ask, mut body: Body) -> Result<Vec<u8>, Failure> {
        let read = body.with_config().limit(ask.limit + 1).read_to_vec();
        match read {
            Ok(bytes) if bytes.len() as u64 <= ask.limit => Ok(bytes),
            Ok(_) | Err(Error::BodyExceedsLimit(_)) => Err(RegistryError::Malformed {
                host: ask.url.authority.clone(),
                reason: format!("an answer of more than {} KiB", ask.limit / 1024),
            }
            .into()),
            Err(error) => Err(self.failure(ask, &error)),
        }
    }

    fn failure(&self, ask: &Ask, error: &Error) -> Failure {
        if self.patience.left().is_none() {
            return RegistryError::OutOfTime.into();
        }
        let passes = matches!(
            error,
            Error::Io(_) | Error::Timeout(_) | Error::Protocol(_) | Error::ConnectionFailed
        );
        // A connection that is refused, or a certificate that is not trusted, stays so.
        let settled = match error {
            Error::Io(error) => {
                let refused = error.kind() == std::io::ErrorKind::ConnectionRefused;
                refused || error.kind() == std::io::ErrorKind::InvalidData
            }
            _ => false,
        };
        let reason = match error {
            Error::Io(error) => crate::discover::plain(error),
            Error::HostNotFound => "there is no such host".to_owned(),
            Error::Timeout(_) => "it does not answer in time".to_owned(),
            other => other.to_string(),
        };
        Failure {
            error: RegistryError::Unreachable {
                host: ask.url.authority.clone(),
                reason,
            },
            passes: passes && !settled,
        }
    }

    fn note(&self, read: Option<RateLimit>) {
        let (Some(read), Ok(mut known)) = (read, self.limit.lock()) else {
            return;
        };
        if known.is_none_or(|known| read.remaining < known.remaining) {
            *known = Some(read);
        }
    }
}

/// The error of a registry that stays overloaded.
fn overloaded(ask: &Ask, reply: &Reply, wait: Option<Duration>) -> RegistryError {
    let host = ask.url.authority.clone();
    match reply.status {
        429 => RegistryError::RateLimited { host, wait },
        status => RegistryError::Status {
            host,
            status,
            reason: reply.reason(),
        },
    }
}

/// The certificates of a file.
fn roots(path: &Path) -> Result<RootCerts, RegistryError> {
    let fail = |reason: String| RegistryError::Setup(format!("{}: {reason}", path.display()));
    let bytes = std::fs::read(path).map_err(|error| fail(crate::discover::plain(&error)))?;
    let mut certificates = Vec::new();
    for item in parse_pem(&bytes) {
        match item {
            Ok(PemItem::Certificate(certificate)) => certificates.push(certificate),
            Ok(_) => {}
            Err(error) => return Err(fail(error.to_string())),
        }
    }
    if certificates.is_empty() {
        return Err(fail("it holds no certificate (PEM)".to_owned()));
    }
    Ok(RootCerts::new_with_certs(&certificates))
}
