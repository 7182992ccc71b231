//! Who asks: what a registry is told in the header `Authorization`, and the tokens that it wants.

use std::collections::HashMap;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;

use super::challenge::Challenge;
use super::credentials::{Credential, Credentials};
use super::endpoint::Remote;
use super::error::RegistryError;
use super::transport::{Ask, Transport};
use super::url::{Url, encoded};

/// The largest answer of a token server.
const MAX_BYTES: u64 = 256 * 1024;
/// How long a token holds that does not say so, in seconds.
const LIFE: u64 = 60;
/// A token is not used in its last seconds.
const MARGIN: Duration = Duration::from_secs(5);

/// What was granted, by registry and repository.
#[derive(Debug)]
pub(super) struct Auth {
    credentials: Credentials,
    /// What was found by registry: a helper that unlocks a key ring is asked once.
    known: Mutex<HashMap<String, Option<Credential>>>,
    granted: Mutex<HashMap<(String, String), Grant>>,
}

#[derive(Debug, Clone)]
struct Grant {
    header: String,
    until: Option<Instant>,
}

impl Grant {
    fn holds(&self) -> bool {
        self.until.is_none_or(|until| Instant::now() < until)
    }
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    token: String,
    #[serde(default)]
    access_token: String,
    expires_in: Option<u64>,
}

impl Auth {
    pub(super) fn new(credentials: Credentials) -> Self {
        Self {
            credentials,
            known: Mutex::new(HashMap::new()),
            granted: Mutex::new(HashMap::new()),
        }
    }

    /// The header for a repository, where one was granted and still holds.
    pub(super) fn header(&self, remote: &Remote) -> Option<String> {
        let granted = self.granted.lock().ok()?;
        let grant = granted.get(&key(remote))?;
        grant.holds().then(|| grant.header.clone())
    }

    /// The credential for a registry.
    fn credential(&self, registry: &str) -> Result<Option<Credential>, RegistryError> {
        let Ok(mut known) = self.known.lock() else {
            return self.credentials.of_registry(registry);
        };
        if let Some(credential) = known.get(registry) {
            return Ok(credential.clone());
        }
        let credential = self.credentials.of_registry(registry)?;
        known.insert(registry.to_owned(), credential.clone());
        Ok(credential)
    }

    /// Answers a challenge; gives the header to ask with from now on. Threads that are refused at
    /// once wait for the first of them, and take what it was granted.
    ///
    /// # Errors
    /// No credential is there, or the token server refuses it.
    pub(super) fn answer(
        &self,
        transport: &Transport,
        remote: &Remote,
        challenge: &Challenge,
        used: Option<&str>,
    ) -> Result<String, RegistryError> {
        let Ok(mut granted) = self.granted.lock() else {
            return Err(refused(remote, "another request failed"));
        };
        if let Some(grant) = granted.get(&key(remote))
            && grant.holds()
            && Some(grant.header.as_str()) != used
        {
            return Ok(grant.header.clone());
        }
        let credential = self.credential(&remote.registry)?;
        if used.is_some() && granted.contains_key(&key(remote)) && *challenge == Challenge::Basic {
            return Err(refused(remote, "it does not accept name and password"));
        }
        let grant = match (challenge, credential) {
            (_, Some(Credential::Registry(token))) => Grant {
                header: format!("Bearer {token}"),
                until: None,
            },
            (Challenge::Basic, Some(Credential::Password { user, secret })) => Grant {
                header: basic(&user, &secret),
                until: None,
            },
            (Challenge::Basic, _) => {
                let login = format!("it asks for a password: `docker login {}`", remote.registry);
                return Err(refused(remote, &login));
            }
            (
                Challenge::Bearer {
                    realm,
                    service,
                    scope,
                },
                credential,
            ) => {
                let server = Server {
                    transport,
                    remote,
                    realm,
                    service: service.as_deref(),
                    scope: scope.as_deref(),
                };
                server.token(credential)?
            }
        };
        let header = grant.header.clone();
        granted.insert(key(remote), grant);
        Ok(header)
    }
}

/// A token server, and what is wanted of it.
struct Server<'a> {
    transport: &'a Transport,
    remote: &'a Remote,
    realm: &'a str,
    service: Option<&'a str>,
    scope: Option<&'a str>,
}

impl Server<'_> {
    fn token(&self, credential: Option<Credential>) -> Result<Grant, RegistryError> {
        let malformed = |reason: &str| RegistryError::Malformed {
            host: self.remote.host.clone(),
            reason: reason.to_owned(),
        };
        let mut url = Url::parse(self.realm)
            .ok_or_else(|| malformed("its token server has no address that can be used"))?;
        let scope = format!("repository:{}:pull", self.remote.path);
        let scope = self.scope.unwrap_or(&scope);
        let mut fields = vec![("scope", scope)];
        fields.extend(self.service.map(|service| ("service", service)));
        let mut ask = Ask::get(url.clone(), "application/json", MAX_BYTES);
        match &credential {
            Some(Credential::Identity(token)) => {
                fields.push(("grant_type", "refresh_token"));
                fields.push(("client_id", "taglint"));
                fields.push(("refresh_token", token));
                ask.form = Some(query(&fields));
            }
            other => {
                if let Some(Credential::Password { user, secret }) = other {
                    ask.authorization = Some(basic(user, secret));
                }
                let mark = if url.rest.contains('?') { '&' } else { '?' };
                url.rest.push(mark);
                url.rest.push_str(&query(&fields));
                ask.url = url;
            }
        }
        let reply = self.transport.send(&ask)?;
        match reply.status {
            200 => {}
            401 | 403 => {
                let reason = match credential {
                    Some(_) => format!(
                        "its token server refuses the credentials ({})",
                        reply.reason()
                    ),
                    None => format!(
                        "nobody is logged in: `docker login {}`",
                        self.remote.registry
                    ),
                };
                return Err(refused(self.remote, &reason));
            }
            status => {
                return Err(RegistryError::Status {
                    host: ask.url.authority,
                    status,
                    reason: reply.reason(),
                });
            }
        }
        let answer: Option<Answer> = serde_json::from_slice(&reply.body).ok();
        let answer = answer.ok_or_else(|| malformed("its token server sends no token"))?;
        let token = match answer.token.is_empty() {
            true => answer.access_token,
            false => answer.token,
        };
        let sound = !token.is_empty() && token.bytes().all(|b| b.is_ascii_graphic());
        if !sound {
            return Err(malformed("its token server sends no token"));
        }
        let life = Duration::from_secs(answer.expires_in.unwrap_or(LIFE).min(24 * 3600));
        Ok(Grant {
            header: format!("Bearer {token}"),
            until: Some(Instant::now() + life.saturating_sub(MARGIN)),
        })
    }
}

fn key(remote: &Remote) -> (String, String) {
    (remote.host.clone(), remote.path.clone())
}

/// The error of a registry that refuses.
pub(super) fn refused(remote: &Remote, reason: &str) -> RegistryError {
    RegistryError::Unauthorized {
        host: remote.registry.clone(),
        path: remote.path.clone(),
        reason: reason.to_owned(),
    }
}

fn basic(user: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{user}:{secret}")))
}

fn query(fields: &[(&str, &str)]) -> String {
    let pairs = fields.iter();
    let pairs = pairs.map(|(name, value)| format!("{name}={}", encoded(value)));
    pairs.collect::<Vec<_>>().join("&")
}
