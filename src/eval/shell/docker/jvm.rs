//! Maven and Gradle: Jib's images, and those of Spring Boot, as far as the command line says what
//! they are called. What stands in the build's own files is not followed.

use super::build::Build;
use super::flags;
use super::{Tool, What};
use crate::eval::shell::Word;
use crate::eval::shell::truth::Truth;

/// What a call of Maven or Gradle pushes.
pub(super) fn images(name: &str, words: &[Word]) -> Vec<What> {
    let gradle = name.starts_with("gradle");
    let call = Call::read(words);
    let mut found = Vec::new();
    for goal in &call.goals {
        let task = goal.text.rsplit(':').next().unwrap_or_default();
        let plugin = goal.text.rsplit_once(':').map_or("", |(plugin, _)| plugin);
        let is_jib = if gradle {
            task == "jib"
        } else {
            task == "build"
                && plugin
                    .split(':')
                    .any(|part| part == "jib" || part == "jib-maven-plugin")
        };
        if is_jib {
            if flags::boolean(&call.text("jib.skip")) != Truth::True {
                found.push(call.jib(name, goal));
            }
        } else if gradle && task == "bootBuildImage" {
            if call.options.iter().any(|(own, _)| own == "publishImage") {
                found.push(call.boot("imageName", name, goal));
            }
        } else if task == "build-image" && plugin.contains("spring-boot") {
            match flags::boolean(&call.text("spring-boot.build-image.publish")) {
                Truth::False => {}
                _ => found.push(call.boot("spring-boot.build-image.imageName", name, goal)),
            }
        }
    }
    found
}

/// A command line: goals or tasks, properties, and options of tasks.
#[derive(Default)]
struct Call {
    goals: Vec<Word>,
    properties: Vec<(String, Word)>,
    options: Vec<(String, Option<Word>)>,
    unknown: Option<Word>,
}

/// Options whose value is a word of its own.
const VALUED: &[&str] = &[
    "-f",
    "--file",
    "-s",
    "--settings",
    "-pl",
    "--projects",
    "-P",
    "-T",
    "--threads",
    "-p",
    "--project-dir",
    "-b",
    "--build-file",
    "-x",
    "--exclude-task",
    "-I",
    "--init-script",
    "-gs",
    "-rf",
    "-c",
];

impl Call {
    fn read(words: &[Word]) -> Self {
        let mut call = Self::default();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let text = word.text.as_str();
            if word.open {
                call.unknown.get_or_insert_with(|| word.clone());
            } else if let Some(property) = text.strip_prefix("-D") {
                let property = match property {
                    "" => words.next().cloned(),
                    property => Some(flags::part(word, property)),
                };
                if let Some(property) = property
                    && let Some((name, value)) = property.text.split_once('=')
                {
                    let value = flags::part(&property, value);
                    call.properties.push((name.to_owned(), value));
                }
            } else if VALUED.contains(&text) {
                words.next();
            } else if let Some(option) = text.strip_prefix("--") {
                match option.split_once('=') {
                    Some((name, value)) => {
                        let value = flags::part(word, value);
                        call.options.push((name.to_owned(), Some(value)));
                    }
                    None => {
                        let takes = matches!(option, "image" | "imageName");
                        let value = if takes { words.next().cloned() } else { None };
                        call.options.push((option.to_owned(), value));
                    }
                }
            } else if !text.starts_with('-') {
                call.goals.push(word.clone());
            }
        }
        call
    }

    fn property(&self, name: &str) -> Option<&Word> {
        let mut properties = self.properties.iter().rev();
        let found = properties.find(|(own, _)| own == name);
        found
            .map(|(_, value)| value)
            .filter(|value| !value.text.is_empty())
    }

    fn option(&self, name: &str) -> Option<&Word> {
        let mut options = self.options.iter().rev();
        options.find(|(own, _)| own == name)?.1.as_ref()
    }

    fn text(&self, name: &str) -> String {
        self.property(name)
            .map(|word| word.text.clone())
            .unwrap_or_default()
    }

    /// The image, and the same image under each further tag.
    fn jib(&self, name: &str, goal: &Word) -> What {
        let image = self
            .property("jib.to.image")
            .or_else(|| self.property("image"));
        let Some(image) = image.or_else(|| self.option("image")) else {
            let what = format!("{name} {}: its build file names the image", goal.text);
            return What::Unknown { what };
        };
        let mut tags = vec![image.clone()];
        let slash = image.text.rfind('/').map_or(0, |at| at + 1);
        let last = image.text.get(slash..).unwrap_or_default();
        let short = last.split([':', '@']).next().unwrap_or_default();
        let repository = image.text.get(..slash + short.len()).unwrap_or_default();
        if let Some(word) = self.property("jib.to.tags") {
            for tag in word.text.split(',').map(str::trim) {
                if !tag.is_empty() {
                    tags.push(flags::part(word, &format!("{repository}:{tag}")));
                }
            }
        }
        self.built(tags)
    }

    /// The image that Spring Boot builds and publishes.
    fn boot(&self, property: &str, name: &str, goal: &Word) -> What {
        match self.option(property).or_else(|| self.property(property)) {
            Some(image) => self.built(vec![image.clone()]),
            None => {
                let what = format!("{name} {}: its build file names the image", goal.text);
                What::Unknown { what }
            }
        }
    }

    fn built(&self, tags: Vec<Word>) -> What {
        What::Build(Box::new(Build {
            tool: Tool::Jvm,
            tags,
            push: Truth::True,
            outputs: Vec::new(),
            context: None,
            file: None,
            target: None,
            platforms: Vec::new(),
            build_args: Vec::new(),
            stray: Vec::new(),
            unknown: self.unknown.clone(),
        }))
    }
}
