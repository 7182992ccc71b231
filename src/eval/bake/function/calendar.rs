//! Functions of time.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ZonedDateTime};

use super::{Call, Named, Returned, Stop, exactly};
use crate::eval::bake::value::Value;

pub(super) const FUNCTIONS: &[Named] = &[
    (
        "timestamp",
        exactly(0, |call| Err(call.unknown("the time of the run"))),
    ),
    (
        "formatdate",
        exactly(2, |call| {
            let (template, time) = (call.known_text(0)?, time(call, 1)?);
            let text = format_date(&template, &time);
            let text = text.ok_or_else(|| call.fault("the format is not valid"))?;
            call.give(&text)
        }),
    ),
    (
        "timeadd",
        exactly(2, |call| {
            let time = time(call, 0)?;
            let added = duration(&call.known_text(1)?)
                .and_then(|seconds| {
                    time.checked_add(jiff::SignedDuration::from_secs(seconds))
                        .ok()
                })
                .ok_or_else(|| call.fault("the duration is not valid"))?;
            call.give(
                &added
                    .strftime("%Y-%m-%dT%H:%M:%S%:z")
                    .to_string()
                    .replace("+00:00", "Z"),
            )
        }),
    ),
    ("unixtimestampparse", exactly(1, unix)),
];

fn time(call: &Call<'_>, index: usize) -> Result<ZonedDateTime, Stop> {
    let text = call.known_text(index)?;
    let fault = || call.fault("the time is not written as RFC 3339 asks");
    let timestamp: Timestamp = text.parse().map_err(|_| fault())?;
    let offset = match text.get(text.len().saturating_sub(6)..) {
        Some(tail) if tail.starts_with(['+', '-']) => {
            let zone = tail.replace(':', "");
            let number: i32 = zone.parse().map_err(|_| fault())?;
            jiff::tz::Offset::from_seconds((number / 100 * 60 + number % 100) * 60)
                .map_err(|_| fault())?
        }
        _ => jiff::tz::Offset::UTC,
    };
    Ok(timestamp.to_zoned_datetime(TimeZone::fixed(offset)))
}

fn unix(call: &Call<'_>) -> Returned {
    let seconds = call.whole(0)?;
    let time = Timestamp::from_second(seconds).map_err(|_| call.fault("no such time"))?;
    let time = time.to_zoned_datetime(TimeZone::UTC);
    let field = |format: &str| Value::text(&time.strftime(format).to_string());
    let number = |value: i16| Value::Number(f64::from(value));
    let date: Date = time.date();
    Ok(Value::object(
        [
            ("year", number(date.year())),
            ("year_day", number(date.day_of_year())),
            ("day", number(i16::from(date.day()))),
            ("month", number(i16::from(date.month()))),
            ("month_name", field("%B")),
            (
                "weekday",
                number(i16::from(date.weekday().to_sunday_zero_offset())),
            ),
            ("weekday_name", field("%A")),
            ("hour", number(i16::from(time.hour()))),
            ("minute", number(i16::from(time.minute()))),
            ("second", number(i16::from(time.second()))),
            ("rfc3339", field("%Y-%m-%dT%H:%M:%SZ")),
        ]
        .into_iter()
        .map(|(name, value)| (name.into(), value))
        .collect(),
    ))
}

/// Go's durations: numbers with units, `1h30m`; whole seconds are all that a tag can show.
fn duration(text: &str) -> Option<i64> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    let mut seconds = 0.0;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let unit_at = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let (number, unit) = rest.split_at_checked(unit_at)?;
        let next = unit
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(unit.len());
        let (unit, after) = unit.split_at_checked(next)?;
        let size = match unit {
            "h" => 3600.0,
            "m" => 60.0,
            "s" => 1.0,
            "ms" => 1e-3,
            "us" | "µs" => 1e-6,
            "ns" => 1e-9,
            _ => return None,
        };
        seconds += number.parse::<f64>().ok()? * size;
        rest = after;
    }
    Some((sign * seconds) as i64)
}

/// Runs of one letter are fields, quotes hold text, everything but letters is itself.
fn format_date(template: &str, time: &ZonedDateTime) -> Option<String> {
    let mut out = String::new();
    let mut rest = template;
    while let Some(first) = rest.chars().next() {
        if first == '\'' {
            let (text, after) = quoted(rest.get(1..)?)?;
            out.push_str(&text);
            rest = after;
            continue;
        }
        let after = rest.trim_start_matches(first);
        let run = rest.get(..rest.len() - after.len())?;
        rest = after;
        let field = match run {
            "YYYY" => "%Y",
            "YY" => "%y",
            "MMMM" => "%B",
            "MMM" => "%b",
            "MM" => "%m",
            "M" => "%-m",
            "DD" => "%d",
            "D" => "%-d",
            "EEEE" => "%A",
            "EEE" => "%a",
            "hh" => "%H",
            "h" => "%-H",
            "HH" => "%I",
            "H" => "%-I",
            "AA" => "%p",
            "aa" => "%P",
            "mm" => "%M",
            "m" => "%-M",
            "ss" => "%S",
            "s" => "%-S",
            "ZZZZZ" => "%:z",
            "ZZZZ" => "%z",
            "ZZZ" if time.offset().is_zero() => "UTC",
            "ZZZ" => "%z",
            "Z" if time.offset().is_zero() => "Z",
            "Z" => "%:z",
            _ if first.is_ascii_alphabetic() => return None,
            other => {
                out.push_str(other);
                continue;
            }
        };
        out.push_str(&time.strftime(field).to_string());
    }
    Some(out)
}

/// Text up to the closing quote, doubled quotes undone; and what follows.
fn quoted(text: &str) -> Option<(String, &str)> {
    let mut out = String::new();
    let mut rest = text;
    loop {
        let (before, after) = rest.split_once('\'')?;
        out.push_str(before);
        match after.strip_prefix('\'') {
            Some(after) => {
                out.push('\'');
                rest = after;
            }
            None => return Some((out, after)),
        }
    }
}
