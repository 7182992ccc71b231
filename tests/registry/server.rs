//! Starts a registry, and ends it with the test.

use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// Whether a tool is there; a missing one is a failure where all tools are required.
pub fn has(tool: &str, package: &str) -> bool {
    let mut asked = Command::new(tool);
    asked
        .arg("--version")
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let found = asked.status().is_ok();
    let set = |name: &str, value: &str| std::env::var(name).is_ok_and(|given| given == value);
    let required = set("CI", "true") || set("TAGLINT_REQUIRE_TOOLS", "1");
    assert!(
        found || !required,
        "run scripts/install-test-tools {package}"
    );
    if !found {
        println!("skipped: there is no {tool}; scripts/install-test-tools {package} brings it");
    }
    found
}

/// A registry on this machine.
pub struct Server {
    child: Child,
    pub port: u16,
    pub folder: TempDir,
}

/// How a registry is set up.
#[derive(Default, Clone, Copy)]
pub struct Setup {
    /// It asks for the name `user` and the password `secret`.
    pub password: bool,
    /// It speaks with encryption, with a certificate of its own: `cert.pem` in its folder.
    pub encrypted: bool,
}

impl Server {
    /// An open registry; `None` where there is no `docker-registry`.
    pub fn start() -> Option<Self> {
        Self::with(Setup::default())
    }

    pub fn with(setup: Setup) -> Option<Self> {
        if !has("docker-registry", "docker-registry") {
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        // Another process may take the port between the two: then the next one is tried.
        for _ in 0..5 {
            let port = free_port();
            let config = folder.path().join("config.yml");
            std::fs::write(&config, configuration(folder.path(), port, setup)).unwrap();
            let mut child = Command::new("docker-registry")
                .arg("serve")
                .arg(&config)
                .env("OTEL_TRACES_EXPORTER", "none")
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            if listens(&mut child, port) {
                return Some(Self {
                    child,
                    port,
                    folder,
                });
            }
            let _ = child.kill();
            let _ = child.wait();
        }
        panic!("docker-registry does not start");
    }

    /// Host and port.
    pub fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn configuration(folder: &Path, port: u16, setup: Setup) -> String {
    let mut text = format!(
        "version: 0.1\nlog: {{ level: error, accesslog: {{ disabled: true }} }}\n\
         storage: {{ inmemory: {{}}, delete: {{ enabled: true }} }}\n\
         http:\n  addr: 127.0.0.1:{port}\n"
    );
    if setup.encrypted {
        certificate(folder);
        text.push_str(&format!(
            "  tls: {{ certificate: {0}/cert.pem, key: {0}/key.pem }}\n",
            folder.display()
        ));
    }
    if setup.password {
        // Made by `htpasswd -nbB user secret`.
        let file = folder.join("htpasswd");
        std::fs::write(&file, HTPASSWD).unwrap();
        text.push_str(&format!(
            "auth: {{ htpasswd: {{ realm: test, path: {} }} }}\n",
            file.display()
        ));
    }
    text
}

const HTPASSWD: &str = "user:$2y$05$M5rtsujtX0lBkcH3.VVdsOQg9uu8ucu9EgS7zonA6PHuOFFc1S/rK\n";

fn certificate(folder: &Path) {
    let status = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
        ])
        .args(["-nodes", "-days", "2", "-subj", "/CN=localhost"])
        .args(["-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .arg("-keyout")
        .arg(folder.join("key.pem"))
        .arg("-out")
        .arg(folder.join("cert.pem"))
        .stderr(Stdio::null())
        .status();
    assert!(status.unwrap().success());
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

fn listens(child: &mut Child, port: u16) -> bool {
    let started = Instant::now();
    while started.elapsed() < Duration::from_secs(10) {
        if child.try_wait().unwrap().is_some() {
            return false;
        }
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return true;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    false
}
