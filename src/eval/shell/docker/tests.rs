use super::*;

fn command(text: &str) -> Vec<Action> {
    let word = |text: &str| Word {
        text: text.to_owned(),
        span: 0..0,
        certain: true,
        open: false,
    };
    actions(&[Command {
        words: text.split(' ').map(word).collect(),
        span: 0..0,
        certain: true,
        assignments: Vec::new(),
        exported: std::rc::Rc::default(),
        directory: String::new(),
        input: None,
    }])
}

fn told(text: &str) -> Vec<String> {
    let texts = |words: &[Word]| {
        let texts: Vec<_> = words.iter().map(|word| word.text.as_str()).collect();
        texts.join(" ")
    };
    let tell = |action: Action| match action.kind {
        ActionKind::Build(build) => format!(
            "build [{}] {:?} in {} stray [{}]",
            texts(&build.tags),
            build.pushes,
            build.context.map(|word| word.text).unwrap_or_default(),
            texts(&build.stray)
        ),
        ActionKind::Tag { from, to } => format!("tag {} {}", from.text, to.text),
        ActionKind::Pull(reference) => format!("pull {}", reference.text),
        ActionKind::Push {
            reference,
            all_tags,
        } => format!("push {} {all_tags}", reference.text),
        ActionKind::Join {
            targets,
            sources,
            push,
        } => {
            format!("join [{}] of [{}] {push}", texts(&targets), texts(&sources))
        }
        ActionKind::Copy { from, to } => format!("copy {} {}", from.text, to.text),
        ActionKind::Opaque(what) => format!("opaque {what}"),
    };
    command(text).into_iter().map(tell).collect()
}

#[test]
fn commands_do_what_their_words_say() {
    for (text, expected) in [
        ("docker build -t a:1 .", "build [a:1] No in . stray []"),
        (
            "sudo docker build -t a:1 -ta:2 --tag=a:3 --pull -q .",
            "build [a:1 a:2 a:3] No in . stray []",
        ),
        (
            "docker buildx build --no-cache --platform=linux/amd64 -t a:1 a:latest -f x/Dockerfile . --push",
            "build [a:1] Tags in . stray [a:latest]",
        ),
        (
            "docker --context remote image build -t a .",
            "build [a] No in . stray []",
        ),
        (
            "docker buildx build --push=false -t a:1 .",
            "build [a:1] No in . stray []",
        ),
        (
            "docker buildx build -o type=registry,name=a:2 .",
            "build [a:2] Tags in . stray []",
        ),
        (
            "docker buildx build --output type=image,push-by-digest=true,push=true,name=a .",
            "build [a] Digest in . stray []",
        ),
        (
            "podman build -t a:1 . extra",
            "build [a:1] No in . stray []",
        ),
        ("docker tag a:1 b:2", "tag a:1 b:2"),
        ("docker push -a a", "push a true"),
        ("docker image push a:1", "push a:1 false"),
        ("podman push a:1 docker://b:2", "copy a:1 b:2"),
        (
            "docker manifest create a:1 --amend a:1-amd64 a:1-arm64",
            "join [a:1] of [a:1-amd64 a:1-arm64] false",
        ),
        ("docker manifest push --purge a:1", "push a:1 false"),
        (
            "docker buildx imagetools create -t a:1 -t a:2 b@sha256:1",
            "join [a:1 a:2] of [b@sha256:1] true",
        ),
        (
            "skopeo copy --all docker://a:1 docker://b:2",
            "copy a:1 b:2",
        ),
        (
            "crane tag reg:5000/a:1 latest",
            "copy reg:5000/a:1 reg:5000/a:latest",
        ),
        ("regctl image copy a:1 b:1", "copy a:1 b:1"),
        ("/kaniko/executor --destination a:1", "copy a:1 a:1"),
        (
            "make docker-push TAG=1",
            "opaque `make docker-push`, which is not evaluated",
        ),
        (
            "docker buildx bake --push release",
            "opaque a bake file, which is not evaluated",
        ),
    ] {
        assert_eq!(told(text), [expected], "{text}");
    }
    for text in [
        "docker run a:1",
        "docker login",
        "skopeo copy docker://a dir:/tmp/x",
        "make test",
        "crane ls a",
    ] {
        assert!(told(text).is_empty(), "{text}");
    }
}
