//! ko: the images of Go packages, entered into the account.

use super::go;
use super::ledger::Ledger;
use crate::eval::ko::{self, Naming};
use crate::eval::shell::docker::Ko;
use crate::eval::shell::{Truth, Variable, Word};
use crate::eval::unknown::{self, Unknowns};
use crate::files::Files;
use crate::source::Place;

/// A call, with what is around it.
pub struct Call<'a> {
    /// The command as read.
    pub ko: &'a Ko,
    /// The repository.
    pub files: &'a dyn Files,
    /// Where unknowns are noted.
    pub unknowns: &'a Unknowns,
    /// Where it runs, from the root of the repository; empty for there.
    pub folder: &'a str,
    /// A variable of the environment.
    pub environment: &'a dyn Fn(&str) -> Variable,
    /// Where a word stands.
    pub place: &'a dyn Fn(&Word) -> Place,
    /// The step.
    pub step: usize,
    /// Where the call stands.
    pub at: Place,
}

/// Enters what a call publishes; `false` where it fails for certain.
pub fn publish(call: &Call<'_>, ledger: &mut Ledger<'_>) -> bool {
    let given = call.ko.repository.clone().map(Variable::Known);
    let given = given.unwrap_or_else(|| (call.environment)("KO_DOCKER_REPO"));
    let repository = match given {
        Variable::Known(repository) => repository,
        Variable::Unknown(mark) => mark.as_char().to_string(),
        Variable::Unset => String::new(),
    };
    if repository.is_empty() {
        let message = "ko fails: KO_DOCKER_REPO is not set";
        ledger.fault(message.to_owned(), call.at);
        return false;
    }
    // Images of these go to the machine alone.
    if matches!(repository.as_str(), "ko.local" | "kind.local") {
        return true;
    }
    let doubts = ledger.doubts();
    if call.ko.push == Truth::Unknown {
        let reason = "it depends on something that is not known";
        let mark = call.unknowns.note_at("a push", reason, Some(call.at));
        ledger.doubt(mark);
    }
    let packages: Vec<&str> = call
        .ko
        .packages
        .iter()
        .map(|word| word.text.as_str())
        .collect();
    let packages = if packages.is_empty() {
        vec!["."]
    } else {
        packages
    };
    for package in packages {
        let name = call.name(&repository, package);
        let build = ledger.blank_build(call.step, call.at);
        let number = ledger.build(build);
        if call.ko.tags.is_empty() {
            ledger.publish(&format!("{name}:latest"), number, call.at, true);
        }
        for tag in &call.ko.tags {
            let reference = format!("{name}:{}", tag.text);
            ledger.publish(&reference, number, (call.place)(tag), tag.certain);
        }
    }
    ledger.restore_doubts(doubts);
    true
}

impl Call<'_> {
    fn name(&self, repository: &str, package: &str) -> String {
        let on = |truth| truth == Truth::True;
        let naming = Naming::of(
            on(self.ko.bare),
            on(self.ko.base_import_paths),
            on(self.ko.preserve_import_paths),
        );
        let path = self.import_path(package).unwrap_or_else(|| {
            let reason = "the path of the Go module";
            let mark = self
                .unknowns
                .note_at("an import path", reason, Some(self.at));
            mark.as_char().to_string()
        });
        ko::name(repository, &path, naming, self.unknowns)
    }

    fn import_path(&self, package: &str) -> Option<String> {
        if package.contains("...") || !unknown::is_known(package) {
            return None;
        }
        if !package.starts_with('.') {
            return Some(ko::import_path("", package));
        }
        // The module is that of the nearest folder above.
        let folder = self.folder.trim_matches('/');
        let mut module = folder;
        loop {
            let file = if module.is_empty() {
                "go.mod".to_owned()
            } else {
                format!("{module}/go.mod")
            };
            if let Some(path) = self.files.read(&file).and_then(|text| go::module(&text)) {
                let inside = folder.strip_prefix(module)?.trim_matches('/');
                return Some(ko::import_path(&path, &format!("./{inside}/{package}")));
            }
            if module.is_empty() {
                return None;
            }
            module = module.rsplit_once('/').map_or("", |(above, _)| above);
        }
    }
}
