//! `{{date 'FORMAT' tz='Zone'}}`: moment.js formats over a moment in a time zone.
//!
//! A zone that is not known is reported by the real library and otherwise ignored: the time is then
//! that of the runner, which keeps UTC, but without the name of a zone.

use jiff::Timestamp;
use jiff::tz::TimeZone;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

const DAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];

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

/// Replaces the formats that stand for others: `L`, `LT`, `lll` and so on.
fn expand(format: &str) -> String {
    let chars: Vec<char> = format.chars().collect();
    let mut out = String::new();
    let mut at = 0;
    while let Some(c) = chars.get(at) {
        let rest = chars.get(at..).unwrap_or_default();
        if let Some(length) = bracketed(rest) {
            out.extend(rest.iter().take(length));
            at += length;
            continue;
        }
        let escaped = usize::from(*c == '\\');
        let length = local(rest.get(escaped..).unwrap_or_default());
        if length == 0 {
            out.push(*c);
            at += 1;
            continue;
        }
        let word: String = rest.iter().skip(escaped).take(length).collect();
        if escaped > 0 {
            out.push('\\');
            out.push_str(&word);
        } else {
            out.push_str(long(&word));
        }
        at += escaped + length;
    }
    out
}

/// How many characters a local format at the start has.
fn local(rest: &[char]) -> usize {
    let run = |wanted: char| rest.iter().take_while(|c| **c == wanted).count().min(4);
    match rest {
        ['L', 'T', 'S', ..] => 3,
        ['L', 'T', ..] => 2,
        _ => run('L').max(run('l')),
    }
}

fn long(word: &str) -> &str {
    match word {
        "LTS" => "h:mm:ss A",
        "LT" => "h:mm A",
        "L" => "MM/DD/YYYY",
        "LL" => "MMMM D, YYYY",
        "LLL" => "MMMM D, YYYY h:mm A",
        "LLLL" => "dddd, MMMM D, YYYY h:mm A",
        "l" => "M/D/YYYY",
        "ll" => "MMM D, YYYY",
        "lll" => "MMM D, YYYY h:mm A",
        "llll" => "ddd, MMM D, YYYY h:mm A",
        other => other,
    }
}

/// How many characters `[…]` at the start has.
fn bracketed(rest: &[char]) -> Option<usize> {
    if rest.first() != Some(&'[') {
        return None;
    }
    let inside = rest.iter().skip(1).take_while(|c| **c != '[');
    let inside: Vec<&char> = inside.collect();
    let close = inside.iter().rposition(|c| **c == ']')?;
    Some(close + 2)
}

/// Tokens by their first character, longer ones first where one begins another.
const TOKENS: [&str; 74] = [
    "hmmss",
    "Hmmss",
    "hmm",
    "Hmm",
    "Mo",
    "MMMM",
    "MMM",
    "MM",
    "M",
    "Do",
    "DDDo",
    "DDDD",
    "DDD",
    "DD",
    "D",
    "dddd",
    "ddd",
    "dd",
    "do",
    "d",
    "wo",
    "w|",
    "ww",
    "w",
    "Wo",
    "W|",
    "WW",
    "W",
    "Qo",
    "Q",
    "NNNNN",
    "NNNN",
    "NNN",
    "NN",
    "N",
    "YYYYYY",
    "YYYYY",
    "YYYY",
    "YY",
    "yyyy",
    "yyy",
    "yy",
    "yo",
    "y",
    "ggggg",
    "gggg",
    "gg",
    "GGGGG",
    "GGGG",
    "GG",
    "hh",
    "h",
    "HH",
    "H",
    "kk",
    "k",
    "mm",
    "m",
    "ss",
    "s",
    "SSSSSSSSS",
    "SSSSSSSS",
    "SSSSSSS",
    "SSSSSS",
    "SSSSS",
    "SSSS",
    "SSS",
    "SS",
    "S",
    "zz",
    "z",
    "ZZ",
    "Z",
    "e",
];

/// How many characters the token at the start has, a backslash in front included.
fn token(rest: &[char]) -> usize {
    if let Some(length) = bracketed(rest) {
        return length;
    }
    let escaped = usize::from(rest.first() == Some(&'\\'));
    let rest = rest.get(escaped..).unwrap_or_default();
    let begins = |token: &&&str| {
        let mut chars = rest.iter();
        token.chars().all(|c| chars.next() == Some(&c))
    };
    let length = TOKENS.iter().find(begins).map(|token| token.len());
    match (length, rest.first()) {
        (Some(length), _) => escaped + length,
        (None, Some(c)) if !ends_line(*c) => escaped + 1,
        // Line ends match nothing and so are lost; a backslash before one is a token of its own.
        _ => 1,
    }
}

fn ends_line(c: char) -> bool {
    matches!(c, '\n' | '\r' | '\u{2028}' | '\u{2029}')
}

/// What a token that stands for nothing leaves.
fn literal(token: &str) -> String {
    if token.starts_with('[') && token.chars().count() > 1 {
        let inner = token.strip_prefix('[').unwrap_or(token);
        return inner.strip_suffix(']').unwrap_or(inner).to_owned();
    }
    token
        .chars()
        .filter(|c| *c != '\\' && !ends_line(*c))
        .collect()
}

/// A moment, taken apart.
struct Clock {
    time: Timestamp,
    date: jiff::civil::Date,
    hour: i64,
    minute: i64,
    second: i64,
    /// Minutes east of Greenwich.
    offset: i64,
    zone: String,
}

impl Clock {
    /// What a token stands for; `None` where it is plain text.
    fn write(&self, token: &str) -> Option<String> {
        let year = i64::from(self.date.year());
        let month = i64::from(self.date.month());
        let day = i64::from(self.date.day());
        let day_of_year = i64::from(self.date.day_of_year());
        let weekday = i64::from(self.date.weekday().to_sunday_zero_offset());
        let weekday_name = usize::try_from(weekday).ok().and_then(|at| DAYS.get(at));
        let weekday_name = weekday_name.copied().unwrap_or_default();
        let month_name = usize::try_from(month - 1)
            .ok()
            .and_then(|at| MONTHS.get(at));
        let month_name = month_name.copied().unwrap_or_default();
        let iso = self.date.iso_week_date();
        let (iso_year, iso_week) = (i64::from(iso.year()), i64::from(iso.week()));
        let half = if self.hour % 12 == 0 {
            12
        } else {
            self.hour % 12
        };
        let late = self.hour > 11;
        let short = |name: &str, length: usize| name.chars().take(length).collect::<String>();
        Some(match token {
            "Y" | "YYYY" | "y" | "yy" | "yyy" | "yyyy" => {
                let width = if token.starts_with('Y') {
                    4
                } else {
                    token.len()
                };
                filled(year, width)
            }
            "YY" => filled(year % 100, 2),
            "YYYYY" => filled(year, 5),
            "YYYYYY" => format!("+{}", filled(year, 6)),
            "yo" => ordinal(year),
            "N" | "NN" | "NNN" | "NNNNN" => "AD".to_owned(),
            "NNNN" => "Anno Domini".to_owned(),
            "Q" => ((month + 2) / 3).to_string(),
            "Qo" => ordinal((month + 2) / 3),
            "M" => month.to_string(),
            "MM" => filled(month, 2),
            "Mo" => ordinal(month),
            "MMM" => short(month_name, 3),
            "MMMM" => month_name.to_owned(),
            "D" => day.to_string(),
            "DD" => filled(day, 2),
            "Do" => ordinal(day),
            "DDD" => day_of_year.to_string(),
            "DDDD" => filled(day_of_year, 3),
            "DDDo" => ordinal(day_of_year),
            "d" | "e" => weekday.to_string(),
            "do" => ordinal(weekday),
            "dd" => short(weekday_name, 2),
            "ddd" => short(weekday_name, 3),
            "dddd" => weekday_name.to_owned(),
            "E" => i64::from(self.date.weekday().to_monday_one_offset()).to_string(),
            "w" => self.week().1.to_string(),
            "ww" => filled(self.week().1, 2),
            "wo" => ordinal(self.week().1),
            "W" => iso_week.to_string(),
            "WW" => filled(iso_week, 2),
            "Wo" => ordinal(iso_week),
            "gg" => filled(self.week().0 % 100, 2),
            "gggg" | "ggggg" => filled(self.week().0, token.len()),
            "GG" => filled(iso_year % 100, 2),
            "GGGG" | "GGGGG" => filled(iso_year, token.len()),
            "H" => self.hour.to_string(),
            "HH" => filled(self.hour, 2),
            "h" => half.to_string(),
            "hh" => filled(half, 2),
            "k" | "kk" => {
                let hour = if self.hour == 0 { 24 } else { self.hour };
                filled(hour, token.len())
            }
            "hmm" => format!("{half}{}", filled(self.minute, 2)),
            "Hmm" => format!("{}{}", self.hour, filled(self.minute, 2)),
            "hmmss" => format!("{half}{}{}", filled(self.minute, 2), filled(self.second, 2)),
            "Hmmss" => {
                let (minute, second) = (filled(self.minute, 2), filled(self.second, 2));
                format!("{}{minute}{second}", self.hour)
            }
            "a" => if late { "pm" } else { "am" }.to_owned(),
            "A" => if late { "PM" } else { "AM" }.to_owned(),
            "m" => self.minute.to_string(),
            "mm" => filled(self.minute, 2),
            "s" => self.second.to_string(),
            "ss" => filled(self.second, 2),
            "z" | "zz" => self.zone.clone(),
            "Z" => self.offset_text(":"),
            "ZZ" => self.offset_text(""),
            "X" => self.time.as_millisecond().div_euclid(1000).to_string(),
            "x" => self.time.as_millisecond().to_string(),
            fraction if !fraction.is_empty() && fraction.chars().all(|c| c == 'S') => {
                let thousandths = filled(self.time.as_millisecond().rem_euclid(1000), 3);
                let padded = format!("{thousandths}000000");
                padded.get(..fraction.len().min(9))?.to_owned()
            }
            _ => return None,
        })
    }

    fn offset_text(&self, between: &str) -> String {
        let sign = if self.offset < 0 { '-' } else { '+' };
        let offset = self.offset.abs();
        let (hours, minutes) = (filled(offset / 60, 2), filled(offset % 60, 2));
        format!("{sign}{hours}{between}{minutes}")
    }

    /// Year and number of the week, where weeks begin on Sunday and the first one holds January 1.
    fn week(&self) -> (i64, i64) {
        let year = i64::from(self.date.year());
        let first_weekday = |year: i64| {
            let year = i16::try_from(year).ok()?;
            let date = jiff::civil::Date::new(year, 1, 1).ok()?;
            Some(i64::from(date.weekday().to_sunday_zero_offset()))
        };
        let into_first_week = first_weekday(year).unwrap_or_default();
        let day = i64::from(self.date.day_of_year());
        let week = (day - 1 + into_first_week) / 7 + 1;
        let days = if self.date.in_leap_year() { 366 } else { 365 };
        // The days after the last Saturday are in the week that holds the next January 1.
        let next_begins = days - (into_first_week + days) % 7;
        if day > next_begins {
            (year + 1, 1)
        } else {
            (year, week)
        }
    }
}

fn filled(number: i64, width: usize) -> String {
    let sign = if number < 0 { "-" } else { "" };
    format!("{sign}{:0width$}", number.abs())
}

fn ordinal(number: i64) -> String {
    let ending = match (number % 100 / 10, number % 10) {
        (1, _) => "th",
        (_, 1) => "st",
        (_, 2) => "nd",
        (_, 3) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
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
