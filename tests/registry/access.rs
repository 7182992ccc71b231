//! Who asks: passwords, tokens, helpers, and that what is secret stays where it belongs.

use std::sync::{Arc, Mutex};

use base64::Engine as _;
use taglint::registry::{Options, RegistryError};

use super::faults::{look, options};
use super::proxy::{Act, Answer, Proxy, Request};
use super::push::{Repository, nanomq};
use super::run::Place;
use super::server::{Server, Setup, has};

fn good(setup: Setup) -> Option<(Server, Repository)> {
    let server = Server::with(setup)?;
    let mut repository = Repository::new(&server.host(), "emqx/nanomq");
    if setup.password {
        repository = repository.with_password();
    }
    if setup.encrypted {
        repository = repository.encrypted(&server.folder.path().join("cert.pem"));
    }
    nanomq(&repository, &["0.24.8", "0.24.9"], &["", "-slim"]);
    Some((server, repository))
}

fn base64(text: &str) -> String {
    base64::engine::general_purpose::STANDARD.encode(text)
}

/// Docker's configuration with a name and a password for a host.
fn auths(host: &str, pair: &str) -> String {
    format!(
        r#"{{"auths": {{"{host}": {{"auth": "{}"}}}}}}"#,
        base64(pair)
    )
}

#[test]
fn a_password_comes_from_dockers_configuration() {
    let setup = Setup {
        password: true,
        ..Setup::default()
    };
    let Some((server, repository)) = good(setup) else {
        return;
    };
    let image = repository.image();
    let place = Place::new();
    let nobody = place.audit(&[&image]);
    assert_eq!(nobody.status, 2);
    assert!(
        nobody.partial()[0].contains("docker login"),
        "{:?}",
        nobody.partial()
    );
    assert_eq!(nobody.findings(), Vec::<String>::new());
    place.docker(&auths(&server.host(), "user:wrong"));
    let wrong = place.audit(&[&image]);
    assert_eq!(wrong.status, 2);
    assert!(
        !wrong.partial()[0].contains("wrong"),
        "{:?}",
        wrong.partial()
    );
    place.docker(&auths(&server.host(), "user:secret"));
    let known = place.audit(&[&image]);
    assert_eq!(
        (known.status, known.partial().len()),
        (0, 0),
        "{}",
        known.json
    );
    // Another place for the configuration.
    let folder = place.work().join("elsewhere");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("config.json"), "{}").unwrap();
    let mut command = place.command(&["audit", &image]);
    assert_eq!(
        command
            .env("DOCKER_CONFIG", folder)
            .output()
            .unwrap()
            .status
            .code(),
        Some(2)
    );
}

#[cfg(unix)]
#[test]
fn a_helper_is_asked_for_its_registry() {
    use std::os::unix::fs::PermissionsExt;
    let setup = Setup {
        password: true,
        ..Setup::default()
    };
    let Some((server, repository)) = good(setup) else {
        return;
    };
    let place = Place::new();
    let bin = place.work().join("bin");
    let host = server.host();
    // A helper that notes what it is asked, and answers for one registry.
    place.write(
        "bin/docker-credential-test",
        &format!(
            "#!/bin/sh\nread server\necho \"$1 $server\" >> {0}/asked\n\
             if [ \"$server\" = {host} ]; then echo '{{\"ServerURL\":\"x\",\"Username\":\"user\",\"Secret\":\"secret\"}}'; \
             else echo 'credentials not found in native keychain'; exit 1; fi\n",
            place.work().display()
        ),
    );
    let helper = bin.join("docker-credential-test");
    std::fs::set_permissions(helper, std::fs::Permissions::from_mode(0o755)).unwrap();
    let path = std::env::join_paths(
        std::iter::once(bin).chain(std::env::split_paths(&std::env::var_os("PATH").unwrap())),
    );
    let path = path.unwrap();
    let audit = |config: &str| {
        place.docker(config);
        let mut command = place.command(&["audit", "--quiet", &repository.image()]);
        command.env("PATH", &path).output().unwrap()
    };
    for config in [
        r#"{"credsStore": "test"}"#.to_owned(),
        format!(r#"{{"credHelpers": {{"{host}": "test"}}}}"#),
    ] {
        let output = audit(&config);
        assert_eq!(
            output.status.code(),
            Some(0),
            "{}",
            String::from_utf8_lossy(&output.stdout)
        );
    }
    assert_eq!(place.read("asked"), format!("get {host}\nget {host}\n"));
    // Once for all images of a registry.
    let other = repository.image().replace("nanomq", "other");
    let mut command = place.command(&["audit", "--quiet", &repository.image(), &other]);
    assert_eq!(
        command.env("PATH", &path).output().unwrap().status.code(),
        Some(2)
    );
    assert_eq!(place.read("asked").lines().count(), 3);
    // One that knows nothing, and one that is not there.
    let Some(other) = Server::with(setup) else {
        return;
    };
    let image = format!("{}/a/b", other.host());
    place.docker(r#"{"credsStore": "test"}"#);
    let output = place
        .command(&["audit", &image])
        .env("PATH", &path)
        .output()
        .unwrap();
    assert!(String::from_utf8_lossy(&output.stdout).contains("docker login"));
    for name in ["missing", "../x", ""] {
        let output = audit(&format!(r#"{{"credHelpers": {{"{host}": "{name}"}}}}"#));
        assert_eq!(output.status.code(), Some(2), "{name}");
        assert!(
            String::from_utf8_lossy(&output.stdout).contains("docker-credential-"),
            "{name}"
        );
    }
}

#[test]
fn encryption_is_trusted_by_file_only() {
    if !has("openssl", "openssl") {
        return;
    }
    let setup = Setup {
        encrypted: true,
        password: true,
    };
    let Some((server, repository)) = good(setup) else {
        return;
    };
    let image = repository.image();
    let place = Place::new();
    place.docker(&auths(&server.host(), "user:secret"));
    let stranger = place.audit(&[&image]);
    assert_eq!(stranger.status, 2);
    assert_eq!(stranger.json["failures"].as_array().unwrap().len(), 1);
    let certificate = server.folder.path().join("cert.pem");
    let certificate = certificate.to_str().unwrap();
    let trusted = place.audit(&[&image, "--ca-file", certificate]);
    assert_eq!(trusted.status, 0, "{}", trusted.json);
    let mut command = place.command(&["audit", &image]);
    let output = command.env("SSL_CERT_FILE", certificate).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    // A command that asks for headers first.
    let compose = format!("services: {{web: {{image: '{image}:latest'}}}}\n");
    place.write("prod/compose.yml", &compose);
    let pinned = place.taglint(&["pin", "--ca-file", certificate]);
    assert_eq!(
        pinned.status.code(),
        Some(0),
        "{}",
        String::from_utf8_lossy(&pinned.stderr)
    );
    assert_eq!(
        place.read("prod/compose.yml"),
        compose.replace("latest", "0.24.9")
    );
    place.write("empty.pem", "nothing\n");
    let output = place.taglint(&["audit", &image, "--ca-file", "empty.pem"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("no certificate"));
}

/// A token server, and a registry behind it that takes no request without its token.
fn with_tokens(upstream: &str, asks: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Proxy {
    let asks = Arc::new(asks);
    Proxy::start(upstream, move |request, _| {
        if request.path.starts_with("/token") {
            return Act::Answer(asks(request));
        }
        if request.header("authorization") == Some("Bearer good") {
            return Act::Forward;
        }
        let host = request.header("host").unwrap();
        let challenge = format!(
            r#"Bearer realm="http://{host}/token",service="test",scope="repository:emqx/nanomq:pull""#
        );
        Act::Answer(Answer::new(401, "{}").with("www-authenticate", &challenge))
    })
}

#[test]
fn a_token_is_fetched_once_and_used() {
    let Some((server, _)) = good(Setup::default()) else {
        return;
    };
    let proxy = with_tokens(&server.host(), |_| {
        Answer::new(200, r#"{"token":"good","expires_in":300}"#)
    });
    let (observed, _) = look(&proxy.host(), options()).unwrap();
    assert!(observed.is_whole(), "{:?}", observed.partial);
    let requests = proxy.requests();
    let tokens: Vec<&Request> = requests
        .iter()
        .filter(|one| one.path.starts_with("/token"))
        .collect();
    assert_eq!(tokens.len(), 1);
    assert_eq!(
        tokens[0].path,
        "/token?scope=repository%3Aemqx%2Fnanomq%3Apull&service=test"
    );
    assert_eq!(tokens[0].header("authorization"), None);
    let refused = requests
        .iter()
        .filter(|one| one.header("authorization").is_none())
        .count();
    assert_eq!(refused, 2, "the first request, and that for the token");
}

#[test]
fn a_token_that_has_expired_is_fetched_anew() {
    let Some((server, _)) = good(Setup::default()) else {
        return;
    };
    // Each token is good for one request, whatever is said of its life.
    for life in [0, 300] {
        let issued = Arc::new(Mutex::new((0, false)));
        let proxy = Proxy::start(&server.host(), move |request, _| {
            let mut issued = issued.lock().unwrap();
            if request.path.starts_with("/token") {
                *issued = (issued.0 + 1, true);
                let token = format!(r#"{{"access_token":"t{}","expires_in":{life}}}"#, issued.0);
                return Act::Answer(Answer::new(200, &token));
            }
            if issued.1 && request.header("authorization") == Some(&format!("Bearer t{}", issued.0))
            {
                issued.1 = false;
                return Act::Forward;
            }
            let host = request.header("host").unwrap();
            let challenge = format!(r#"Bearer realm="http://{host}/token""#);
            Act::Answer(Answer::new(401, "").with("www-authenticate", &challenge))
        });
        let one = Options {
            width: 1,
            ..options()
        };
        let (observed, _) = look(&proxy.host(), one).unwrap();
        assert!(observed.is_whole(), "{life}: {:?}", observed.partial);
    }
}

#[test]
fn passwords_and_identity_tokens_go_to_the_token_server() {
    let Some((server, _)) = good(Setup::default()) else {
        return;
    };
    let proxy = with_tokens(&server.host(), |request| {
        let by_password =
            request.header("authorization") == Some(&format!("Basic {}", base64("u:p")));
        let by_identity = request.method == "POST"
            && request.body.contains("grant_type=refresh_token")
            && request.body.contains("refresh_token=id%20token")
            && request.body.contains("service=test");
        match by_password || by_identity {
            true => Answer::new(200, r#"{"token":"good"}"#),
            false => Answer::new(401, r#"{"details":"incorrect username or password"}"#),
        }
    });
    let image = format!("{}/emqx/nanomq", proxy.host());
    let place = Place::new();
    place.docker(&auths(&proxy.host(), "u:p"));
    assert_eq!(place.audit(&[&image]).status, 0);
    place.docker(&format!(
        r#"{{"auths":{{"{}":{{"identitytoken":"id token"}}}}}}"#,
        proxy.host()
    ));
    assert_eq!(place.audit(&[&image]).status, 0);
    place.docker(&format!(
        r#"{{"auths":{{"{}":{{"registrytoken":"good"}}}}}}"#,
        proxy.host()
    ));
    assert_eq!(place.audit(&[&image]).status, 0);
    place.docker(&auths(&proxy.host(), "u:wrong"));
    let wrong = place.audit(&[&image]);
    assert_eq!(wrong.status, 2);
    assert!(
        wrong.partial()[0].contains("incorrect username"),
        "{:?}",
        wrong.partial()
    );
    place.docker("{}");
    assert!(place.audit(&[&image]).partial()[0].contains("nobody is logged in"));
}

#[test]
fn token_servers_that_answer_nonsense_are_errors() {
    let Some((server, _)) = good(Setup::default()) else {
        return;
    };
    for bad in [
        "",
        "{}",
        r#"{"token":"a\r\nx-evil: 1"}"#,
        r#"{"token":5}"#,
        "<html>",
    ] {
        let proxy = with_tokens(&server.host(), move |_| Answer::new(200, bad));
        let seen = look(&proxy.host(), options());
        assert!(
            matches!(seen, Err(RegistryError::Malformed { .. })),
            "{bad}: {seen:?}"
        );
    }
    // A token that is not taken: one more try, and no more.
    let proxy = with_tokens(&server.host(), |_| Answer::new(200, r#"{"token":"bad"}"#));
    let seen = look(&proxy.host(), options());
    assert!(
        matches!(seen, Err(RegistryError::Unauthorized { .. })),
        "{seen:?}"
    );
    assert_eq!(proxy.requests().len(), 3);
    // Without encryption, and not on this machine.
    let proxy = Proxy::start("127.0.0.1:1", |_, _| {
        let challenge = r#"Bearer realm="http://tokens.example/token""#;
        Act::Answer(Answer::new(401, "").with("www-authenticate", challenge))
    });
    let seen = look(&proxy.host(), options());
    assert!(matches!(seen, Err(RegistryError::Forbidden(_))), "{seen:?}");
}

#[test]
fn redirects_carry_no_credentials_to_another_host() {
    let Some((server, _)) = good(Setup::default()) else {
        return;
    };
    let upstream = server.host();
    let storage = Proxy::start(&upstream, |_, _| Act::Forward);
    let (elsewhere, own) = (storage.host(), "Basic dXNlcjpzZWNyZXQ=");
    let registry = Proxy::start(&upstream, move |request, _| {
        if request.header("authorization") != Some(own) {
            return Act::Answer(Answer::new(401, "").with("www-authenticate", "Basic realm=x"));
        }
        let moved = |to: String| Act::Answer(Answer::new(307, "").with("location", &to));
        match request.path.strip_prefix("/here") {
            Some(_) => Act::Answer(Answer::new(404, "")),
            None if request.path.contains("/blobs/") => {
                moved(format!("http://{elsewhere}{}", request.path))
            }
            None => Act::Forward,
        }
    });
    let place = Place::new();
    place.docker(&auths(&registry.host(), "user:secret"));
    let audited = place.audit(&[&format!("{}/emqx/nanomq", registry.host())]);
    assert_eq!(audited.status, 0, "{}", audited.json);
    let stored = storage.requests();
    assert!(!stored.is_empty());
    assert!(
        stored
            .iter()
            .all(|one| one.header("authorization").is_none()),
        "{stored:?}"
    );
}

#[test]
fn plain_http_needs_a_word() {
    let Some((server, _)) = good(Setup::default()) else {
        return;
    };
    let proxy = Proxy::start(&server.host(), |_, _| Act::Forward);
    // An address of this machine that is not counted as its own.
    let host = format!("0.0.0.0:{}", proxy.port);
    let image = format!("{host}/emqx/nanomq");
    let place = Place::new();
    let refused = place.audit(&[&image, "--timeout", "5"]);
    assert_eq!(refused.status, 2);
    let plain = proxy.requests();
    assert!(
        plain.iter().all(|one| !one.path.starts_with("/v2/")),
        "{plain:?}"
    );
    let named = place.audit(&[&image, "--insecure-registry", &host]);
    assert_eq!(named.status, 0, "{}", named.json);
}

#[test]
fn a_mirror_stands_in_for_the_hub() {
    let Some((server, _)) = good(Setup::default()) else {
        return;
    };
    let mirror = server.host();
    let place = Place::new();
    let hub = place.audit(&["emqx/nanomq", "--registry-mirror", &mirror]);
    assert_eq!(hub.status, 0, "{}", hub.json);
    assert_eq!(hub.json["images"][0]["image"], "docker.io/emqx/nanomq");
}
