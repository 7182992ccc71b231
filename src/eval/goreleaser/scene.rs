//! What templates see: the fields of a release, the environment, and functions.

use std::collections::BTreeMap;
use std::rc::Rc;

use jiff::Timestamp;

use super::config::{Config, Text};
use super::function;
use super::version::Version;
use crate::eval::go_template::{self, Access, Host, Map, Rendering, TemplateError, Value, time};
use crate::eval::unknown::{self, Unknowns};
use crate::eval::value::Truth;
use crate::source::Place;

/// The git tag at the commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tag {
    /// There is one; its name may hold unknown parts.
    At(String),
    /// There is none.
    None,
}

/// What a call finds around it.
pub struct Situation<'a> {
    /// The tag.
    pub tag: Tag,
    /// The full commit hash.
    pub commit: Option<String>,
    /// The branch; `HEAD` where none is checked out.
    pub branch: Option<String>,
    /// `OWNER/NAME` on GitHub.
    pub repository: Option<String>,
    /// When the run starts.
    pub time: Option<Timestamp>,
    /// Whether what is not released is built.
    pub snapshot: bool,
    /// Whether it is a nightly build.
    pub nightly: bool,
    /// A variable of the environment, as a template asks for it.
    pub variable: &'a dyn Fn(&str, Access) -> Option<Value>,
    /// The path of the Go module in a folder.
    pub module: &'a dyn Fn(&str) -> Option<String>,
    /// Where unknowns are noted.
    pub unknowns: &'a Unknowns,
}

/// Something that makes the run fail: what it says, and where.
pub type Fault = (String, Place);

/// The fields of a release, and its environment.
pub(super) struct Scene<'a> {
    pub(super) situation: &'a Situation<'a>,
    own: BTreeMap<String, Value>,
    fields: BTreeMap<String, Value>,
    pub(super) project: Value,
    /// Whether it is a pre-release.
    pub(super) prerelease: Truth,
}

impl<'a> Scene<'a> {
    /// The scene of a call.
    ///
    /// # Errors
    /// Where a template of the configuration's own fails, or the tag is no version.
    pub(super) fn new(
        config: &Config,
        situation: &'a Situation<'a>,
        at: Place,
    ) -> Result<Self, Fault> {
        let mut scene = Self {
            situation,
            own: BTreeMap::new(),
            fields: BTreeMap::new(),
            project: Value::text(""),
            prerelease: Truth::False,
        };
        scene.constants(config);
        for (name, kind) in [("Tag", ""), ("Version", ""), ("RawVersion", "0.0.0")] {
            scene.set(name, Value::text(kind));
        }
        for name in ["Major", "Minor", "Patch"] {
            scene.set(name, Value::Int(0));
        }
        // The configuration's variables are set before anything is known of the tag.
        for variable in &config.env {
            let text = scene.one(variable)?;
            match text.split_once('=') {
                Some((name, value)) => {
                    scene.own.insert(name.to_owned(), Value::text(value));
                }
                None if unknown::is_known(&text) => {
                    let message = format!("`{text}` in `env` sets no variable");
                    return Err((message, variable.at));
                }
                None => {}
            }
        }
        scene.release(config, at)?;
        scene.project = scene.project_name(config)?;
        scene.set("ProjectName", scene.project.clone());
        Ok(scene)
    }

    fn set(&mut self, name: &str, value: Value) {
        self.fields.insert(name.to_owned(), value);
    }

    fn unknown(&self, name: &str, reason: &str) -> Value {
        Value::Unknown(self.situation.unknowns.note(format!(".{name}"), reason))
    }

    /// What does not hang on the tag.
    fn constants(&mut self, config: &Config) {
        let situation = self.situation;
        let commit = situation.commit.as_deref();
        let reason = "the commit is not known";
        let full = commit.map_or_else(|| self.unknown("FullCommit", reason), Value::text);
        let short = commit.map(|commit| commit.chars().take(7).collect::<String>());
        let short = short.map_or_else(|| self.unknown("ShortCommit", reason), Value::text);
        self.set("Commit", full.clone());
        self.set("FullCommit", full);
        self.set("ShortCommit", short);
        let branch = situation.branch.as_deref();
        let branch = branch.map_or_else(|| self.unknown("Branch", "the branch"), Value::text);
        self.set("Branch", branch);
        for name in [
            "CommitDate",
            "CommitTimestamp",
            "PreviousTag",
            "PrefixedPreviousTag",
            "PrefixedSummary",
            "TagSubject",
            "TagContents",
            "TagBody",
            "ReleaseNotes",
            "Outputs",
            "Artifacts",
            "Metadata",
            "Checksums",
        ] {
            let value = self.unknown(name, "known only when it runs");
            self.set(name, value);
        }
        match situation.time {
            Some(now) => {
                let date = time::format(now, "2006-01-02T15:04:05Z07:00");
                self.set("Date", Value::text(date));
                self.set("Timestamp", Value::Int(now.as_second()));
                self.set("Now", Value::Time(now));
            }
            None => {
                for name in ["Date", "Timestamp", "Now"] {
                    let value = self.unknown(name, "the time of the run");
                    self.set(name, value);
                }
            }
        }
        for (name, truth) in [
            ("IsSnapshot", situation.snapshot),
            ("IsNightly", situation.nightly),
            ("IsRelease", !situation.snapshot && !situation.nightly),
            ("IsSingleTarget", false),
            ("IsMerging", false),
            ("IsGitDirty", false),
            ("IsGitClean", true),
            ("IsDraft", config.draft),
        ] {
            self.set(name, Value::Bool(truth));
        }
        self.set("GitTreeState", Value::text("clean"));
        let machine = [("Goos", "linux"), ("Goarch", "amd64")];
        self.set(
            "Runtime",
            map(machine.map(|(name, value)| (name, Value::text(value)))),
        );
        self.set("Env", Value::Hosted);
        let variables = config.variables.iter();
        let variables =
            variables.map(|(name, text)| (name.as_str(), Value::text(text.text.as_str())));
        self.set("Var", map(variables));
        let module = (situation.module)("");
        let module = module.map_or_else(
            || self.unknown("ModulePath", "`go.mod` is not in this repository's files"),
            Value::text,
        );
        self.set("ModulePath", module);
        let address = situation.repository.as_ref();
        let address = address.map(|name| format!("https://github.com/{name}"));
        let address = address.map_or_else(|| self.unknown("GitURL", "the remote"), Value::text);
        self.set("GitURL", address);
        self.set("Prerelease", Value::text(""));
        self.set("ReleaseURL", Value::text(""));
        self.set("Summary", Value::text(""));
    }

    /// The tag and what it says.
    fn release(&mut self, config: &Config, at: Place) -> Result<(), Fault> {
        let prefix = config.tag_prefix.as_ref().map(|text| text.text.as_str());
        let full = match &self.situation.tag {
            Tag::At(tag) if unknown::is_known(tag) => Some(tag.clone()),
            _ => None,
        };
        let Some(full) = full else {
            let reason = "the newest tag of the commit's history";
            for name in ["Tag", "PrefixedTag", "Summary", "Version", "RawVersion"] {
                let value = self.unknown(name, reason);
                self.set(name, value);
            }
            if let Tag::At(tag) = &self.situation.tag {
                self.set("Tag", Value::text(tag.as_str()));
                self.set("PrefixedTag", Value::text(tag.as_str()));
            }
            for name in ["Major", "Minor", "Patch", "Prerelease", "ReleaseURL"] {
                let value = self.unknown(name, reason);
                if let ("Prerelease", Value::Unknown(mark)) = (name, &value) {
                    self.prerelease = Truth::Unknown(*mark);
                }
                self.set(name, value);
            }
            return self.versioned(config, at);
        };
        let tag = prefix.and_then(|prefix| full.strip_prefix(prefix));
        let tag = tag.unwrap_or(&full);
        let Some(version) = Version::read(tag) else {
            let message = format!("GoReleaser fails: the tag `{tag}` is no semantic version");
            return Err((message, at));
        };
        self.set("Tag", Value::text(tag));
        self.set("PrefixedTag", Value::text(full.as_str()));
        self.set("Summary", Value::text(tag));
        let plain = tag.strip_prefix('v').unwrap_or(tag);
        self.set("Version", Value::text(plain));
        self.set("RawVersion", Value::text(version.core()));
        self.set("Major", Value::Int(version.major));
        self.set("Minor", Value::Int(version.minor));
        self.set("Patch", Value::Int(version.patch));
        self.prerelease = Truth::from(!version.prerelease.is_empty());
        self.set("Prerelease", Value::text(version.prerelease));
        let address = self.situation.repository.as_ref();
        let address = address.map(|name| format!("https://github.com/{name}/releases/tag/{full}"));
        let address = address.map_or_else(|| self.unknown("ReleaseURL", "the remote"), Value::text);
        self.set("ReleaseURL", address);
        self.versioned(config, at)
    }

    /// The version of what is not released, and of nightly builds, has a template of its own.
    fn versioned(&mut self, config: &Config, at: Place) -> Result<(), Fault> {
        let usual = |text: &str| Text {
            text: text.to_owned(),
            at,
        };
        let template = if self.situation.snapshot {
            let usual = usual("{{ .Version }}-SNAPSHOT-{{ .ShortCommit }}");
            config.snapshot.clone().unwrap_or(usual)
        } else if self.situation.nightly {
            let usual = usual("{{ incpatch .Version }}-{{ .ShortCommit }}-nightly");
            config.nightly.clone().unwrap_or(usual)
        } else {
            return Ok(());
        };
        let version = self.one(&template)?;
        self.set("Version", Value::text(version));
        Ok(())
    }

    /// The project's name: as given, else that of the repository, else that of the Go module.
    fn project_name(&self, config: &Config) -> Result<Value, Fault> {
        if let Some(name) = config
            .project_name
            .as_ref()
            .filter(|name| !name.text.is_empty())
        {
            return Ok(Value::text(self.one(name)?));
        }
        if let Some(name) = &config.repository_name {
            return Ok(Value::text(self.one(name)?));
        }
        if let Some((_, name)) = self
            .situation
            .repository
            .as_deref()
            .and_then(|r| r.split_once('/'))
        {
            return Ok(Value::text(name));
        }
        let Some(module) = (self.situation.module)("") else {
            return Ok(self.unknown("ProjectName", "the name of the repository"));
        };
        let mut parts = module.rsplit('/');
        let last = parts.next().unwrap_or_default();
        let numbered = last
            .strip_prefix('v')
            .is_some_and(|rest| !rest.is_empty() && rest.chars().all(|c| c.is_ascii_digit()));
        let name = if numbered {
            parts.next().unwrap_or(last)
        } else {
            last
        };
        Ok(Value::text(name))
    }

    /// The texts that a template may give.
    pub(super) fn render(&self, template: &Text) -> Result<Vec<Rendering>, Fault> {
        let data = Value::Map(Rc::new(Map {
            entries: self.fields.clone(),
            of_text: false,
        }));
        let unknowns = self.situation.unknowns;
        let before = unknowns.set_place(Some(template.at));
        let rendered = go_template::render(&template.text, &data, self, unknowns);
        unknowns.set_place(before);
        rendered.map_err(|error| {
            let message = format!("GoReleaser fails: template `{}`: {error}", template.text);
            (message, template.at)
        })
    }

    /// The text that a template gives; one that is not known where it may give several.
    pub(super) fn one(&self, template: &Text) -> Result<String, Fault> {
        let mut rendered = self.render(template)?;
        match (rendered.pop(), rendered.is_empty()) {
            (Some(only), true) if only.doubts.is_empty() => Ok(only.text),
            (Some(first), _) => {
                let reason = "it depends on something that is not known";
                let what = format!("`{}`", template.text);
                let unknowns = self.situation.unknowns;
                let mark = first.doubts.first().and_then(|mark| unknowns.get(*mark));
                let reason = mark.map_or_else(|| reason.to_owned(), |mark| mark.reason);
                let mark = unknowns.note_at(what, reason, Some(template.at));
                Ok(mark.as_char().to_string())
            }
            (None, _) => Ok(String::new()),
        }
    }

    /// Whether a template gives `true`.
    pub(super) fn truth(&self, template: Option<&Text>) -> Result<Truth, Fault> {
        let Some(template) = template else {
            return Ok(Truth::False);
        };
        let rendered = self.render(template)?;
        let truths = rendered.iter().map(|way| {
            let text = way.text.trim();
            match unknown::first_mark(text) {
                Some(mark) => Truth::Unknown(mark),
                None => Truth::from(text.eq_ignore_ascii_case("true")),
            }
        });
        Ok(joined(truths, &rendered))
    }

    /// A variable as the program itself looks it up.
    pub(super) fn variable(&self, name: &str) -> Option<Value> {
        self.entry(name, Access::Index)
    }
}

/// One truth of several ways.
pub(super) fn joined(truths: impl Iterator<Item = Truth>, ways: &[Rendering]) -> Truth {
    let truths: Vec<Truth> = truths.collect();
    let Some(first) = truths.first().copied() else {
        return Truth::False;
    };
    if truths.iter().all(|truth| *truth == first) {
        return first;
    }
    let unknown = truths.iter().find(|truth| truth.known().is_none());
    let doubt = ways.iter().find_map(|way| way.doubts.first());
    doubt.map_or(unknown.copied().unwrap_or(first), |mark| {
        Truth::Unknown(*mark)
    })
}

fn map<'n>(entries: impl IntoIterator<Item = (&'n str, Value)>) -> Value {
    let entries = entries.into_iter();
    Value::Map(Rc::new(Map {
        entries: entries
            .map(|(name, value)| (name.to_owned(), value))
            .collect(),
        of_text: true,
    }))
}

impl Host for Scene<'_> {
    fn knows(&self, function: &str) -> bool {
        function::knows(function)
    }

    fn call(
        &self,
        function: &str,
        arguments: &[Value],
        unknowns: &Unknowns,
    ) -> Result<Value, TemplateError> {
        function::call(self, function, arguments, unknowns)
    }

    fn entry(&self, name: &str, access: Access) -> Option<Value> {
        let own = self.own.get(name).cloned();
        own.or_else(|| (self.situation.variable)(name, access))
    }
}
