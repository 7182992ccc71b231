//! The hooks under the real pre-commit, in a real repository. They run the binary of this build; that
//! `language: rust` builds from source is tried by `scripts/try-install`.

#![allow(clippy::unwrap_used, clippy::panic)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn pre_commit() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let tools = std::env::var_os("TAGLINT_TEST_TOOLS").map(PathBuf::from);
    let tools = tools.unwrap_or_else(|| root.join("target/test-tools"));
    let tool = tools.join("bin/pre-commit");
    let set = |name: &str, value: &str| std::env::var(name).is_ok_and(|given| given == value);
    let required = set("CI", "true") || set("TAGLINT_REQUIRE_TOOLS", "1");
    let found = tool.is_file();
    assert!(
        found || !required,
        "run scripts/install-test-tools pre-commit"
    );
    if !found {
        println!(
            "skipped: there is no pre-commit; scripts/install-test-tools pre-commit brings it"
        );
    }
    found.then_some(tool)
}

/// A git repository that goes away with the test.
struct Repository(PathBuf);

impl Repository {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("taglint-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        let repository = Self(folder);
        repository.git(&["init", "--quiet", "--initial-branch=main"]);
        repository
    }

    fn git(&self, arguments: &[&str]) {
        let status = Command::new("git")
            .args([
                "-c",
                "user.name=a",
                "-c",
                "user.email=a@example.org",
                "-c",
                "commit.gpgsign=false",
            ])
            .args(arguments)
            .current_dir(&self.0)
            .status();
        assert!(status.unwrap().success(), "git {arguments:?}");
    }

    fn commit(&self, path: &str, text: &str) {
        let file = self.0.join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
        self.git(&["add", "-A"]);
        self.git(&["commit", "--quiet", "-m", "a change"]);
    }
}

impl Drop for Repository {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn hooks_judge_commits_in_a_real_repository() {
    let Some(tool) = pre_commit() else { return };
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join(".pre-commit-hooks.yaml");
    let binary = env!("CARGO_BIN_EXE_taglint");
    let hooks = std::fs::read_to_string(manifest).unwrap();
    assert_eq!(hooks.matches("language: rust").count(), 2);
    let hooks = hooks
        .replace("language: rust", "language: system")
        .replace("entry: taglint", &format!("entry: {binary}"));
    let source = Repository::new("hooks");
    source.commit(".pre-commit-hooks.yaml", &hooks);
    let work = Repository::new("commits");
    let try_hook = |hook: &str, files: &[&str]| -> Output {
        Command::new(&tool)
            .arg("try-repo")
            .arg(&source.0)
            .args([hook, "--verbose", "--files"])
            .args(files)
            .current_dir(&work.0)
            .env("PRE_COMMIT_HOME", source.0.join("cache"))
            .env("LC_ALL", "C.UTF-8")
            .output()
            .unwrap()
    };
    let judge = |hook: &str, files: &[&str], wanted: &str, status: i32| {
        let output = try_hook(hook, files);
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            said.contains(wanted),
            "{hook} {files:?}: no `{wanted}` in\n{said}"
        );
        assert_eq!(output.status.code(), Some(status), "{said}");
    };
    work.commit(
        "prod/compose.yml",
        "services: {web: {image: 'nginx:1.27.4'}}\n",
    );
    judge("taglint", &["prod/compose.yml"], "0 findings in 1 file", 0);
    work.commit("README.md", "words\n");
    judge("taglint", &["README.md"], "no files to check", 0);
    work.commit(
        "prod/compose.yml",
        "services: {web: {image: 'nginx:latest-slim'}}\n",
    );
    judge("taglint", &["prod/compose.yml"], "warning[floating-tag]", 1);
    // A change elsewhere brings the whole repository to judgement.
    work.commit("app/Dockerfile", "FROM alpine:3.22.2\n");
    judge("taglint", &["app/Dockerfile"], "warning[floating-tag]", 1);
    judge("taglint-fix", &["app/Dockerfile"], "floating-tag", 1);
    for (name, matters) in [
        ("Kustomization", true),
        ("a.env", true),
        (".env.prod", true),
        ("docker-bake.hcl", true),
        ("Makefile", true),
        ("Dockerfile.slim", true),
        ("scripts/release.sh", true),
        ("src/main.rs", false),
        ("notes.txt", false),
    ] {
        work.commit(name, "# text\n");
        let output = try_hook("taglint", &[name]);
        let said = String::from_utf8_lossy(&output.stdout);
        assert_eq!(
            !said.contains("no files to check"),
            matters,
            "{name}: {said}"
        );
    }
}
