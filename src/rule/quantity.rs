//! Quantities that rules compare: durations in calendar or business days, ages, amounts of money. A comparison across units has three
//! answers, because ten business days are between twelve and sixteen days of the calendar.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A unit of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unit {
    /// Hours.
    Hour,
    /// Days of the calendar.
    Day,
    /// Days of work.
    BusinessDay,
    /// Weeks.
    Week,
    /// Months.
    Month,
    /// Years.
    Year,
}

/// A number with its unit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Quantity {
    /// A stretch of time.
    Duration(u32, Unit),
    /// A plain number: years of age, or money.
    Number(f64),
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Duration(count, unit) => {
                let unit = match unit {
                    Unit::Hour => "hour",
                    Unit::Day => "day",
                    Unit::BusinessDay => "business day",
                    Unit::Week => "week",
                    Unit::Month => "month",
                    Unit::Year => "year",
                };
                write!(f, "{count} {unit}{}", if *count == 1 { "" } else { "s" })
            }
        }
    }
}

/// What a comparison says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Answer {
    /// Surely.
    Yes,
    /// It hangs on the calendar.
    Maybe,
    /// Surely not.
    No,
}

/// How two quantities are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Operator {
    /// At most.
    AtMost,
    /// Less.
    Less,
    /// At least.
    AtLeast,
    /// More.
    More,
}

impl Quantity {
    /// The least and the most hours that a duration may last.
    ///
    /// Ten business days begin on any day of the week and may meet a holiday a week: 12 to 16 days.
    fn bounds(self) -> (f64, f64) {
        match self {
            Self::Number(number) => (number, number),
            Self::Duration(count, unit) => {
                let count = f64::from(count);
                let (least, most) = match unit {
                    Unit::Hour => return (count, count),
                    Unit::Day => (count, count),
                    Unit::BusinessDay => (count + 2.0 * ((count - 1.0).max(0.0) / 5.0).floor(), count + 3.0 * (count / 5.0).ceil()),
                    Unit::Week => (count * 7.0, count * 7.0),
                    Unit::Month => (count * 28.0, count * 31.0),
                    Unit::Year => (count * 365.0, count * 366.0),
                };
                (least * 24.0, most * 24.0)
            }
        }
    }

    /// Compares with another quantity.
    pub fn compare(self, operator: Operator, other: Self) -> Answer {
        let not = |answer| match answer {
            Answer::Yes => Answer::No,
            Answer::Maybe => Answer::Maybe,
            Answer::No => Answer::Yes,
        };
        match operator {
            Operator::AtMost => self.at_most(other),
            Operator::AtLeast => other.at_most(self),
            Operator::Less => not(other.at_most(self)),
            Operator::More => not(self.at_most(other)),
        }
    }

    fn at_most(self, other: Self) -> Answer {
        if let (Self::Duration(one, unit), Self::Duration(two, same)) = (self, other)
            && unit == same
        {
            return if one <= two { Answer::Yes } else { Answer::No };
        }
        let ((least, most), (other_least, other_most)) = (self.bounds(), other.bounds());
        if most <= other_least {
            Answer::Yes
        } else if least > other_most {
            Answer::No
        } else {
            Answer::Maybe
        }
    }
}

/// Reads a number in words, up to ninety, word by word: "thirty" and "five" of "thirty-five".
pub fn number_word(word: &str) -> Option<u32> {
    // Sorted, for every word of a text is looked up here.
    const WORDS: [(&str, u32); 28] = [
        ("eight", 8),
        ("eighteen", 18),
        ("eighty", 80),
        ("eleven", 11),
        ("fifteen", 15),
        ("fifty", 50),
        ("five", 5),
        ("forty", 40),
        ("four", 4),
        ("fourteen", 14),
        ("nine", 9),
        ("nineteen", 19),
        ("ninety", 90),
        ("one", 1),
        ("seven", 7),
        ("seventeen", 17),
        ("seventy", 70),
        ("six", 6),
        ("sixteen", 16),
        ("sixty", 60),
        ("ten", 10),
        ("thirteen", 13),
        ("thirty", 30),
        ("three", 3),
        ("twelve", 12),
        ("twenty", 20),
        ("two", 2),
        ("zero", 0),
    ];
    if !(3..=9).contains(&word.len()) {
        return None;
    }
    let lower = |byte: u8| byte.to_ascii_lowercase();
    WORDS.binary_search_by(|(other, _)| other.bytes().cmp(word.bytes().map(lower))).ok().map(|at| WORDS[at].1)
}

/// Reads a unit of time in any of its spellings.
pub fn unit(word: &str) -> Option<Unit> {
    const UNITS: [(&str, Unit); 5] =
        [("hour", Unit::Hour), ("day", Unit::Day), ("week", Unit::Week), ("month", Unit::Month), ("year", Unit::Year)];
    let word = word.strip_suffix("'s").or_else(|| word.strip_suffix("'S")).unwrap_or(word).trim_end_matches('\'');
    let singular = word.strip_suffix(['s', 'S']).unwrap_or(word);
    UNITS.iter().find(|(name, _)| name.eq_ignore_ascii_case(singular)).map(|&(_, unit)| unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_business_days_are_twelve_to_sixteen_days() {
        let limit = Quantity::Duration(10, Unit::BusinessDay);
        for (count, unit, answer) in [
            (10, Unit::BusinessDay, Answer::Yes),
            (15, Unit::BusinessDay, Answer::No),
            (12, Unit::Day, Answer::Yes),
            (13, Unit::Day, Answer::Maybe),
            (16, Unit::Day, Answer::Maybe),
            (17, Unit::Day, Answer::No),
            (48, Unit::Hour, Answer::Yes),
            (1, Unit::Week, Answer::Yes),
            (2, Unit::Week, Answer::Maybe),
            (30, Unit::Day, Answer::No),
            (1, Unit::Month, Answer::No),
        ] {
            assert_eq!(Quantity::Duration(count, unit).compare(Operator::AtMost, limit), answer, "{count} {unit:?}");
        }
        assert_eq!(Quantity::Duration(30, Unit::Day).compare(Operator::More, limit), Answer::Yes);
    }

    #[test]
    fn units_are_compared_where_no_calendar_changes_the_answer() {
        use Answer::{Maybe, No, Yes};
        use Unit::{BusinessDay, Day, Hour, Month, Week, Year};
        for (one, unit, operator, two, other, answer) in [
            (24, Hour, Operator::AtMost, 1, Day, Yes),
            (25, Hour, Operator::AtMost, 1, Day, No),
            (7, Day, Operator::AtLeast, 1, Week, Yes),
            (6, Day, Operator::AtLeast, 1, Week, No),
            (28, Day, Operator::AtMost, 1, Month, Yes),
            (29, Day, Operator::AtMost, 1, Month, Maybe),
            (32, Day, Operator::AtMost, 1, Month, No),
            (31, Day, Operator::Less, 1, Month, No),
            (27, Day, Operator::Less, 1, Month, Yes),
            (366, Day, Operator::AtMost, 1, Year, Maybe),
            (365, Day, Operator::AtMost, 1, Year, Yes),
            (367, Day, Operator::More, 1, Year, Yes),
            (104, Week, Operator::Less, 2, Year, Yes),
            (1, BusinessDay, Operator::AtLeast, 1, Day, Yes),
            (1, BusinessDay, Operator::AtMost, 4, Day, Yes),
            (1, BusinessDay, Operator::AtMost, 3, Day, Maybe),
            (5, BusinessDay, Operator::AtMost, 8, Day, Yes),
            (6, BusinessDay, Operator::AtLeast, 8, Day, Yes),
            (6, BusinessDay, Operator::AtMost, 12, Day, Yes),
            (6, BusinessDay, Operator::AtMost, 11, Day, Maybe),
        ] {
            let answered = Quantity::Duration(one, unit).compare(operator, Quantity::Duration(two, other));
            assert_eq!(answered, answer, "{one} {unit:?} {operator:?} {two} {other:?}");
        }
        let number = Quantity::Number;
        assert_eq!(number(12.0).compare(Operator::Less, number(13.0)), Yes);
        assert_eq!(number(13.0).compare(Operator::Less, number(13.0)), No);
        assert_eq!(number(13.0).compare(Operator::AtLeast, number(13.0)), Yes);
        assert_eq!(number(13.5).compare(Operator::More, number(13.0)), Yes);
    }

    #[test]
    fn quantities_are_shown_in_words() {
        let shown = |count, unit| Quantity::Duration(count, unit).to_string();
        assert_eq!((shown(1, Unit::BusinessDay), shown(2, Unit::Hour)), ("1 business day".to_owned(), "2 hours".to_owned()));
        assert_eq!(Quantity::Number(2.5).to_string(), "2.5");
    }

    #[test]
    fn numbers_and_units_are_read_in_words() {
        assert_eq!(
            (number_word("zero"), number_word("SEVENTEEN"), number_word("to"), number_word("seventy-one")),
            (Some(0), Some(17), None, None)
        );
        assert_eq!(
            (unit("YEAR'S"), unit("hour"), unit("MONTHS"), unit("s"), unit("fortnight")),
            (Some(Unit::Year), Some(Unit::Hour), Some(Unit::Month), None, None)
        );
        assert_eq!(number_word("Ten"), Some(10));
        assert_eq!(number_word("thirty"), Some(30));
        assert_eq!(number_word("plenty"), None);
        assert_eq!(unit("weeks"), Some(Unit::Week));
        assert_eq!(unit("Days'"), Some(Unit::Day));
    }
}
