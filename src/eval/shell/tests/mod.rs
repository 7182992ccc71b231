//! Scripts and what they run, as tables.

mod branches;
mod expansions;
mod filters;
mod hostile;
mod outputs;
mod released;

use super::*;

/// A step with a few variables, a tagged commit and a file.
pub(super) struct Step {
    pub(super) unknowns: Unknowns,
    repository: Repository,
}

impl Step {
    pub(super) fn new() -> Self {
        Self {
            unknowns: Unknowns::default(),
            repository: Repository {
                commit: Some("abcdef1000000000000000000000000000000000".to_owned()),
                branch: Some("main".to_owned()),
                tags: Some(vec!["v1.2.3".to_owned()]),
                last_tag: None,
            },
        }
    }

    /// Runs a script in which `%SECRET%` stands for something unknown.
    pub(super) fn run(&self, text: &str) -> Rc<Run> {
        let secret = self
            .unknowns
            .note("secrets.X", "a secret")
            .as_char()
            .to_string();
        let text = text.replace("%SECRET%", &secret);
        run(&Script {
            text: &text,
            environment: self,
            unknowns: &self.unknowns,
            locate: &|_| None,
        })
    }
}

impl Environment for Step {
    fn variable(&self, name: &str) -> Variable {
        match name {
            "GITHUB_REF" => Variable::Known("refs/tags/v1.2.3".to_owned()),
            "GITHUB_REF_NAME" => Variable::Known("v1.2.3".to_owned()),
            "GITHUB_SHA" => Variable::Known("abcdef1000000000000000000000000000000000".to_owned()),
            "GITHUB_REPOSITORY" => Variable::Known("Owner/App".to_owned()),
            "SECRET" => Variable::Unknown(self.unknowns.note("secrets.X", "a secret")),
            "JSON" => Variable::Known(
                r#"{"tags":["a/b:1","a/b:latest"],"target":{"x-y":{"n":2}}}"#.to_owned(),
            ),
            _ => Variable::Unset,
        }
    }

    fn git(&self, arguments: &[String]) -> Option<String> {
        self.repository.answer(arguments)
    }

    fn file(&self, path: &str) -> Option<String> {
        match path {
            "VERSION" => Some("1.2.3\n".to_owned()),
            "ci/push.sh" => Some(
                "#!/usr/bin/env bash\nset -eu\ntag() { echo \"$1:$VERSION\"; }\n\
                 x push $(tag \"$1\") ${HIDDEN:-none}\nVERSION=9\n"
                    .to_owned(),
            ),
            "ci/loop.sh" => Some("./ci/loop.sh\n".to_owned()),
            "ci/tool" => Some("#!/usr/bin/env python3\nprint(1)\n".to_owned()),
            "ci/vars.sh" => Some("NAME=app\nfull() { echo \"acme/$NAME\"; }\n".to_owned()),
            "sub/package.json" => {
                Some("{\n  \"name\": \"x\",\n  \"version\": \"4.5.6\"\n}\n".to_owned())
            }
            _ => None,
        }
    }
}

/// The commands of a script, one a line; what is not certain follows a `?`, and words are joined
/// by bars where blanks would hide where they end.
pub(super) fn commands(text: &str) -> String {
    let step = Step::new();
    let run = step.run(text);
    let shown: Vec<String> = run
        .commands
        .iter()
        .map(|command| {
            let words: Vec<String> = command
                .words
                .iter()
                .map(|word| {
                    let text = crate::eval::unknown::pattern(&word.text);
                    let text = if text.is_empty() || text.contains(char::is_whitespace) {
                        format!("<{text}>")
                    } else {
                        text
                    };
                    if word.certain {
                        text
                    } else {
                        format!("({text})")
                    }
                })
                .collect();
            let mark = if command.certain { "" } else { "? " };
            format!("{mark}{}", words.join(" "))
        })
        .collect();
    shown.join("; ")
}

/// What a script hands on, as `name=value`, with `?` where that is not certain.
pub(super) fn handed_on(text: &str) -> String {
    let step = Step::new();
    let run = step.run(text);
    let shown: Vec<String> = run
        .outputs
        .iter()
        .chain(&run.environment)
        .map(|assignment| {
            let value = crate::eval::unknown::pattern(&assignment.value).replace('\n', "|");
            let mark = if assignment.certain { "" } else { "?" };
            format!("{mark}{}={value}", assignment.name)
        })
        .collect();
    shown.join(" ; ")
}

pub(super) fn check(table: &[(&str, &str)]) {
    let mut wrong = String::new();
    for (script, wanted) in table {
        let found = commands(script);
        if found != *wanted {
            wrong.push_str(&format!(
                "\n--- {script}\n  wanted {wanted}\n  found  {found}\n"
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}
