//! Scripts and what they do with images, as tables.

use super::*;
use crate::eval::shell::tests::Step;
use crate::eval::unknown::pattern;

fn words(words: &[Word]) -> String {
    let shown: Vec<String> = words
        .iter()
        .map(|word| {
            let text = pattern(&word.text);
            if word.certain {
                text
            } else {
                format!("({text})")
            }
        })
        .collect();
    shown.join(",")
}

fn truth(name: &str, truth: Truth) -> String {
    match truth {
        Truth::True => format!(" {name}"),
        Truth::False => String::new(),
        Truth::Unknown => format!(" {name}?"),
    }
}

fn part(name: &str, word: Option<&Word>) -> String {
    word.map_or_else(String::new, |word| {
        format!(" {name}={}", pattern(&word.text))
    })
}

fn show(what: &What) -> String {
    match what {
        What::Build(build) => {
            let mut text = format!("build {}", words(&build.tags));
            text += &truth("push", build.push);
            text += &truth("by-digest", build.by_digest());
            for output in &build.outputs {
                if !output.names.is_empty() {
                    text += &format!(" names={}", words(&output.names));
                }
            }
            text += &part("in", build.context.as_ref());
            text += &part("file", build.file.as_ref());
            text += &part("target", build.target.as_ref());
            if !build.platforms.is_empty() {
                text += &format!(" for={}", words(&build.platforms));
            }
            if !build.stray.is_empty() {
                text += &format!(" stray={}", words(&build.stray));
            }
            text += &part("unknown", build.unknown.as_ref());
            if build.is_refused() {
                text += " refused";
            }
            text
        }
        What::Bake(bake) => format!(
            "bake {} files={} sets={}{}{}",
            words(&bake.targets),
            words(&bake.files),
            words(&bake.sets),
            truth("push", bake.push),
            truth("print", bake.print)
        ),
        What::Tag { from, to } => format!("tag {} {}", pattern(&from.text), pattern(&to.text)),
        What::Push {
            reference,
            all_tags,
            destination,
            stray,
            ..
        } => {
            let stray = if stray.is_empty() {
                String::new()
            } else {
                format!(" stray={}", words(stray))
            };
            format!(
                "push {}{}{}{stray}",
                pattern(&reference.text),
                truth("all", *all_tags),
                part("to", destination.as_ref())
            )
        }
        What::Pull { reference } => format!("pull {}", pattern(&reference.text)),
        What::ManifestCreate { name, sources } => {
            format!("list {} of {}", pattern(&name.text), words(sources))
        }
        What::ManifestPush { name, destination } => {
            format!(
                "push list {}{}",
                pattern(&name.text),
                part("to", destination.as_ref())
            )
        }
        What::ImagetoolsCreate {
            tags,
            sources,
            append,
            dry_run,
            unknown,
        } => format!(
            "create {} of {}{}{}{}",
            words(tags),
            words(sources),
            truth("append", *append),
            truth("dry", *dry_run),
            part("unknown", unknown.as_ref())
        ),
        What::Copy { from, to, all_tags } => {
            format!(
                "copy {} {}{}",
                pattern(&from.text),
                pattern(&to.text),
                truth("all", *all_tags)
            )
        }
        What::RegistryTag { reference, tag } => {
            format!("retag {} {}", pattern(&reference.text), pattern(&tag.text))
        }
        What::Login { registry } => format!("login{}", part("to", registry.as_ref())),
        What::Compose(compose) => format!(
            "compose {} files={}{}{}",
            words(&compose.services),
            words(&compose.files),
            if compose.build { " build" } else { "" },
            truth("push", compose.push)
        ),
        What::Kaniko {
            destinations,
            push,
            file,
            context,
            ..
        } => format!(
            "kaniko {}{}{}{}",
            words(destinations),
            truth("push", *push),
            part("file", file.as_ref()),
            part("in", context.as_ref())
        ),
        What::Ko(ko) => format!(
            "ko {} tags={} repo={}{}{}",
            words(&ko.packages),
            words(&ko.tags),
            ko.repository.as_deref().unwrap_or("-"),
            truth("bare", ko.bare),
            truth("push", ko.push)
        ),
        What::Goreleaser { arguments } => format!("goreleaser {}", words(arguments)),
        What::Unknown { what } => format!("unknown {what}"),
    }
}

pub(in crate::eval::shell) fn shown(run: &Run) -> String {
    let shown: Vec<String> = actions(run)
        .iter()
        .map(|action| {
            format!(
                "{}{}",
                if action.certain { "" } else { "? " },
                show(&action.what)
            )
        })
        .collect();
    shown.join("; ")
}

fn check(table: &[(&str, &str)]) {
    let mut wrong = String::new();
    for (script, wanted) in table {
        let found = shown(&Step::new().run(script));
        if found != *wanted {
            wrong.push_str(&format!(
                "\n--- {script}\n  wanted {wanted}\n  found  {found}\n"
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn builds() {
    check(&[
        ("docker build -t a .", "build a in=."),
        (
            "docker build -ta --tag b --tag=c -f d/Dockerfile --target=x --build-arg V=1 --push d",
            "build a,b,c push in=d file=d/Dockerfile target=x",
        ),
        (
            "docker buildx build --no-cache \\\n--platform=linux/amd64,linux/arm64 \\\n-t emqx/nanomq:$(git describe --tags --always) emqx/nanomq:latest \\\n-f deploy/docker/Dockerfile . \\\n--push",
            "build emqx/nanomq:v1.2.3 push in=emqx/nanomq:latest file=deploy/docker/Dockerfile for=linux/amd64,linux/arm64 stray=. refused",
        ),
        (
            "docker build -qt a .; docker build -q=false -t b .",
            "build a in=.; build b in=.",
        ),
        ("docker build -t a", "build a refused"),
        ("docker build -t a . \"$U\"", "build a in=. stray= refused"),
        ("docker build -t a . $U", "build a in=."),
        (
            "docker build $SECRET -t a .",
            "build a push? in=. unknown={?}",
        ),
        (
            "docker build -t a . $SECRET",
            "build a push? in=. unknown={?}",
        ),
        ("docker build -t $SECRET .", "build {?} in=."),
        (
            "docker build -t a:$SECRET --push=false . ",
            "build a:{?} in=.",
        ),
        (
            "docker --context c -H h image build -t a .; docker -D builder build -t b .",
            "build a in=.; build b in=.",
        ),
        (
            "docker buildx --builder x b -t a --output=type=registry .",
            "build a push in=.",
        ),
        (
            "docker buildx build -o type=image,\\\"name=a,b\\\",push=true,push-by-digest=true .",
            "build  push by-digest names=a,b in=.",
        ),
        (
            "docker buildx build --output type=image,name=a:1,push=${SECRET} .",
            "build  push? names=a:1 in=.",
        ),
        (
            "docker buildx build -t a -o type=docker -o type=local,dest=x .",
            "build a in=.",
        ),
        (
            "docker buildx build -t a -- . b",
            "build a in=. stray=b refused",
        ),
        ("docker buildx build - < Dockerfile", "build  in=-"),
        (
            "podman build -t a --manifest m --pull=always . ; buildah bud -t b .",
            "build a,m in=.; build b in=.",
        ),
        ("buildah bud . -t b", "build  in=. stray=-t,b refused"),
        (
            "A=(-t x); [ $SECRET = y ] && A+=(-t z); docker build \"${A[@]}\" .",
            "build x,(z) in=.",
        ),
        (
            "P=; [ $SECRET = y ] && P=--push; docker build $P -t a .",
            "build a push? in=. unknown={?}",
        ),
        (
            "sudo docker build -t a .; env X=1 docker build -t b .; timeout 10m docker build -t c .",
            "build a in=.; build b in=.; build c in=.",
        ),
        (
            "gcloud builds submit --tag gcr.io/a/b . ; pack build a --publish -t b --path x",
            "build gcr.io/a/b push in=.; build a,b push in=x",
        ),
        ("depot build -t a --push .", "build a push in=."),
    ]);
}

#[test]
fn tags_and_pushes() {
    check(&[
        ("docker tag a b:1; docker push b:1", "tag a b:1; push b:1"),
        (
            "docker image tag a b; docker image push -q b",
            "tag a b; push b",
        ),
        (
            "docker push --all-tags a; docker push -a b",
            "push a all; push b all",
        ),
        (
            "for t in 1 latest; do docker tag x r:$t; docker push r:$t; done",
            "tag x r:1; push r:1; tag x r:latest; push r:latest",
        ),
        ("docker push a b", "push a stray=b"),
        ("docker push $SECRET", "push {?}"),
        (
            "docker tag a $SECRET; docker manifest create $SECRET b c; crane cp $SECRET d",
            "tag a {?}; list {?} of b,c; copy {?} d",
        ),
        ("docker tag a", ""),
        (
            "podman push a docker://b:1; buildah push c; podman tag a b c; podman push x dir:/y",
            "push a to=b:1; push c; tag a b; tag a c",
        ),
        (
            "echo p | docker login -u u --password-stdin ghcr.io; docker login -p x -u y",
            "login to=ghcr.io; login",
        ),
        (
            "docker pull a && docker tag a b && docker push b",
            "pull a; tag a b; push b",
        ),
        (
            "docker manifest create r:1 --amend r:1-a --amend r:1-b; docker manifest annotate r:1 r:1-a --arch a; docker manifest push -p r:1",
            "list r:1 of r:1-a,r:1-b; push list r:1",
        ),
        (
            "podman manifest push --all l docker://r:1",
            "push list l to=r:1",
        ),
        (
            "echo r:1 r:2 | xargs -n 1 docker push",
            "push r:1; push r:2",
        ),
        (
            "docker run x docker push a; docker ps; docker images; docker load -i x",
            "",
        ),
    ]);
}

#[test]
fn registries_and_others() {
    check(&[
        (
            "docker buildx imagetools create $(jq -cr '.tags | map(\"-t \" + .) | join(\" \")' <<< \"$JSON\") \\\n $(printf 'r@sha256:%s ' *)",
            "create a/b:1,a/b:latest of r@sha256:{?}",
        ),
        (
            "docker buildx imagetools create -t r:1 --append r:1-a; docker buildx imagetools create --dry-run -t r:2 r:x; docker buildx imagetools inspect r:1",
            "create r:1 of r:1-a append; create r:2 of r:x dry",
        ),
        (
            "skopeo copy --all --src-tls-verify=false docker://a docker://b:1; skopeo copy docker://a oci:x",
            "copy a b:1",
        ),
        (
            "crane cp a b; crane copy a b --platform linux/amd64; crane tag r:1 latest",
            "copy a b; copy a b; retag r:1 latest",
        ),
        (
            "regctl image copy a b; oras cp a b; oras tag r:1 x y",
            "copy a b; copy a b; retag r:1 x; retag r:1 y",
        ),
        (
            "docker buildx bake -f a.hcl -f b.json --set *.tags=x --push t u",
            "bake t,u files=a.hcl,b.json sets=*.tags=x push",
        ),
        (
            "docker buildx bake --print | jq .",
            "bake  files= sets= print",
        ),
        (
            "docker compose -f a.yml -f b.yml build --push web; docker-compose push; docker compose up -d",
            "compose web files=a.yml,b.yml build push; compose  files= push",
        ),
        (
            "/kaniko/executor --context . --dockerfile D --destination a:1 --destination=b:2",
            "kaniko a:1,b:2 push file=D in=.",
        ),
        ("/kaniko/executor --no-push -d a", "kaniko a"),
        (
            "docker run -v x:y gcr.io/kaniko-project/executor:latest -d a:1 -c x",
            "kaniko a:1 push in=x",
        ),
        (
            "export KO_DOCKER_REPO=ghcr.io/a; ko build ./cmd/x --bare --tags 1,latest",
            "ko ./cmd/x tags=1,latest repo=ghcr.io/a bare push",
        ),
        (
            "make docker-push VERSION=1; ./scripts/push-image.sh; ./gradlew jib; goreleaser release --clean; earthly --push +x",
            "unknown make docker-push VERSION=1; unknown ./scripts/push-image.sh; unknown gradlew jib: its build file names the image; goreleaser release,--clean; unknown earthly --push +x",
        ),
        (
            "mvn -B compile jib:build -Djib.to.image=ghcr.io/a/b -Djib.to.tags=1,latest; ./mvnw jib:dockerBuild",
            "build ghcr.io/a/b,ghcr.io/a/b:1,ghcr.io/a/b:latest push",
        ),
        (
            "./gradlew :app:jib --image=a/b:1; gradle bootBuildImage --publishImage --imageName=a/c:2; gradle bootBuildImage",
            "build a/b:1 push; build a/c:2 push",
        ),
        ("make test; npm publish; git push", ""),
    ]);
}
