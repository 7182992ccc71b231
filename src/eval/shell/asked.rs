//! What a script asks of what is around it, and what it was told: all that a run depends on but for
//! its text. So a script that was told the same before need not run again.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use super::interpreter::Shell;
use super::{Run, Script, Variable};
use crate::eval::recall::{Around, Note, Recall, Told};
use crate::eval::unknown::{Mark, Unknown};

/// A question of a script.
#[derive(Debug, Clone)]
pub(super) enum Question {
    /// What the environment holds of a variable.
    Variable(String),
    /// Whether a variable may as well not be set.
    MayBeUnset(String),
    /// What `git` prints for arguments.
    Git(Vec<String>),
    /// What a file of the repository holds.
    File(String),
    /// What a mark stands for.
    Origin(Mark),
}

/// What a script is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    Variable(Variable),
    Truth(bool),
    Text(Option<String>),
    Origin(Option<Unknown>),
}

/// The text of a script, and the goal of it that is made, where it is a Makefile.
type Key = (Option<String>, String);

thread_local! {
    static KNOWN: Recall<Key, Question, Answer, Rc<Run>> = Recall::default();
}

/// Evaluates a script, or what making a goal of it does.
pub(super) fn run(script: &Script<'_>, goal: Option<&str>) -> Rc<Run> {
    let key = (goal.map(str::to_owned), script.text.to_owned());
    let size = |key: &Key, run: &Rc<Run>| key.1.len() + run.size();
    let evaluate = |told: &Told<'_, Question, Answer>| {
        let shell = Shell::new(told);
        Rc::new(match goal {
            Some(goal) => shell.finish_goal(script.text, goal),
            None => shell.finish(script.text),
        })
    };
    KNOWN.with(|known| known.of(key, script, size, told_size, evaluate))
}

/// The targets of a Makefile that make or need something, in order.
pub(super) fn targets(script: &Script<'_>) -> Vec<String> {
    Shell::new(&Told::new(script)).targets(script.text)
}

impl Around<Question, Answer> for Script<'_> {
    fn answer(&self, question: &Question) -> Answer {
        let environment = self.environment;
        match question {
            Question::Variable(name) => Answer::Variable(environment.variable(name)),
            Question::MayBeUnset(name) => Answer::Truth(environment.may_be_unset(name)),
            Question::Git(arguments) => Answer::Text(environment.git(arguments)),
            Question::File(path) => Answer::Text(environment.file(path)),
            Question::Origin(mark) => Answer::Origin(self.unknowns.get(*mark)),
        }
    }

    fn note(&self, note: &Note) -> Mark {
        let place = note.range.clone().and_then(|range| (self.locate)(range));
        self.unknowns.note_at(&note.what, &note.reason, place)
    }
}

/// About how many bytes a question and its answer take apart from themselves.
fn told_size(question: &Question, answer: &Answer) -> usize {
    let question = match question {
        Question::Variable(text) | Question::MayBeUnset(text) | Question::File(text) => text.len(),
        Question::Git(arguments) => arguments.iter().map(|text| text.len() + 24).sum(),
        Question::Origin(_) => 0,
    };
    let answer = match answer {
        Answer::Variable(Variable::Known(text)) | Answer::Text(Some(text)) => text.len(),
        Answer::Origin(Some(unknown)) => unknown.what.len() + unknown.reason.len(),
        _ => 0,
    };
    question + answer
}

/// What is around a script while it runs.
pub(super) struct Surroundings<'a> {
    told: &'a Told<'a, Question, Answer>,
    /// Variables are asked for again and again.
    variables: RefCell<HashMap<String, Variable>>,
}

impl<'a> Surroundings<'a> {
    pub(super) fn new(told: &'a Told<'a, Question, Answer>) -> Self {
        Self {
            told,
            variables: RefCell::default(),
        }
    }

    /// A variable that the script has not set itself.
    pub(super) fn variable(&self, name: &str) -> Variable {
        if let Some(known) = self.variables.borrow().get(name) {
            return known.clone();
        }
        let Answer::Variable(variable) = self.told.ask(Question::Variable(name.to_owned())) else {
            return Variable::Unset;
        };
        let mut known = self.variables.borrow_mut();
        known.insert(name.to_owned(), variable.clone());
        variable
    }

    /// Whether a variable that is not known may as well not be set at all.
    pub(super) fn may_be_unset(&self, name: &str) -> bool {
        self.told.ask(Question::MayBeUnset(name.to_owned())) == Answer::Truth(true)
    }

    /// What `git` prints for these arguments.
    pub(super) fn git(&self, arguments: Vec<String>) -> Option<String> {
        self.text(Question::Git(arguments))
    }

    /// The text of a file of the repository.
    pub(super) fn file(&self, path: &str) -> Option<String> {
        self.text(Question::File(path.to_owned()))
    }

    fn text(&self, question: Question) -> Option<String> {
        match self.told.ask(question) {
            Answer::Text(text) => text,
            _ => None,
        }
    }

    /// What a mark stands for.
    pub(super) fn origin(&self, mark: Mark) -> Option<Unknown> {
        match self.told.ask(Question::Origin(mark)) {
            Answer::Origin(unknown) => unknown,
            _ => None,
        }
    }

    /// The mark of something that is not known, at a range of the script.
    pub(super) fn note(&self, range: Range<usize>, what: String, reason: &str) -> Mark {
        self.told.note(Note {
            what,
            reason: reason.to_owned(),
            range: Some(range),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::shell::Environment;
    use crate::eval::unknown::Unknowns;

    struct Step<'a> {
        channel: &'a str,
        tag: Option<&'a str>,
        file: &'a str,
        may_be_unset: bool,
    }

    impl Environment for Step<'_> {
        fn variable(&self, name: &str) -> Variable {
            match name {
                "CHANNEL" => Variable::Known(self.channel.to_owned()),
                _ => Variable::Unset,
            }
        }

        fn git(&self, _: &[String]) -> Option<String> {
            self.tag.map(str::to_owned)
        }

        fn file(&self, path: &str) -> Option<String> {
            (path == "VERSION").then(|| self.file.to_owned())
        }

        fn may_be_unset(&self, _: &str) -> bool {
            self.may_be_unset
        }
    }

    const SCRIPT: &str =
        "tag=$(git describe --tags)\ndocker push app:$tag-$CHANNEL-$(cat VERSION)-$(curl x)\n";

    fn run_with(told: &Step<'_>, unknowns: &Unknowns, line: u32) -> Rc<Run> {
        let place = crate::source::Place {
            file: crate::source::FileId(line),
            span: crate::source::Span { start: 0, end: 1 },
        };
        let script = Script {
            text: SCRIPT,
            environment: told,
            unknowns,
            locate: &|_| Some(place),
        };
        run(&script, None)
    }

    #[test]
    fn a_script_runs_again_only_where_it_is_told_something_else() {
        let told = Step {
            channel: "slim",
            tag: Some("v1"),
            file: "1",
            may_be_unset: false,
        };
        let unknowns = Unknowns::default();
        let first = run_with(&told, &unknowns, 1);
        let again = run_with(&told, &unknowns, 1);
        assert!(Rc::ptr_eq(&first, &again));
        // In a plan of its own, what is not known is noted there, too.
        let apart = Unknowns::default();
        assert!(Rc::ptr_eq(&first, &run_with(&told, &apart, 1)));
        let pushed = first.commands.iter().flat_map(|command| &command.words);
        let pushed: String = pushed.map(|word| word.text.as_str()).collect();
        assert_eq!(apart.in_text(&pushed), unknowns.in_text(&pushed));
        assert_eq!(apart.in_text(&pushed).len(), 1);

        let others = [
            Step {
                channel: "full",
                ..told
            },
            Step {
                tag: Some("v2"),
                ..told
            },
            Step { tag: None, ..told },
            Step { file: "2", ..told },
        ];
        for other in &others {
            let ran = run_with(other, &unknowns, 1);
            assert_ne!(first.commands, ran.commands);
            assert!(Rc::ptr_eq(&ran, &run_with(other, &unknowns, 1)));
        }
        // Elsewhere the same unknown is another one, and so is its mark.
        assert_ne!(first.commands, run_with(&told, &unknowns, 2).commands);
        assert!(Rc::ptr_eq(&first, &run_with(&told, &unknowns, 1)));
        // Where marks are taken already, they stand for something else.
        let taken = Unknowns::default();
        taken.note("secrets.X", "a secret");
        let ran = run_with(&told, &taken, 1);
        assert_ne!(first.commands, ran.commands);
    }
}
