//! Runs `taglint` with nothing of this machine's own configuration.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// A place to run in: an empty folder, a home and a cache that nobody else has.
pub struct Place {
    pub folder: TempDir,
}

impl Place {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["work", "home", "cache"] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
        }
        Self { folder }
    }

    pub fn work(&self) -> PathBuf {
        self.folder.path().join("work")
    }

    pub fn write(&self, path: &str, text: &str) {
        let file = self.work().join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }

    pub fn read(&self, path: &str) -> String {
        std::fs::read_to_string(self.work().join(path)).unwrap()
    }

    /// Docker's configuration.
    pub fn docker(&self, text: &str) {
        let folder = self.folder.path().join("home/.docker");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("config.json"), text).unwrap();
    }

    pub fn cache(&self) -> PathBuf {
        self.folder.path().join("cache")
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_taglint"));
        command.args(arguments).current_dir(self.work());
        for name in [
            "DOCKER_CONFIG",
            "SSL_CERT_FILE",
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "ALL_PROXY",
            "http_proxy",
            "https_proxy",
            "all_proxy",
            "COLUMNS",
        ] {
            command.env_remove(name);
        }
        command
            .env("HOME", self.folder.path().join("home"))
            .env("XDG_CACHE_HOME", self.cache())
            .env("LC_ALL", "C.UTF-8");
        command
    }

    pub fn taglint(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    /// Audits images, and gives the JSON, which has to be as its schema says.
    pub fn audit(&self, arguments: &[&str]) -> Audited {
        let all = [&["audit", "--format", "json"], arguments].concat();
        let output = self.taglint(&all);
        let error = String::from_utf8(output.stderr).unwrap();
        let json: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| {
            panic!(
                "no JSON: {}{error}",
                String::from_utf8_lossy(&output.stdout)
            )
        });
        validate(&json);
        Audited {
            json,
            error,
            status: output.status.code().unwrap(),
        }
    }
}

fn validate(json: &Value) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/audit.schema.json");
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(json)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:?}");
}

pub struct Audited {
    pub json: Value,
    pub error: String,
    pub status: i32,
}

impl Audited {
    /// Rules and references of the findings, `rule reference-without-host`.
    pub fn findings(&self) -> Vec<String> {
        let findings = self.json["findings"].as_array().unwrap().iter();
        let told = findings.map(|finding| {
            let reference = finding["reference"].as_str().unwrap_or_default();
            let tag = reference.rsplit('/').next().unwrap();
            format!("{} {tag}", finding["rule"].as_str().unwrap())
        });
        let mut told: Vec<String> = told.collect();
        told.sort();
        told
    }

    /// Everything that could not be seen.
    pub fn partial(&self) -> Vec<String> {
        let images = self.json["images"].as_array().unwrap().iter();
        let lines = images.flat_map(|image| image["partial"].as_array().unwrap());
        let failures = self.json["failures"].as_array().unwrap().iter();
        let failures = failures.map(|failure| failure["reason"].as_str().unwrap());
        let lines = lines.map(|line| line.as_str().unwrap());
        lines.chain(failures).map(str::to_owned).collect()
    }

    pub fn requests(&self) -> u64 {
        self.json["summary"]["requests"].as_u64().unwrap()
    }

    /// What a channel stands on: `newest 0.24.9`.
    pub fn channel(&self, tag: &str) -> String {
        let channels = self.json["images"][0]["channels"].as_array().unwrap();
        let found = channels
            .iter()
            .find(|channel| channel["tag"] == tag)
            .unwrap();
        let of = |key: &str| found[key].as_str().unwrap_or_default().to_owned();
        format!("{} {}", of("stands"), of("version_tag"))
    }
}
