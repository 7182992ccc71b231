//! When to ask again: which answers pass, how long to wait, and for how long in all.

use std::hash::{BuildHasher, RandomState};
use std::time::{Duration, Instant};

use jiff::Timestamp;
use jiff::fmt::rfc2822;

/// No wait between two attempts is longer, unless the registry asks for it.
const LONGEST: Duration = Duration::from_secs(15);

/// How often and for how long is asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// When the time of the whole run is over.
    pub(super) deadline: Instant,
    /// How often one thing is asked for, one at least.
    pub(super) attempts: u32,
    /// The wait after the first attempt; it doubles from then on.
    pub(super) first_wait: Duration,
}

impl Patience {
    /// The time left of the run; `None` once it is over.
    pub(super) fn left(&self) -> Option<Duration> {
        let left = self.deadline.checked_duration_since(Instant::now())?;
        (!left.is_zero()).then_some(left)
    }

    /// How long to wait after an attempt, the first of which is 1: what the registry asks for, else
    /// twice as long each time, spread so that many clients do not come back at once. `None` where
    /// no further attempt fits.
    pub(super) fn wait(&self, attempt: u32, asked: Option<Duration>) -> Option<Duration> {
        if attempt >= self.attempts {
            return None;
        }
        let doubled = self
            .first_wait
            .saturating_mul(1 << attempt.saturating_sub(1).min(16));
        let own = spread(doubled.min(LONGEST), RandomState::new().hash_one(attempt));
        let wait = asked.map_or(own, |asked| asked.max(own));
        (wait < self.left()?).then_some(wait)
    }
}

/// Between half of a duration and the whole, by a number that is as good as random.
fn spread(whole: Duration, random: u64) -> Duration {
    let half = whole / 2;
    let part = u32::try_from(random % 1024).unwrap_or(0);
    half + half * part / 1024
}

/// Whether an answer may be another one a little later.
pub(super) fn passes(status: u16) -> bool {
    // Two of the 5xx say that it will never do what is asked.
    matches!(status, 408 | 429 | 500..=599) && !matches!(status, 501 | 505)
}

/// `Retry-After`: seconds, or a date.
pub(super) fn retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let date = rfc2822::DateTimeParser::new().parse_timestamp(value).ok()?;
    let seconds = date.as_second().checked_sub(now.as_second())?;
    Some(Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_and_seconds_are_waited_for() {
        let now = "2026-11-24T08:00:00Z".parse().unwrap();
        let of = |value: &str| retry_after(value, now).map(|wait| wait.as_secs());
        assert_eq!(of("120"), Some(120));
        assert_eq!(of("Tue, 24 Nov 2026 08:00:30 GMT"), Some(30));
        assert_eq!(of("Tue, 24 Nov 2026 07:00:00 GMT"), Some(0));
        assert_eq!(of("soon"), None);
        assert_eq!(of("-3"), None);
    }

    #[test]
    fn waits_grow_and_end() {
        let patience = Patience {
            deadline: Instant::now() + Duration::from_secs(60),
            attempts: 4,
            first_wait: Duration::from_millis(400),
        };
        for (attempt, doubled) in [(1, 400), (2, 800), (3, 1600)] {
            let wait = patience.wait(attempt, None).unwrap().as_millis();
            assert!((doubled / 2..=doubled).contains(&wait), "{attempt}: {wait}");
        }
        assert_eq!(patience.wait(4, None), None);
        let asked = Some(Duration::from_secs(20));
        assert_eq!(patience.wait(1, asked), asked);
        assert_eq!(patience.wait(1, Some(Duration::from_secs(3600))), None);
    }
}
