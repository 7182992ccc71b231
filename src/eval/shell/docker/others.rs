//! Other builders, and commands that publish in ways that are not followed.

use super::build::Build;
use super::flags;
use super::{Tool, What, subcommand, tables};
use crate::eval::shell::truth::Truth;
use crate::eval::shell::{Command, Word};
use crate::eval::unknown;

/// A build by ko.
#[derive(Debug, Clone, PartialEq)]
pub struct Ko {
    /// `$KO_DOCKER_REPO` for this command, where the script sets it.
    pub repository: Option<String>,
    /// The import paths that are built.
    pub packages: Vec<Word>,
    /// The values of `--tags`, split at commas; `latest` where there are none.
    pub tags: Vec<Word>,
    /// `--bare`: the repository is the name.
    pub bare: Truth,
    /// `--base-import-paths`: the name is the last part of the import path.
    pub base_import_paths: Truth,
    /// `--preserve-import-paths`: the name is the whole import path.
    pub preserve_import_paths: Truth,
    /// Whether it pushes to a registry.
    pub push: Truth,
}

pub(super) fn kaniko(words: &[Word]) -> Vec<What> {
    let parsed = flags::parse(words, &tables::KANIKO);
    vec![What::Kaniko {
        destinations: parsed.values(&["destination", "d"]),
        file: parsed.value(&["dockerfile", "f"]),
        context: parsed.value(&["context", "c"]),
        push: parsed.switch(&["no-push"]).not(),
        unknown: parsed.open,
    }]
}

/// `docker run … IMAGE arguments`: only what runs kaniko is followed.
pub(super) fn in_container(words: &[Word]) -> Vec<What> {
    let at = words
        .iter()
        .position(|word| word.text.contains("kaniko-project/executor"));
    match at {
        Some(at) => kaniko(words.get(at + 1..).unwrap_or_default()),
        None => Vec::new(),
    }
}

pub(super) fn other(name: &str, words: &[Word], command: &Command) -> Vec<What> {
    let rest = words.get(1..).unwrap_or_default();
    match name {
        "ko" => ko(rest, command),
        "pack" => pack(rest),
        "gcloud" => gcloud(rest),
        _ if publishes(name, rest) => vec![What::Unknown { what: shown(words) }],
        _ => Vec::new(),
    }
}

fn shown(words: &[Word]) -> String {
    let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    let text = unknown::pattern(&texts.join(" "));
    if text.chars().count() > 80 {
        return text.chars().take(79).collect::<String>() + "…";
    }
    text
}

fn ko(words: &[Word], command: &Command) -> Vec<What> {
    let Some((verb @ ("build" | "publish" | "apply" | "resolve" | "create" | "run"), rest)) =
        subcommand(words, &tables::ENGINE)
    else {
        return Vec::new();
    };
    let parsed = flags::parse(rest, &tables::KO);
    let given = command
        .assignments
        .iter()
        .find(|(name, _)| name == "KO_DOCKER_REPO");
    let repository = given
        .map(|(_, value)| value.clone())
        .or_else(|| command.exported.get("KO_DOCKER_REPO").cloned());
    let tags = parsed.values(&["tags", "t"]);
    let tags = tags
        .iter()
        .flat_map(|word| word.text.split(',').map(|text| flags::part(word, text)))
        .filter(|word| !word.text.is_empty())
        .collect();
    let pushes = if parsed.has(&["push"]) {
        parsed.switch(&["push"])
    } else {
        Truth::True
    };
    let push = pushes.and(parsed.switch(&["local", "L"]).not());
    // These take the packages out of manifests.
    if matches!(verb, "apply" | "resolve" | "create") && push != Truth::False {
        let what = format!("ko {verb}");
        return vec![What::Unknown { what }];
    }
    vec![What::Ko(Ko {
        repository,
        tags,
        bare: parsed.switch(&["bare"]),
        base_import_paths: parsed.switch(&["base-import-paths", "B"]),
        preserve_import_paths: parsed.switch(&["preserve-import-paths", "P"]),
        push,
        packages: parsed.arguments,
    })]
}

fn built(
    tool: Tool,
    tags: Vec<Word>,
    push: Truth,
    context: Option<Word>,
    unknown: Option<Word>,
) -> Vec<What> {
    vec![What::Build(Box::new(Build {
        tool,
        tags,
        push,
        outputs: Vec::new(),
        context,
        file: None,
        target: None,
        platforms: Vec::new(),
        build_args: Vec::new(),
        stray: Vec::new(),
        unknown,
    }))]
}

const PACK: flags::Table = flags::Table {
    switches: &[
        "publish",
        "clear-cache",
        "no-color",
        "quiet",
        "q",
        "verbose",
        "v",
        "trust-builder",
        "timestamps",
        "sparse",
        "interactive",
    ],
    mixed: true,
    tight: false,
};

fn pack(words: &[Word]) -> Vec<What> {
    let Some(("build", rest)) = subcommand(words, &tables::ENGINE) else {
        return Vec::new();
    };
    let parsed = flags::parse(rest, &PACK);
    let mut tags: Vec<Word> = parsed.arguments.first().cloned().into_iter().collect();
    tags.extend(parsed.values(&["tag", "t"]));
    built(
        Tool::Pack,
        tags,
        parsed.may_switch(&["publish"]),
        parsed.value(&["path", "p"]),
        parsed.open,
    )
}

const GCLOUD: flags::Table = flags::Table {
    switches: &[
        "async",
        "no-cache",
        "quiet",
        "q",
        "suppress-logs",
        "no-source",
    ],
    mixed: true,
    tight: false,
};

fn gcloud(words: &[Word]) -> Vec<What> {
    let at = words.iter().position(|word| word.text == "submit");
    let Some(at) = at.filter(|_| words.iter().any(|word| word.text == "builds")) else {
        return Vec::new();
    };
    let parsed = flags::parse(words.get(at + 1..).unwrap_or_default(), &GCLOUD);
    let tags = parsed.values(&["tag", "t"]);
    if tags.is_empty() {
        return vec![What::Unknown {
            what: "gcloud builds submit".to_owned(),
        }];
    }
    let context = parsed.arguments.first().cloned();
    built(Tool::Gcloud, tags, Truth::True, context, parsed.open)
}

/// Whether a command that is not followed publishes images by all that its words say.
fn publishes(name: &str, rest: &[Word]) -> bool {
    const RUNNERS: [&str; 17] = [
        "make", "gmake", "just", "task", "npm", "yarn", "pnpm", "npx", "rake", "mage", "gradle",
        "gradlew", "mvn", "mvnw", "bazel", "bash", "sh",
    ];
    let mentions = |text: &str, words: &[&str]| {
        let text = text.to_ascii_lowercase();
        words.iter().any(|word| text.contains(word))
    };
    let images = ["docker", "image", "container", "oci"];
    let sends = ["push", "publish", "release", "deploy"];
    let has = |wanted: &str| rest.iter().any(|word| word.text == wanted);
    match name {
        "earthly" => has("--push"),
        "az" => has("acr") && (has("build") || has("import")),
        _ if RUNNERS.contains(&name) => rest.iter().any(|word| {
            !word.text.contains('=')
                && mentions(&word.text, &images)
                && mentions(&word.text, &sends)
        }),
        _ => name.ends_with(".sh") && mentions(name, &images) && mentions(name, &sends),
    }
}
