//! `{{date 'FORMAT' tz='Zone'}}`: moment.js formats over a moment in a time zone.
//!
//! A zone that is not known is reported by the real library and otherwise ignored: the time is then
//! that of the runner, which keeps UTC, but without the name of a zone.

mod clock;
mod token;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use clock::Clock;
use token::{expand, literal, token};

/// Writes a time in a format; the empty format is that of ISO 8601.
pub(crate) fn format(time: Timestamp, zone: &str, format: &str) -> String {
    let named = find_zone(zone);
    let zoned = time.to_zoned_datetime(named.clone().unwrap_or(TimeZone::UTC));
    let offset = zoned.offset().seconds();
    let format = match (format, &named) {
        ("", Some(_)) if offset == 0 => "YYYY-MM-DDTHH:mm:ss[Z]",
        ("", _) => "YYYY-MM-DDTHH:mm:ssZ",
        (format, _) => format,
    };
    let zone = named.map(|zone| zone.to_offset_info(time).abbreviation().to_owned());
    let clock = Clock {
        time,
        date: zoned.date(),
        hour: i64::from(zoned.hour()),
        minute: i64::from(zoned.minute()),
        second: i64::from(zoned.second()),
        offset: i64::from(offset / 60),
        zone: zone.unwrap_or_default(),
    };
    let format: Vec<char> = expand(format).chars().collect();
    let mut out = String::new();
    let mut at = 0;
    while let Some(rest) = format.get(at..).filter(|rest| !rest.is_empty()) {
        let length = token(rest);
        let token: String = rest.iter().take(length).collect();
        match clock.write(&token) {
            Some(text) => out.push_str(&text),
            None => out.push_str(&literal(&token)),
        }
        at += length;
    }
    out
}

/// The zone of this name; the case does not count, and `_` is as good as `/`.
fn find_zone(name: &str) -> Option<TimeZone> {
    let database = jiff::tz::db();
    if let Ok(zone) = database.get(name) {
        return Some(zone);
    }
    if !name.contains('_') {
        return None;
    }
    let plain = |name: &str| name.to_lowercase().replace('/', "_");
    let wanted = plain(name);
    let found = database
        .available()
        .find(|zone| plain(zone.as_str()) == wanted)?;
    database.get(found.as_str()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn show(time: &str, zone: &str, wanted: &str) -> String {
        format(time.parse().unwrap(), zone, wanted)
    }

    #[test]
    fn formats_are_those_of_moment() {
        let time = "2024-03-05T06:07:08.045Z";
        for (wanted, text) in [
            ("YYYYMMDD-HHmmss", "20240305-060708"),
            ("YY.M.D H h k m s", "24.3.5 6 6 6 7 8"),
            ("dddd ddd dd d do E", "Tuesday Tue Tu 2 2nd 2"),
            (
                "MMMM MMM Mo Do DDD DDDo DDDD",
                "March Mar 3rd 5th 65 65th 065",
            ),
            (
                "Q Qo w wo ww W Wo WW gg gggg GG GGGG",
                "1 1st 10 10th 10 10 10th 10 24 2024 24 2024",
            ),
            ("S SS SSS SSSS", "0 04 045 0450"),
            ("a A hmm Hmmss", "am AM 607 60708"),
            (
                "X x Z ZZ z zz",
                "1709618828 1709618828045 +00:00 +0000 UTC UTC",
            ),
            ("[at] \\YYYY [] T [T", "at YYYY  T [T"),
            ("L LT LTS", "03/05/2024 6:07 AM 6:07:08 AM"),
            ("LL|lll", "March 5, 2024|Mar 5, 2024 6:07 AM"),
            ("llll", "Tue, Mar 5, 2024 6:07 AM"),
            (
                "Y YYYYYY y yo N NNNN",
                "2024 +002024 2024 2024th AD Anno Domini",
            ),
            ("", "2024-03-05T06:07:08Z"),
        ] {
            assert_eq!(show(time, "UTC", wanted), text, "{wanted}");
        }
    }

    #[test]
    fn zones_shift_and_unknown_ones_do_not() {
        let time = "2024-02-29T23:30:00Z";
        assert_eq!(
            show(time, "Asia/Kolkata", "DD HH:mm Z z"),
            "01 05:00 +05:30 IST"
        );
        assert_eq!(show(time, "america_new_york", "HH z"), "18 EST");
        assert_eq!(show(time, "Nowhere/Bad", "HH:mm z"), "23:30 ");
        assert_eq!(show(time, "Nowhere/Bad", ""), "2024-02-29T23:30:00+00:00");
    }

    #[test]
    fn weeks_turn_with_the_year() {
        for (time, week, iso) in [
            ("2023-12-31T00:00:00Z", "2024-01", "2023-52"),
            ("2023-12-30T00:00:00Z", "2023-52", "2023-52"),
            ("2021-01-01T00:00:00Z", "2021-01", "2020-53"),
            ("2024-12-31T00:00:00Z", "2025-01", "2025-01"),
            ("2022-12-31T00:00:00Z", "2022-53", "2022-52"),
        ] {
            assert_eq!(show(time, "UTC", "gggg-ww"), week, "{time}");
            assert_eq!(show(time, "UTC", "GGGG-WW"), iso, "{time}");
        }
    }
}
