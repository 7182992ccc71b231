//! `docker compose build` and `docker compose push`: the images of services, entered into the
//! account. Pushed is what has both an `image` and a `build`.

use super::ledger::Ledger;
use crate::eval::compose::{Origin, Project, Request, Service, Value, load};
use crate::eval::shell::Variable;
use crate::eval::unknown::{self, Unknowns};
use crate::eval::value::Truth;
use crate::files::Files;
use crate::source::Place;

/// A call.
pub struct Call<'a> {
    /// The repository.
    pub files: &'a dyn Files,
    /// Where unknowns are noted.
    pub unknowns: &'a Unknowns,
    /// The compose files named.
    pub named: Vec<String>,
    /// The files of variables named.
    pub env_files: Vec<String>,
    /// The profiles named.
    pub profiles: Vec<String>,
    /// The services named; none means all.
    pub services: Vec<String>,
    /// Whether it builds.
    pub builds: bool,
    /// Whether it pushes.
    pub push: Truth,
    /// Where it runs, from the root of the repository; empty for there.
    pub folder: String,
    /// A variable of the environment.
    pub environment: &'a dyn Fn(&str) -> Variable,
    /// The step.
    pub step: usize,
    /// Where the call stands.
    pub at: Place,
}

/// Enters what a call builds and pushes.
pub fn publish(call: &Call<'_>, ledger: &mut Ledger<'_>) {
    let project = match call.load() {
        Ok(project) => project,
        Err(_) if call.push == Truth::False => return,
        Err(reason) => return call.opaque(reason, call.at, ledger),
    };
    for name in &call.services {
        unknown::marks(name).for_each(|mark| ledger.opaque(mark));
    }
    if call.push != Truth::False {
        for (reason, at) in &project.unread {
            let at = call.place(&project, *at);
            call.opaque(reason.clone(), at, ledger);
        }
    }
    for service in project.services.iter().filter(|s| call.takes(s)) {
        call.enter(&project, service, ledger);
    }
}

impl Call<'_> {
    fn opaque(&self, reason: String, at: Place, ledger: &mut Ledger<'_>) {
        let what = "the services of compose files";
        ledger.opaque(self.unknowns.note_at(what, reason, Some(at)));
    }

    /// Whether the call is about a service: one of a profile has to be asked for.
    fn takes(&self, service: &Service) -> bool {
        match self.services.is_empty() {
            true => service.enabled,
            false => self.services.contains(&service.name),
        }
    }

    fn load(&self) -> Result<Project, String> {
        let mut paths = self
            .named
            .iter()
            .chain(&self.env_files)
            .chain([&self.folder]);
        if !paths.all(|path| unknown::is_known(path)) {
            return Err("one of the files is not known".to_owned());
        }
        let known = |name: &str| match (self.environment)(name) {
            Variable::Known(value) => Some(value),
            Variable::Unset | Variable::Unknown(_) => None,
        };
        // What is not known of the shell gives way to what `.env` is known to set.
        let open = |name: &str| match (self.environment)(name) {
            Variable::Unknown(mark) => Some(mark.as_char().to_string()),
            Variable::Known(_) | Variable::Unset => None,
        };
        let project = load(&Request {
            files: self.files,
            folder: self.folder.trim_matches('/'),
            compose_files: &self.named,
            env_files: &self.env_files,
            environment: &known,
            fallback: &open,
            profiles: &self.profiles,
            lenient: true,
        });
        project.map_err(|error| error.message)
    }

    /// Where something stands: in the file itself, where it is one of this run.
    fn place(&self, project: &Project, at: Origin) -> Place {
        let path = project.files.get(at.file);
        let file = path.and_then(|path| self.files.source(path));
        let span = at.span;
        file.map_or(self.at, |file| Place { file, span })
    }

    fn enter(&self, project: &Project, service: &Service, ledger: &mut Ledger<'_>) {
        let image = service
            .image
            .as_ref()
            .filter(|image| !image.text.is_empty());
        let (Some(made), Some(image)) = (&service.build, image) else {
            return;
        };
        let names: Vec<&Value> = std::iter::once(image).chain(&made.tags).collect();
        if let Some(problem) = names.iter().find_map(|name| name.problem.as_ref()) {
            if self.push != Truth::False {
                self.opaque(problem.to_string(), self.place(project, image.at), ledger);
            }
            return;
        }
        let before = ledger.local(&image.text).and_then(|(build, ..)| build);
        let number = match before.filter(|_| !self.builds) {
            Some(number) => number,
            None => {
                let mut build = ledger.blank_build(self.step, self.place(project, made.at));
                build.context = Some(unknown::pattern(&made.context));
                build.target = made.target.as_deref().map(unknown::pattern);
                build.platforms = made.platforms.iter().map(|p| unknown::pattern(p)).collect();
                if let Some(file) = &made.dockerfile {
                    build.dockerfile = Some(unknown::pattern(&file.text));
                    build.dockerfile_at = Some(self.place(project, file.at));
                }
                ledger.build(build)
            }
        };
        let doubts = ledger.doubts();
        if let Truth::Unknown(mark) = self.push {
            ledger.doubt(mark);
        }
        for name in names {
            let at = self.place(project, name.at);
            ledger.tag_locally(&name.text, Some(number), at, true);
            if self.push != Truth::False {
                ledger.publish(&name.text, number, at, true);
            }
        }
        ledger.restore_doubts(doubts);
    }
}
