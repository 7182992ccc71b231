//! What was evaluated before, and what it asked of what is around it: what is told the same again
//! comes to the same, so it is not evaluated again. A script or a definition is evaluated for each
//! event and each instance of a matrix, and is mostly told the same.

use std::cell::RefCell;
use std::hash::Hash;
use std::ops::Range;
use std::rc::Rc;

use super::memo::Memo;
use super::unknown::Mark;

/// How many results of one key are kept, each for something else that it was told; after that, only the
/// newest is.
const MOST: usize = 64;

/// What something finds around it while it is evaluated.
pub(crate) trait Around<Q, A> {
    /// Answers a question.
    fn answer(&self, question: &Q) -> A;
    /// Notes something that is not known.
    fn note(&self, note: &Note) -> Mark;
}

/// Something that is not known.
#[derive(Debug)]
pub(crate) struct Note {
    pub(crate) what: String,
    pub(crate) reason: String,
    /// The bytes of the text that is evaluated; none for all of it.
    pub(crate) range: Option<Range<usize>>,
}

/// The results of what was evaluated, by a key that all the rest of it depends on.
pub(crate) struct Recall<K, Q, A, T>(Memo<K, Results<Q, A, T>>);

/// All that is known of a key.
type Results<Q, A, T> = Rc<Vec<Known<Q, A, T>>>;

/// A result, and what it was told on the way, in order.
struct Known<Q, A, T> {
    told: Vec<Question<Q, A>>,
    result: T,
    bytes: usize,
}

/// A question, and its answer.
enum Question<Q, A> {
    Asked(Q, A),
    Noted(Note, Mark),
}

/// An answer as it is now.
enum Answer<A> {
    Asked(A),
    Noted(Mark),
}

impl<K, Q, A, T> Default for Recall<K, Q, A, T> {
    fn default() -> Self {
        Self(Memo::default())
    }
}

/// What an evaluation asks through: each question is written down with its answer.
pub(crate) struct Told<'a, Q, A> {
    around: &'a dyn Around<Q, A>,
    told: RefCell<Vec<Question<Q, A>>>,
}

impl<'a, Q, A: Clone> Told<'a, Q, A> {
    pub(crate) fn new(around: &'a dyn Around<Q, A>) -> Self {
        Self {
            around,
            told: RefCell::default(),
        }
    }

    /// Asks.
    pub(crate) fn ask(&self, question: Q) -> A {
        let answer = self.around.answer(&question);
        let mut told = self.told.borrow_mut();
        told.push(Question::Asked(question, answer.clone()));
        answer
    }

    /// Notes something that is not known.
    pub(crate) fn note(&self, note: Note) -> Mark {
        let mark = self.around.note(&note);
        self.told.borrow_mut().push(Question::Noted(note, mark));
        mark
    }
}

impl<K: Hash + Eq + Clone, Q, A: Clone + Eq, T: Clone> Recall<K, Q, A, T> {
    /// The result that was told before what it would be told now; where there is none, it is
    /// evaluated. `size` is about how many bytes the key and the result take, `told_size` the same for a
    /// question and its answer.
    ///
    /// The result must depend on nothing but its key and its answers.
    pub(crate) fn of(
        &self,
        key: K,
        around: &dyn Around<Q, A>,
        size: impl FnOnce(&K, &T) -> usize,
        told_size: impl Fn(&Q, &A) -> usize,
        evaluate: impl FnOnce(&Told<'_, Q, A>) -> T,
    ) -> T {
        let mut known = self.0.get(&key).unwrap_or_default();
        if let Some(result) = recall(around, &known) {
            return result;
        }
        let told = Told::new(around);
        let result = evaluate(&told);
        let told = told.told.into_inner();
        let sizes = told.iter().map(|question| match question {
            Question::Asked(question, answer) => told_size(question, answer),
            Question::Noted(note, _) => note.what.len() + note.reason.len(),
        });
        let bytes =
            size(&key, &result) + told.len() * size_of::<Question<Q, A>>() + sizes.sum::<usize>();
        let fresh = Known {
            told,
            result: result.clone(),
            bytes,
        };
        // Now nobody else holds the list, so that it can grow.
        self.0.forget(&key);
        match Rc::get_mut(&mut known) {
            Some(results) if results.len() < MOST => results.push(fresh),
            _ => known = Rc::new(vec![fresh]),
        }
        let bytes = known.iter().map(|known| known.bytes).sum();
        self.0.keep(key, bytes, known);
        result
    }

    /// How many results of a key are kept.
    #[cfg(test)]
    pub(crate) fn count(&self, key: &K) -> usize {
        self.0.get(key).map_or(0, |known| known.len())
    }
}

/// The result that was told what would be told now. Until it was told something else, what was
/// evaluated asked what would be asked now: so nothing is asked in vain.
fn recall<Q, A: Eq, T: Clone>(around: &dyn Around<Q, A>, known: &[Known<Q, A, T>]) -> Option<T> {
    let mut told: Vec<Answer<A>> = Vec::new();
    let same = |known: &&Known<Q, A, T>| {
        let mut asked = known.told.iter().enumerate();
        asked.all(|(number, question)| {
            if number == told.len() {
                told.push(match question {
                    Question::Asked(question, _) => Answer::Asked(around.answer(question)),
                    Question::Noted(note, _) => Answer::Noted(around.note(note)),
                });
            }
            match (question, told.get(number)) {
                (Question::Asked(_, before), Some(Answer::Asked(now))) => before == now,
                (Question::Noted(_, before), Some(Answer::Noted(now))) => before == now,
                _ => false,
            }
        })
    };
    let known = known.iter().rev().find(same)?;
    Some(known.result.clone())
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use crate::eval::unknown::Unknowns;

    /// Cells that lead to one another, and how often they were looked at.
    struct Cells<'a> {
        cells: &'a [usize],
        asked: &'a Cell<usize>,
        unknowns: &'a Unknowns,
    }

    impl Around<usize, usize> for Cells<'_> {
        fn answer(&self, at: &usize) -> usize {
            self.asked.set(self.asked.get() + 1);
            self.cells[*at]
        }

        fn note(&self, note: &Note) -> Mark {
            self.unknowns.note(&note.what, &note.reason)
        }
    }

    #[test]
    fn evaluates_again_only_where_it_is_told_something_else() {
        let recall: Recall<u8, usize, usize, (usize, Mark)> = Recall::default();
        let (evaluated, asked) = (Cell::new(0), Cell::new(0));
        // Follows the cells out of them: what it asks depends on what it is told.
        let follow = |told: &Told<'_, usize, usize>| {
            evaluated.set(evaluated.get() + 1);
            let mut at = 0;
            while at < 3 {
                at = told.ask(at);
            }
            let end = told.note(Note {
                what: at.to_string(),
                reason: "the end".to_owned(),
                range: None,
            });
            (at, end)
        };
        let of = |key: u8, cells: &[usize], unknowns: &Unknowns| {
            let asked = &asked;
            let around = Cells {
                cells,
                asked,
                unknowns,
            };
            recall.of(key, &around, |_, _| 0, |_, _| 8, follow)
        };
        let unknowns = Unknowns::default();
        let (end, mark) = of(1, &[2, 0, 7], &unknowns);
        assert_eq!(end, 7);
        // A cell that was not looked at changes nothing.
        assert_eq!(of(1, &[2, 9, 7], &unknowns), (7, mark));
        assert_eq!((evaluated.get(), asked.get()), (1, 4));
        assert_eq!(of(1, &[1, 9, 7], &unknowns).0, 9);
        assert_eq!(of(2, &[2, 0, 7], &unknowns), (7, mark));
        assert_eq!(evaluated.get(), 3);
        // Of two that were told the same first, each is found, and nothing is asked twice.
        asked.set(0);
        assert_eq!(of(1, &[2, 0, 7], &unknowns).0, 7);
        assert_eq!(of(1, &[1, 9, 7], &unknowns).0, 9);
        assert_eq!((evaluated.get(), asked.get()), (3, 4));
        // Who notes something else by that mark does not get the result with it.
        let others = Unknowns::default();
        others.note("x", "y");
        let (end, other) = of(1, &[2, 0, 7], &others);
        assert_eq!((end, evaluated.get()), (7, 4));
        assert_ne!(other, mark);
        // What is recalled is noted as well.
        let apart = Unknowns::default();
        assert_eq!(of(1, &[2, 0, 7], &apart), (7, mark));
        assert_eq!(evaluated.get(), 4);
        assert_eq!(apart.get(mark), unknowns.get(mark));
        assert!(apart.get(mark).is_some());
    }

    #[test]
    fn no_more_results_are_kept_than_fit() {
        let recall: Recall<u8, usize, usize, usize> = Recall::default();
        let (asked, unknowns) = (Cell::new(0), Unknowns::default());
        for answer in 0..3 * MOST {
            let around = Cells {
                cells: &[answer],
                asked: &asked,
                unknowns: &unknowns,
            };
            recall.of(0, &around, |_, _| 8, |_, _| 8, |told| told.ask(0));
            assert!(recall.count(&0) <= MOST);
        }
        assert_eq!(recall.count(&0), MOST);
    }
}
