//! Nothing outside of the repository is read, whatever its files name or link to.

use std::os::unix::fs::symlink;

use super::{Folder, WORKFLOW, script, workflow};

/// What each file outside holds: were it read, its word would be somewhere in what is printed.
const CANARY: &str = "canary";

fn outside(folder: &Folder) {
    for (name, text) in [
        ("compose.yml", "services: {a: {image: 'canary:latest'}}\n"),
        ("env", "V=canary\n"),
        (
            "k.yaml",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec: {containers: [{image: 'canary:latest'}]}\n",
        ),
        (
            "kustomization.yaml",
            "resources: [k.yaml]\nimages: [{name: nginx, newName: canary}]\n",
        ),
        (
            "action.yml",
            "name: c\nruns: {using: composite, steps: [{run: docker push canary/x:1, shell: bash}]}\n",
        ),
        (
            "r.yml",
            "on: workflow_call\njobs: {a: {runs-on: x, steps: [{run: docker push canary/y:1}]}}\n",
        ),
        (
            "docker-bake.hcl",
            "target \"default\" {\n tags = [\"canary/z:1\"]\n}\n",
        ),
        ("Dockerfile", "FROM canary:latest\n"),
        ("VERSION", "canary\n"),
        ("Makefile", "push:\n\tdocker push canary/m:1\n"),
        ("g.yml", "x: {script: [docker push canary/g:1]}\n"),
        ("taglint.yaml", "version: 1\ncanary: 1\n"),
        ("values.yaml", "image: {repository: canary, tag: latest}\n"),
        ("s.sh", "docker push canary/s:1\n"),
        (
            ".goreleaser.yaml",
            "version: 2\ndockers: [{image_templates: ['canary/gr:1']}]\n",
        ),
    ] {
        folder.write(format!("out/{name}"), text);
    }
}

/// Everything that names a further file, by one way to it.
fn inside(folder: &Folder, place: &str, way: &str) {
    let up = format!("../{way}");
    let write = |path: &str, text: String| {
        folder.write(format!("{place}/{path}"), text);
    };
    write(
        "a/compose.yml",
        format!(
            "include: ['{way}/compose.yml', '{up}/compose.yml']\nservices:\n  b: {{extends: {{file: '{up}/compose.yml', service: a}}}}\n  c: {{image: 'nginx:${{V}}', env_file: '{up}/env'}}\n"
        ),
    );
    write(
        "b/compose.yml",
        format!("include: [{{path: x.yml, env_file: '{up}/env', project_directory: '{up}'}}]\n"),
    );
    write("b/x.yml", "services: {a: {image: 'x:${V}'}}\n".to_owned());
    write(
        "c/kustomization.yaml",
        format!(
            "resources: ['{way}', '{up}', '{up}/k.yaml']\nbases: ['{up}']\ncomponents: ['{up}']\npatches: [{{path: '{up}/k.yaml'}}]\n"
        ),
    );
    let steps = format!(
        "      - uses: ./{way}\n      - uses: ./{up}\n      - uses: docker/bake-action@v6\n        with: {{push: true, files: '{way}/docker-bake.hcl'}}\n      - uses: docker/bake-action@v6\n        with: {{push: true, source: '{way}', workdir: '{way}'}}\n      - uses: goreleaser/goreleaser-action@v6\n        with: {{args: 'release -f {way}/.goreleaser.yaml', workdir: '{way}'}}\n"
    );
    let commands = [
        "docker buildx bake -f WAY/docker-bake.hcl --push",
        "docker build -f WAY/Dockerfile -t a/b:1 --push WAY",
        "docker push a/c:$(cat WAY/VERSION)",
        "docker push a/c:$(< WAY/VERSION)",
        "source WAY/s.sh",
        ". WAY/s.sh",
        "bash WAY/s.sh",
        "WAY/s.sh",
        "make -f WAY/Makefile push",
        "make -C WAY push",
        "docker compose -f WAY/compose.yml push",
        "docker compose --env-file WAY/env push",
        "goreleaser release -f WAY/.goreleaser.yaml",
        "x=$(jq -r . WAY/VERSION)",
        "docker push a/d:$x",
        "cd WAY",
        "make push",
        "docker buildx bake --push",
        "docker push a/e:$(cat VERSION)",
    ];
    let commands = commands.join("\n").replace("WAY", way);
    let calls = format!(
        "  c: {{uses: './{way}/r.yml'}}\n  d: {{uses: './.github/workflows/../../{way}/r.yml'}}\n"
    );
    write(
        WORKFLOW,
        workflow(&format!("{steps}{}{calls}", script(&commands))),
    );
    write(
        ".gitlab-ci.yml",
        format!(
            "include: ['{way}/g.yml', '/{way}/g.yml', {{local: '{up}/g.yml'}}, {{local: '/{way}/*.yml'}}]\na: {{script: ['cd {way} && make push', 'docker push a/x:$(cat {up}/VERSION)']}}\n"
        ),
    );
}

fn printed(folder: &Folder) -> String {
    let mut all = String::new();
    for arguments in [
        &[
            "check",
            "--format",
            "json",
            "--list-images",
            "--fail-on",
            "never",
        ][..],
        &["check", "--fail-on", "never"],
        &["plan"],
        &["plan", "--format", "json"],
    ] {
        let script = "cd repo && exec \"$@\"";
        let ran = folder.shell(script, arguments);
        all.push_str(&ran.text());
        all.push_str(&ran.errors());
    }
    assert!(all.contains("a/b"), "{all}");
    all
}

#[test]
fn paths_that_lead_out() {
    let folder = Folder::new("paths");
    std::fs::create_dir_all(folder.0.join("repo/.git")).unwrap();
    outside(&folder);
    let absolute = folder.0.join("out").display().to_string();
    for way in ["../out", &absolute, "./../repo/../out", "sub/../../out"] {
        inside(&folder, "repo", way);
        let all = printed(&folder);
        assert!(!all.contains(CANARY), "by {way}: {all}");
    }
    // The test would tell: from above, the same files are those of the run.
    let ran = folder.run(&["check", "--format", "json", "--fail-on", "never"]);
    assert!(ran.text().contains(CANARY));
}

#[test]
fn links_that_lead_out() {
    let folder = Folder::new("links");
    std::fs::create_dir_all(folder.0.join("repo/.git")).unwrap();
    outside(&folder);
    inside(&folder, "repo", "link");
    symlink("../out", folder.0.join("repo/link")).unwrap();
    std::fs::create_dir_all(folder.0.join("repo/files")).unwrap();
    for entry in std::fs::read_dir(folder.0.join("out")).unwrap() {
        let name = entry.unwrap().file_name();
        let target = std::path::Path::new("../../out").join(&name);
        symlink(target, folder.0.join("repo/files").join(&name)).unwrap();
    }
    symlink("../../out/env", folder.0.join("repo/files/.env")).unwrap();
    folder.write(
        "repo/files/compose.prod.yml",
        "services: {a: {image: 'nginx:${V}'}}\n",
    );
    let all = printed(&folder);
    assert!(!all.contains(CANARY), "{all}");
    let told = "files/taglint.yaml: the link leads out of the repository";
    assert!(all.contains(told), "{all}");
    // One that stays inside is followed, and one that is named is meant.
    folder.write(
        "repo/shared.yaml",
        "version: 1\nrules: {floating-tag: 'off'}\n",
    );
    std::fs::remove_file(folder.0.join("repo/files/taglint.yaml")).unwrap();
    symlink("../shared.yaml", folder.0.join("repo/files/taglint.yaml")).unwrap();
    folder.write(
        "repo/files/x.yml",
        "services: {a: {image: 'nginx:latest'}}\n",
    );
    let ran = folder.shell(
        "cd repo && exec \"$@\"",
        &["check", "files/x.yml", "--format", "concise"],
    );
    assert!(ran.text().is_empty(), "{}", ran.text());
    let ran = folder.shell(
        "cd repo && exec \"$@\"",
        &["check", "--config", "../out/taglint.yaml"],
    );
    assert!(ran.text().contains(CANARY), "{}", ran.text());
}

#[test]
fn links_that_lead_nowhere() {
    let folder = Folder::new("loops");
    folder.write("a/compose.yml", "services: {a: {image: 'nginx:latest'}}\n");
    symlink("..", folder.0.join("a/up")).unwrap();
    symlink("a", folder.0.join("b")).unwrap();
    symlink("two.yaml", folder.0.join("one.yaml")).unwrap();
    symlink("one.yaml", folder.0.join("two.yaml")).unwrap();
    for name in ["taglint.yaml", ".gitignore", ".env"] {
        symlink(name, folder.0.join(name)).unwrap();
    }
    assert_eq!(folder.check().len(), 1);
    let ran = folder.run(&["check", "one.yaml"]);
    assert_eq!(ran.status(), Some(2));
    assert!(ran.errors().contains("one.yaml: "), "{}", ran.errors());
}
