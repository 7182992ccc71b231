//! The order in which entries are taken: by falling priority, as the action's engine sorts.
//!
//! A priority that is no number equals every other, so the order among its neighbours depends on
//! the algorithm: a run at the start, and binary insertion of the rest.

use std::cmp::Ordering;

/// Above this many entries the engine merges runs; by then a wrong priority is no mere slip.
const INSERTED: usize = 64;

/// The indices of these priorities in the order they are taken.
pub(crate) fn by_priority(priorities: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..priorities.len()).collect();
    let get = |index: usize| priorities.get(index).copied().unwrap_or(f64::NAN);
    if order.len() > INSERTED {
        let comparable = |index: usize| if get(index).is_nan() { 0.0 } else { get(index) };
        order.sort_by(|a, b| {
            let order = comparable(*b).partial_cmp(&comparable(*a));
            order.unwrap_or(Ordering::Equal)
        });
        return order;
    }
    let before = |a: usize, b: usize| get(b).partial_cmp(&get(a)) == Some(Ordering::Less);
    let mut sorted: Vec<usize> = Vec::with_capacity(order.len());
    let falls = order.len() > 1 && before(1, 0);
    let run = order
        .windows(2)
        .take_while(|pair| matches!(pair, [a, b] if before(*b, *a) == falls))
        .count()
        + 1;
    let rest = order.split_off(run.min(order.len()));
    sorted.append(&mut order);
    if falls {
        sorted.reverse();
    }
    for index in rest {
        let (mut left, mut right) = (0, sorted.len());
        while left < right {
            let middle = left + (right - left) / 2;
            if sorted
                .get(middle)
                .is_some_and(|other| before(index, *other))
            {
                right = middle;
            } else {
                left = middle + 1;
            }
        }
        sorted.insert(left, index);
    }
    sorted
}

#[cfg(test)]
mod tests {
    use super::by_priority;

    #[test]
    fn equal_priorities_stay_in_place() {
        assert_eq!(by_priority(&[200.0, 900.0, 200.0, 900.0]), [1, 3, 0, 2]);
        assert_eq!(by_priority(&[1.0, 2.0, 3.0]), [2, 1, 0]);
        assert_eq!(by_priority(&[]), [0; 0]);
    }

    #[test]
    fn what_is_no_number_leaves_its_neighbours() {
        assert_eq!(by_priority(&[100.0, f64::NAN, 300.0]), [0, 1, 2]);
    }
}
