//! What a script asks of what is around it, and what it was told: all that a run depends on but for
//! its text. So a script that was told the same before need not be run again.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use super::interpreter::Shell;
use super::{Run, Script, Variable};
use crate::eval::memo::Memo;
use crate::eval::unknown::{Mark, Unknown};

/// How many runs of one script are kept.
const MOST: usize = 64;

/// A question of a script.
#[derive(Debug, Clone)]
enum Question {
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
    /// The mark of what is not known, and why, at a range of the script.
    Mark(Range<usize>, String, String),
}

/// What a script is told.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Answer {
    Variable(Variable),
    Truth(bool),
    Text(Option<String>),
    Origin(Option<Unknown>),
    Mark(Mark),
}

/// A run of a script, and what it was told, in order.
struct Known {
    told: Vec<(Question, Answer)>,
    run: Rc<Run>,
}

/// The text of a script, and the goal of it that is made, where it is a Makefile.
type Key = (Option<String>, String);

thread_local! {
    static KNOWN: Memo<Key, Rc<Vec<Known>>> = Memo::default();
}

/// Evaluates a script, or what making a goal of it does.
pub(super) fn run(script: &Script<'_>, goal: Option<&str>) -> Rc<Run> {
    let key = (goal.map(str::to_owned), script.text.to_owned());
    KNOWN.with(|memo| {
        let mut known = memo.get(&key).unwrap_or_default();
        if let Some(run) = recall(script, &known) {
            return run;
        }
        let around = Around::new(script);
        let run = Rc::new(match goal {
            Some(goal) => Shell::new(&around).finish_goal(script.text, goal),
            None => Shell::new(&around).finish(script.text),
        });
        let told = around.told.into_inner();
        let bytes = script.text.len() + told.iter().map(size).sum::<usize>() + run.size();
        let fresh = Known {
            told,
            run: Rc::clone(&run),
        };
        // Nobody else holds the list, but for the memo itself.
        memo.forget(&key);
        match Rc::get_mut(&mut known) {
            Some(runs) if runs.len() < MOST => runs.push(fresh),
            _ => known = Rc::new(vec![fresh]),
        }
        memo.keep(key, bytes, known);
        run
    })
}

/// The run of a script that was told what the script would be told now. Until a run was told
/// something else, it asked what the script would ask, so nothing is asked in vain.
fn recall(script: &Script<'_>, known: &[Known]) -> Option<Rc<Run>> {
    let mut told: Vec<Answer> = Vec::new();
    let same = |known: &&Known| {
        let mut asked = known.told.iter().enumerate();
        asked.all(|(number, (question, answer))| {
            if number == told.len() {
                told.push(ask(script, question));
            }
            told.get(number) == Some(answer)
        })
    };
    known
        .iter()
        .rev()
        .find(same)
        .map(|known| Rc::clone(&known.run))
}

fn ask(script: &Script<'_>, question: &Question) -> Answer {
    let environment = script.environment;
    match question {
        Question::Variable(name) => Answer::Variable(environment.variable(name)),
        Question::MayBeUnset(name) => Answer::Truth(environment.may_be_unset(name)),
        Question::Git(arguments) => Answer::Text(environment.git(arguments)),
        Question::File(path) => Answer::Text(environment.file(path)),
        Question::Origin(mark) => Answer::Origin(script.unknowns.get(*mark)),
        Question::Mark(range, what, reason) => {
            let place = (script.locate)(range.clone());
            Answer::Mark(script.unknowns.note_at(what, reason, place))
        }
    }
}

/// About how many bytes a question and its answer take.
fn size((question, answer): &(Question, Answer)) -> usize {
    let question = match question {
        Question::Variable(text) | Question::MayBeUnset(text) | Question::File(text) => text.len(),
        Question::Git(arguments) => arguments.iter().map(|text| text.len() + 24).sum(),
        Question::Origin(_) => 0,
        Question::Mark(_, what, reason) => what.len() + reason.len(),
    };
    let answer = match answer {
        Answer::Variable(Variable::Known(text)) | Answer::Text(Some(text)) => text.len(),
        Answer::Origin(Some(unknown)) => unknown.what.len() + unknown.reason.len(),
        _ => 0,
    };
    size_of::<(Question, Answer)>() + question + answer
}

/// What is around a script while it runs: each answer is written down.
pub(super) struct Around<'a> {
    script: &'a Script<'a>,
    told: RefCell<Vec<(Question, Answer)>>,
    /// Variables are asked for again and again.
    variables: RefCell<HashMap<String, Variable>>,
}

impl<'a> Around<'a> {
    pub(super) fn new(script: &'a Script<'a>) -> Self {
        Self {
            script,
            told: RefCell::default(),
            variables: RefCell::default(),
        }
    }

    fn ask(&self, question: Question) -> Answer {
        let answer = ask(self.script, &question);
        self.told.borrow_mut().push((question, answer.clone()));
        answer
    }

    /// A variable that the script has not set itself.
    pub(super) fn variable(&self, name: &str) -> Variable {
        if let Some(known) = self.variables.borrow().get(name) {
            return known.clone();
        }
        let Answer::Variable(variable) = self.ask(Question::Variable(name.to_owned())) else {
            return Variable::Unset;
        };
        let mut known = self.variables.borrow_mut();
        known.insert(name.to_owned(), variable.clone());
        variable
    }

    /// Whether a variable that is not known may as well not be set at all.
    pub(super) fn may_be_unset(&self, name: &str) -> bool {
        self.ask(Question::MayBeUnset(name.to_owned())) == Answer::Truth(true)
    }

    /// What `git` prints for these arguments.
    pub(super) fn git(&self, arguments: Vec<String>) -> Option<String> {
        match self.ask(Question::Git(arguments)) {
            Answer::Text(text) => text,
            _ => None,
        }
    }

    /// The text of a file of the repository.
    pub(super) fn file(&self, path: &str) -> Option<String> {
        match self.ask(Question::File(path.to_owned())) {
            Answer::Text(text) => text,
            _ => None,
        }
    }

    /// What a mark stands for.
    pub(super) fn origin(&self, mark: Mark) -> Option<Unknown> {
        match self.ask(Question::Origin(mark)) {
            Answer::Origin(unknown) => unknown,
            _ => None,
        }
    }

    /// The text that stands for something that is not known, at a range of the script.
    pub(super) fn unknown(&self, range: Range<usize>, what: String, reason: &str) -> String {
        match self.ask(Question::Mark(range, what, reason.to_owned())) {
            Answer::Mark(mark) => mark.as_char().to_string(),
            _ => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::shell::Environment;
    use crate::eval::unknown::Unknowns;

    struct Told<'a> {
        channel: &'a str,
        tag: Option<&'a str>,
        file: &'a str,
        may_be_unset: bool,
    }

    impl Environment for Told<'_> {
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

    fn run_with(told: &Told<'_>, unknowns: &Unknowns, line: u32) -> Rc<Run> {
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
        let told = Told {
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
            Told {
                channel: "full",
                ..told
            },
            Told {
                tag: Some("v2"),
                ..told
            },
            Told { tag: None, ..told },
            Told { file: "2", ..told },
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

    #[test]
    fn no_more_runs_are_kept_than_fit() {
        let unknowns = Unknowns::default();
        for number in 0..3 * MOST {
            let channel = number.to_string();
            let told = Told {
                channel: &channel,
                tag: None,
                file: "",
                may_be_unset: false,
            };
            run_with(&told, &unknowns, 3);
        }
        let key = (None, SCRIPT.to_owned());
        let kept = KNOWN.with(|memo| memo.get(&key)).map(|known| known.len());
        assert_eq!(kept, Some(MOST));
    }
}
