//! Projects in a few lines each: files, and the services that they come to.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::*;

/// Files by their paths.
struct Tree(BTreeMap<String, String>);

impl Files for Tree {
    fn read(&self, path: &str) -> Option<String> {
        self.0.get(path).cloned()
    }

    fn holds(&self, path: &str) -> Option<bool> {
        Some(self.0.contains_key(path))
    }
}

/// Files written one after the other, each below a line `# PATH`.
fn tree(text: &str) -> Tree {
    let mut files = BTreeMap::new();
    for part in text.trim_start().trim_start_matches("# ").split("\n# ") {
        let (path, text) = part.split_once('\n').unwrap_or((part, ""));
        files.insert(path.to_owned(), format!("{text}\n"));
    }
    Tree(files)
}

fn loaded(text: &str, files: &[&str], lenient: bool) -> Result<Project, ComposeError> {
    let files: Vec<String> = files.iter().map(|&file| file.to_owned()).collect();
    load(&Request {
        files: &tree(text),
        folder: "",
        compose_files: &files,
        env_files: &[],
        environment: &|_| None,
        fallback: &|_| None,
        profiles: &[],
        lenient,
    })
}

/// The services with their images and tags, and the files that decide them.
fn shown(text: &str, files: &[&str]) -> String {
    let project = match loaded(text, files, false) {
        Ok(project) => project,
        Err(error) => return format!("refused: {}", error.message),
    };
    let mut out = String::new();
    let place = |value: &Value| format!("{}@{}", value.text, project.files[value.at.file]);
    for service in &project.services {
        let _ = write!(out, "{}", service.name);
        if !service.enabled {
            out.push_str("(off)");
        }
        if let Some(image) = &service.image {
            let _ = write!(out, "={}", place(image));
        }
        if let Some(build) = &service.build {
            let tags: Vec<String> = build.tags.iter().map(place).collect();
            let _ = write!(out, "[{} {}]", build.context, tags.join(" "));
        }
        out.push(' ');
    }
    out.trim_end().replace(" ]", "]")
}

const BASE: &str = "# compose.yaml\nservices:\n  a:\n    image: a:1\n    build: {context: x, tags: [t:1]}\n# over.yaml\n";

#[test]
fn later_files_lie_over_earlier_ones() {
    for (over, expected) in [
        (
            "services: {a: {image: a:2}}",
            "a=a:2@over.yaml[x t:1@compose.yaml]",
        ),
        (
            "services: {a: {image: !reset null}}",
            "a[x t:1@compose.yaml]",
        ),
        ("services: {a: {build: !reset {}}}", "a=a:1@compose.yaml"),
        (
            "services: {a: {build: !override {context: y}}}",
            "a=a:1@compose.yaml[y]",
        ),
        (
            "services: {a: {build: {tags: [t:2, t:1]}}}",
            "a=a:1@compose.yaml[x t:1@over.yaml t:2@over.yaml]",
        ),
        (
            "services: {a: {build: {tags: !override [t:3]}}}",
            "a=a:1@compose.yaml[x t:3@over.yaml]",
        ),
        ("services: {a: }", "a=a:1@compose.yaml[x t:1@compose.yaml]"),
        (
            "services: {a: {build: y}}",
            "a=a:1@compose.yaml[y t:1@compose.yaml]",
        ),
        (
            "services: {a: [x]}",
            "refused: this cannot override what stands earlier",
        ),
        ("services: !reset {}", "refused: the compose file is empty"),
        (
            "services: {a: {image: 1}}",
            "refused: `image` must be a string",
        ),
        (
            "services: {a: {imag: x}}",
            "refused: a service has no `imag`",
        ),
        ("a: 1\nservices: {}", "refused: the file has no `a`"),
        (
            "services: {b: {depends_on: [c], image: b}}",
            "refused: the service `b` depends on `c`, which is not there",
        ),
        (
            "services: {b: {env_file: c, image: b}}",
            "refused: the service `b` takes variables from `c`, which is not there",
        ),
        (
            "services: {b: {image: b, depends_on: {c: {condition: service_started, required: false}}}, c: {image: c, profiles: [x]}}",
            "a=a:1@compose.yaml[x t:1@compose.yaml] b=b@over.yaml c(off)=c@over.yaml",
        ),
        (
            "services: {a: {image: a:2}}\n---\nservices: {a: {image: a:3}}",
            "a=a:3@over.yaml[x t:1@compose.yaml]",
        ),
    ] {
        let text = format!("{BASE}{over}");
        assert_eq!(
            shown(&text, &["compose.yaml", "over.yaml"]),
            expected,
            "{over}"
        );
    }
}

#[test]
fn services_are_extended() {
    for (text, expected) in [
        (
            "# compose.yaml\nservices: {a: {extends: {file: x/y.yaml, service: b}, image: a:1}}\n# x/y.yaml\nservices: {b: {extends: {file: ../z.yaml, service: c}, build: .}}\n# z.yaml\nservices: {c: {image: c:1, build: {tags: [c:2]}}}",
            "a=a:1@compose.yaml[x c:2@z.yaml]",
        ),
        (
            "# compose.yaml\nservices: {a: {extends: b}, b: {extends: c}, c: {image: c:1}}",
            "a=c:1@compose.yaml b=c:1@compose.yaml c=c:1@compose.yaml",
        ),
        (
            "# compose.yaml\nservices: {a: {extends: b, image: !reset null}, b: {image: b:1, build: .}}",
            "a[.] b=b:1@compose.yaml[.]",
        ),
        (
            "# compose.yaml\nservices: {a: {extends: c}}",
            "refused: `compose.yaml` has no service `c` to extend",
        ),
        (
            "# compose.yaml\nservices: {a: {extends: {file: n.yaml, service: c}}}",
            "refused: `n.yaml` cannot be read",
        ),
        (
            "# compose.yaml\nservices: {a: {extends: {file: x.yaml, service: a}}}\n# x.yaml\nservices: {a: {extends: {file: compose.yaml, service: a}}}",
            "refused: services extend each other",
        ),
    ] {
        assert_eq!(shown(text, &["compose.yaml"]), expected, "{text}");
    }
}

#[test]
fn projects_are_included() {
    for (text, expected) in [
        (
            "# compose.yaml\ninclude: [x/c.yaml]\nservices: {b: {image: b:2}}\n# x/c.yaml\nservices: {b: {image: b:1, build: .}, c: {image: \"c:${T}\"}}\n# x/.env\nT=3",
            "b=b:2@compose.yaml[x] c=c:3@x/c.yaml",
        ),
        (
            "# compose.yaml\ninclude: [x.yaml]\n# x.yaml\ninclude: [y.yaml]\n# y.yaml\ninclude: [x.yaml]",
            "refused: `x.yaml` includes itself",
        ),
        (
            "# compose.yaml\ninclude: [{path: [x.yaml, y.yaml], env_file: [e, f]}]\n# x.yaml\nservices: {x: {image: \"x:$A\"}}\n# y.yaml\nservices: {x: {build: \"$B\"}}\n# e\nA=1\nB=1\n# f\nB=2",
            "x=x:1@x.yaml[2]",
        ),
        (
            "# compose.yaml\ninclude: [{path: x.yaml, env_file: e}]\n# x.yaml\nservices: {}",
            "refused: `e` cannot be read",
        ),
        (
            "# compose.yaml\ninclude: x.yaml",
            "refused: `include` must be a list",
        ),
    ] {
        assert_eq!(shown(text, &[]), expected, "{text}");
    }
}

#[test]
fn files_are_chosen() {
    for (text, expected) in [
        (
            "# docker-compose.yml\nservices: {a: {image: a}}\n# docker-compose.yaml\n",
            "a=a@docker-compose.yml",
        ),
        (
            "# compose.yml\nservices: {a: {image: a}}\n# docker-compose.override.yml\nservices: {a: {image: b}}",
            "a=b@docker-compose.override.yml",
        ),
        (
            "# .env\nCOMPOSE_FILE=x/a.yml:b.yml\n# x/a.yml\nservices: {a: {image: \"a:$T\", build: .}}\n# b.yml\nservices: {b: {image: b}}\n# x/.env\nT=9",
            "a=a:9@x/a.yml[x] b=b@b.yml",
        ),
        (
            "# .env\nCOMPOSE_FILE=a.yml;b.yml\nCOMPOSE_PATH_SEPARATOR=;\nCOMPOSE_PROFILES=x, y\n# a.yml\nservices: {a: {image: a, profiles: [y]}}\n# b.yml\nservices: {b: {image: b, profiles: [z]}}",
            "a=a@a.yml b(off)=b@b.yml",
        ),
        ("# x", "refused: there is no compose file"),
        ("# compose.yaml", "refused: the compose file is empty"),
        (
            "# compose.yaml\nname: My-App\nservices: {a: {image: \"$COMPOSE_PROJECT_NAME\"}}",
            "a=my-app@compose.yaml",
        ),
    ] {
        assert_eq!(shown(text, &[]), expected, "{text}");
    }
}

#[test]
fn anchors_and_merge_keys_count() {
    let text = "# compose.yaml\nx-a: &a {image: a:1, build: .}\nx-b: &b {image: b:1, profiles: [p]}\nservices:\n  a: {<<: [*a, *b]}\n  b: {<<: *b, image: b:2}\n  c: *a";
    let expected = "a(off)=a:1@compose.yaml[.] b(off)=b:2@compose.yaml c=a:1@compose.yaml[.]";
    assert_eq!(shown(text, &[]), expected);
    for text in [
        "# compose.yaml\nservices: {a: {<<: x, image: a}}",
        "# compose.yaml\nservices: {a: {<<: {}, <<: {}, image: a}}",
        "# compose.yaml\nservices: {a: *x}",
        "# compose.yaml\nservices: {a: {image: a, 1: x}}",
    ] {
        assert!(shown(text, &[]).starts_with("refused"), "{text}");
    }
}

#[test]
fn the_lenient_go_on() {
    let text = "# compose.yaml\ninclude: [oci://x/y]\nservices: {a: {extends: {file: n, service: b}, image: \"a:${T:?no}\"}, b: {}}";
    let project = loaded(text, &[], true).unwrap();
    let images: Vec<&Value> = project
        .services
        .iter()
        .filter_map(|s| s.image.as_ref())
        .collect();
    assert_eq!(images.len(), 1);
    assert!(matches!(
        images[0].problem,
        Some(InterpolateError::Required { .. })
    ));
    assert_eq!(project.unread.len(), 2);
}

#[test]
fn what_is_replaced_is_told() {
    let text = "# compose.yaml\ninclude: [x.yaml]\nservices: {a: {image: a:2}, b: {extends: {file: y.yaml, service: b}, image: b:2}}\n# x.yaml\nservices: {a: {image: a:1}, c: {image: c:1}}\n# y.yaml\nservices: {b: {image: b:1}, d: {image: d:1}}";
    let project = loaded(text, &[], true).unwrap();
    let text = tree(text);
    let of = |origin: &Origin| {
        let text = text.read(&project.files[origin.file]).unwrap();
        text.get(origin.span.start..origin.span.end)
            .unwrap()
            .to_owned()
    };
    let mut replaced: Vec<String> = project.replaced.iter().map(of).collect();
    replaced.sort();
    assert_eq!(replaced, ["a:1", "b:1"]);
}

#[test]
fn hostile_projects_end() {
    let doubling: String = (0..40)
        .map(|n| format!("# {n}.yaml\ninclude: [{}.yaml, {}.yaml]\n", n + 1, n + 1))
        .collect();
    assert!(loaded(&doubling, &["0.yaml"], true).is_ok_and(|p| p.services.is_empty()));
    let wide: String = (0..5_000)
        .map(|n| format!("  s{n}: {{extends: s{}}}\n", n + 1))
        .collect();
    let wide = format!("# c.yaml\nservices:\n{wide}");
    assert!(loaded(&wide, &["c.yaml"], false).is_err());
    let bomb = "# c.yaml\nx-a: &a [1,1,1,1,1,1,1,1,1]\nx-b: &b [*a,*a,*a,*a,*a,*a,*a,*a]\nx-c: &c [*b,*b,*b,*b,*b,*b,*b,*b]\nx-d: &d [*c,*c,*c,*c,*c,*c,*c,*c]\nx-e: &e [*d,*d,*d,*d,*d,*d,*d,*d]\nx-f: &f [*e,*e,*e,*e,*e,*e,*e,*e]\nservices: {a: {image: a}}";
    assert!(loaded(bomb, &["c.yaml"], false).is_err());
    let deep = format!("# c.yaml\nx: {}1{}", "[".repeat(150), "]".repeat(150));
    assert!(loaded(&deep, &["c.yaml"], false).is_err());
}
