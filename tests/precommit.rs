//! The hooks under the real pre-commit, in a real repository. They run the binary of this build; that
//! `language: rust` builds from source is tried by `scripts/try-install`.

#![allow(clippy::unwrap_used, clippy::panic)]

mod tools;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn pre_commit() -> Option<PathBuf> {
    tools::find("pre-commit")
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

    fn run(&self, arguments: &[&str], env: &[(&str, &Path)]) -> Output {
        Command::new("git")
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
            .envs(env.iter().copied())
            .env("LC_ALL", "C.UTF-8")
            .output()
            .unwrap()
    }

    fn git(&self, arguments: &[&str]) -> String {
        let output = self.run(arguments, &[]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "git {arguments:?}: {said}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    fn write(&self, path: &str, text: &str) {
        let file = self.0.join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }

    fn commit(&self, path: &str, text: &str) {
        self.write(path, text);
        self.git(&["add", "-A"]);
        self.git(&["commit", "--quiet", "-m", "a change"]);
    }
}

impl Drop for Repository {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// A repository that offers the hooks of this one, for the binary of this build.
fn hooks(name: &str) -> Repository {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join(".pre-commit-hooks.yaml");
    let binary = env!("CARGO_BIN_EXE_taglint");
    let hooks = std::fs::read_to_string(manifest).unwrap();
    assert_eq!(hooks.matches("language: rust").count(), 2);
    let hooks = hooks
        .replace("language: rust", "language: system")
        .replace("entry: taglint", &format!("entry: {binary}"));
    let source = Repository::new(name);
    source.commit(".pre-commit-hooks.yaml", &hooks);
    source
}

#[test]
fn hooks_judge_commits_in_a_real_repository() {
    let Some(tool) = pre_commit() else { return };
    let source = hooks("hooks");
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

/// A release of three variants whose suffix does not reach `latest`; what mends it is safe.
const WORKFLOW: &str = ".github/workflows/release.yml";

fn release() -> (String, String) {
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/fixes/onlatest");
    let bad = std::fs::read_to_string(fixture.join(WORKFLOW)).unwrap();
    let line = "suffix=${{ matrix.suffix }}\n";
    assert_eq!(bad.matches(line).count(), 1);
    let good = bad.replace(line, "suffix=${{ matrix.suffix }},onlatest=true\n");
    (bad, good)
}

/// A repository with the hook installed by pre-commit itself, as `git commit` runs it.
struct Installed {
    source: Repository,
    work: Repository,
}

impl Installed {
    fn new(tool: &Path, hook: &str) -> Self {
        let source = hooks(&format!("{hook}-source"));
        let work = Repository::new(&format!("{hook}-work"));
        let config = format!(
            "repos:\n  - repo: {}\n    rev: {}\n    hooks: [{{ id: {hook} }}]\n",
            source.0.display(),
            source.git(&["rev-parse", "HEAD"]),
        );
        for suffix in ["", "-slim", "-full"] {
            work.write(&format!("deploy/Dockerfile{suffix}"), "FROM scratch\n");
        }
        work.commit(".pre-commit-config.yaml", &config);
        let installed = Command::new(tool)
            .arg("install")
            .current_dir(&work.0)
            .output()
            .unwrap();
        assert!(installed.status.success());
        assert!(work.0.join(".git/hooks/pre-commit").is_file());
        Self { source, work }
    }

    /// Stages everything and commits: whether git did, and what was said.
    fn commit(&self) -> (bool, String) {
        self.work.git(&["add", "-A"]);
        let before = self.work.git(&["rev-parse", "HEAD"]);
        let cache = self.source.0.join("cache");
        let home: &[(&str, &Path)] = &[("PRE_COMMIT_HOME", &cache)];
        let output = self.work.run(&["commit", "-m", "a change"], home);
        let said = String::from_utf8_lossy(&output.stderr).into_owned()
            + &String::from_utf8_lossy(&output.stdout);
        let done = self.work.git(&["rev-parse", "HEAD"]) != before;
        assert_eq!(done, output.status.success(), "{said}");
        (done, said)
    }
}

#[test]
fn an_installed_hook_refuses_bad_commits_and_lets_good_ones_pass() {
    let Some(tool) = pre_commit() else { return };
    let installed = Installed::new(&tool, "taglint");
    let (bad, good) = release();
    installed.work.write(WORKFLOW, &bad);
    let (done, said) = installed.commit();
    assert!(!done, "{said}");
    assert!(said.contains("error[contested-tag]"), "{said}");
    assert!(said.contains("exit code: 1"), "{said}");
    let kept = std::fs::read_to_string(installed.work.0.join(WORKFLOW)).unwrap();
    assert_eq!(kept, bad, "the hook that judges writes nothing");
    installed.work.write(WORKFLOW, &good);
    let (done, said) = installed.commit();
    assert!(done, "{said}");
    // What is changed and not staged is no part of the commit, and is not judged.
    installed
        .work
        .write("app/Dockerfile", "FROM alpine:3.22.2\n");
    installed.work.git(&["add", "-A"]);
    installed.work.write(WORKFLOW, &bad);
    let cache = installed.source.0.join("cache");
    let home: &[(&str, &Path)] = &[("PRE_COMMIT_HOME", &cache)];
    let output = installed.work.run(&["commit", "-m", "a file"], home);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let kept = std::fs::read_to_string(installed.work.0.join(WORKFLOW)).unwrap();
    assert_eq!(kept, bad, "the change is there again afterwards");
}

#[test]
fn the_fixing_hook_mends_what_is_safe_and_passes_once_it_is_staged() {
    let Some(tool) = pre_commit() else { return };
    let installed = Installed::new(&tool, "taglint-fix");
    let (bad, good) = release();
    installed.work.write(WORKFLOW, &bad);
    let (done, said) = installed.commit();
    assert!(!done, "what is committed would be the text before: {said}");
    assert!(said.contains("files were modified by this hook"), "{said}");
    assert!(said.contains("fixed 2 findings in 1 file"), "{said}");
    let mended = std::fs::read_to_string(installed.work.0.join(WORKFLOW)).unwrap();
    assert_eq!(mended, good);
    assert_eq!(installed.work.git(&["diff", "--name-only"]), WORKFLOW);
    let (done, said) = installed.commit();
    assert!(done, "{said}");
    assert_eq!(installed.work.git(&["status", "--porcelain"]), "");
    assert_eq!(
        installed.work.git(&["show", &format!("HEAD:{WORKFLOW}")]),
        good.trim()
    );
    // What no safe fix mends is reported, and nothing is written.
    let floating = "services: {web: {image: 'nginx:latest'}}\n";
    installed.work.write("prod/compose.yml", floating);
    let (done, said) = installed.commit();
    assert!(!done, "{said}");
    assert!(said.contains("warning[floating-tag]"), "{said}");
    assert!(!said.contains("files were modified"), "{said}");
}
