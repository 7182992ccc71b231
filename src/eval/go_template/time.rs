//! Times: Go's layouts, in which the reference time stands for what is printed.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::TemplateError;
use super::value::Value;

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

fn civil(at: Timestamp) -> DateTime {
    TimeZone::UTC.to_datetime(at)
}

fn month(at: DateTime) -> &'static str {
    let index = usize::try_from(at.month() - 1).unwrap_or(0);
    MONTHS.get(index).copied().unwrap_or_default()
}

fn weekday(at: DateTime) -> &'static str {
    use jiff::civil::Weekday;
    match at.weekday() {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

/// The parts of a layout, longer ones before those that they begin with.
const PARTS: [&str; 29] = [
    "January",
    "Jan",
    "Monday",
    "Mon",
    "MST",
    "2006",
    "002",
    "Z07:00",
    "Z0700",
    "-07:00",
    "-0700",
    "-07",
    ".000000000",
    ".000000",
    ".000",
    "01",
    "02",
    "03",
    "04",
    "05",
    "06",
    "15",
    "PM",
    "pm",
    "_2",
    "1",
    "2",
    "3",
    "4",
];

/// A time in UTC by a layout.
#[must_use]
pub fn format(at: Timestamp, layout: &str) -> String {
    let time = civil(at);
    let hour = (time.hour() + 11) % 12 + 1;
    let nanoseconds = at.subsec_nanosecond().unsigned_abs();
    let mut text = String::new();
    let mut rest = layout;
    while let Some(c) = rest.chars().next() {
        let part = PARTS.iter().find(|part| rest.starts_with(**part));
        let Some(part) = part
            .copied()
            .or_else(|| rest.starts_with('5').then_some("5"))
        else {
            text.push(c);
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
            continue;
        };
        rest = rest.get(part.len()..).unwrap_or_default();
        // A word that only begins like a month's short name is no month.
        let printed = match part {
            "January" => month(time).to_owned(),
            "Jan" => month(time).chars().take(3).collect(),
            "Monday" => weekday(time).to_owned(),
            "Mon" => weekday(time).chars().take(3).collect(),
            "MST" => "UTC".to_owned(),
            "2006" => format!("{:04}", time.year()),
            "06" => format!("{:02}", time.year().rem_euclid(100)),
            "002" => format!("{:03}", time.day_of_year()),
            "Z07:00" | "Z0700" => "Z".to_owned(),
            "-07:00" => "+00:00".to_owned(),
            "-0700" => "+0000".to_owned(),
            "-07" => "+00".to_owned(),
            ".000000000" => format!(".{nanoseconds:09}"),
            ".000000" => format!(".{:06}", nanoseconds / 1_000),
            ".000" => format!(".{:03}", nanoseconds / 1_000_000),
            "01" => format!("{:02}", time.month()),
            "1" => time.month().to_string(),
            "02" => format!("{:02}", time.day()),
            "_2" => format!("{:2}", time.day()),
            "2" => time.day().to_string(),
            "15" => format!("{:02}", time.hour()),
            "03" => format!("{hour:02}"),
            "3" => hour.to_string(),
            "04" => format!("{:02}", time.minute()),
            "4" => time.minute().to_string(),
            "05" => format!("{:02}", time.second()),
            "5" => time.second().to_string(),
            "PM" => if time.hour() < 12 { "AM" } else { "PM" }.to_owned(),
            _ => if time.hour() < 12 { "am" } else { "pm" }.to_owned(),
        };
        text.push_str(&printed);
    }
    text
}

/// A method of a time.
pub(super) fn method(
    at: Timestamp,
    name: &str,
    arguments: &[Value],
) -> Result<Value, TemplateError> {
    let time = civil(at);
    Ok(match (name, arguments) {
        ("Format", [Value::Text(layout)]) => Value::text(format(at, layout)),
        ("UTC" | "Local", []) => Value::Time(at),
        ("String", []) => Value::text(Value::Time(at).print()),
        ("Unix", []) => Value::Int(at.as_second()),
        ("UnixMilli", []) => Value::Int(at.as_millisecond()),
        ("Year", []) => Value::Int(time.year().into()),
        ("YearDay", []) => Value::Int(time.day_of_year().into()),
        ("Month", []) => Value::text(month(time)),
        ("Weekday", []) => Value::text(weekday(time)),
        ("Day", []) => Value::Int(time.day().into()),
        ("Hour", []) => Value::Int(time.hour().into()),
        ("Minute", []) => Value::Int(time.minute().into()),
        ("Second", []) => Value::Int(time.second().into()),
        _ => {
            let message = format!("can't evaluate field {name} in type time.Time");
            return Err(TemplateError::new(message));
        }
    })
}
