//! Dates: seconds since 1970, and times that are broken down into numbers.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::evaluate::Stop;
use super::operator::{describe, fail};
use super::value::Value;

#[allow(clippy::cast_possible_truncation)]
fn of_seconds(seconds: f64) -> Result<DateTime, Stop> {
    let whole = Timestamp::from_second(seconds.trunc() as i64).map_err(|_| Stop::Unknown)?;
    Ok(whole.to_zoned_datetime(TimeZone::UTC).datetime())
}

/// Year, month from 0, day, hour, minute, second, day of the week, day of the year from 0.
fn broken_down(time: DateTime, fraction: f64) -> Value {
    let numbers = [
        f64::from(time.year()),
        f64::from(time.month() - 1),
        f64::from(time.day()),
        f64::from(time.hour()),
        f64::from(time.minute()),
        f64::from(time.second()) + fraction,
        f64::from(time.weekday().to_sunday_zero_offset()),
        f64::from(time.day_of_year() - 1),
    ];
    Value::array(numbers.into_iter().map(Value::number).collect())
}

#[allow(clippy::cast_possible_truncation)]
fn put_together(value: &Value) -> Result<DateTime, Stop> {
    let Value::Array(parts) = value else {
        return fail(format!("{} requires array of 6 numbers", describe(value)));
    };
    let part = |at: usize| -> Result<i16, Stop> {
        match parts.items.get(at) {
            Some(Value::Number(number, _)) => Ok(number.floor() as i16),
            _ => Err(Stop::Unknown),
        }
    };
    let small = |at: usize| i8::try_from(part(at)?).map_err(|_| Stop::Unknown);
    DateTime::new(
        part(0)?,
        small(1)? + 1,
        small(2)?,
        small(3)?,
        small(4)?,
        small(5)?,
        0,
    )
    .map_err(|_| Stop::Unknown)
}

fn seconds(time: DateTime) -> Result<Value, Stop> {
    let zoned = time
        .to_zoned_datetime(TimeZone::UTC)
        .map_err(|_| Stop::Unknown)?;
    #[allow(clippy::cast_precision_loss)]
    Ok(Value::number(zoned.timestamp().as_second() as f64))
}

pub(super) fn plain(name: &str, value: &Value) -> Result<Value, Stop> {
    match (name, value) {
        ("gmtime", Value::Number(number, _)) => {
            Ok(broken_down(of_seconds(*number)?, number - number.floor()))
        }
        ("mktime", _) => seconds(put_together(value)?),
        _ => fail(format!("{name}() requires a number")),
    }
}

pub(super) fn formatted(name: &str, value: &Value, format: &Value) -> Result<Value, Stop> {
    let Value::String(format) = format else {
        return fail(format!("{name}/1 requires a string format"));
    };
    if !value.is_known() || !crate::eval::unknown::is_known(format) {
        return Err(Stop::Unknown);
    }
    match (name, value) {
        ("strptime", Value::String(text)) => {
            let format = format.strip_suffix('Z').unwrap_or(format);
            match DateTime::strptime(format, text.strip_suffix('Z').unwrap_or(text)) {
                Ok(time) => Ok(broken_down(time, 0.0)),
                Err(_) => fail(format!(
                    "date \"{text}\" does not match format \"{format}\""
                )),
            }
        }
        ("strptime", other) => fail(format!(
            "strptime/1 requires string inputs and arguments, not {}",
            describe(other)
        )),
        (_, Value::Number(..) | Value::Array(_)) => {
            let time = match value {
                Value::Number(number, _) => of_seconds(*number)?,
                _ => put_together(value)?,
            };
            let zoned = time
                .to_zoned_datetime(TimeZone::UTC)
                .map_err(|_| Stop::Unknown)?;
            jiff::fmt::strtime::format(&**format, &zoned)
                .map(Value::text)
                .map_err(|_| Stop::Unknown)
        }
        _ => fail(format!("{name}/1 requires parsed datetime inputs")),
    }
}
