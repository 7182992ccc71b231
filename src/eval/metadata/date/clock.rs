//! A moment taken apart, and what each token of a format says of it.

use jiff::Timestamp;

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

/// A moment, taken apart.
pub(super) struct Clock {
    pub(super) time: Timestamp,
    pub(super) date: jiff::civil::Date,
    pub(super) hour: i64,
    pub(super) minute: i64,
    pub(super) second: i64,
    /// Minutes east of Greenwich.
    pub(super) offset: i64,
    pub(super) zone: String,
}

impl Clock {
    /// What a token stands for; `None` where it is plain text.
    pub(super) fn write(&self, token: &str) -> Option<String> {
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
