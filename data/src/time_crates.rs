//! Conversions of `Timestamp` from and to the types of other crates, with a cargo feature for each crate.

use std::fmt;

use crate::Timestamp;

/// The error of converting a time that is out of the range of the target type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeRangeError(());

impl fmt::Display for TimeRangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the time is out of the range of the target type")
    }
}

impl std::error::Error for TimeRangeError {}

/// Implements the conversions of a type from and to `Timestamp`. Fractions of a second are dropped.
macro_rules! conversions {
    ($feature:literal, $type:ty, $to_seconds:expr, $of_seconds:expr) => {
        #[cfg(feature = $feature)]
        impl From<$type> for Timestamp {
            fn from(time: $type) -> Self {
                let to_seconds: fn(&$type) -> i64 = $to_seconds;
                Self::from_seconds(to_seconds(&time))
            }
        }

        #[cfg(feature = $feature)]
        impl TryFrom<&Timestamp> for $type {
            type Error = TimeRangeError;

            fn try_from(time: &Timestamp) -> Result<Self, TimeRangeError> {
                let of_seconds: fn(i64) -> Option<$type> = $of_seconds;
                of_seconds(time.as_seconds()).ok_or(TimeRangeError(()))
            }
        }

        #[cfg(feature = $feature)]
        impl TryFrom<Timestamp> for $type {
            type Error = TimeRangeError;

            fn try_from(time: Timestamp) -> Result<Self, TimeRangeError> {
                Self::try_from(&time)
            }
        }
    };
}

conversions!("jiff", jiff::Timestamp, |time| time.as_second(), |seconds| jiff::Timestamp::from_second(seconds).ok());
conversions!("chrono", chrono::DateTime<chrono::Utc>, chrono::DateTime::timestamp, |seconds| {
    chrono::DateTime::from_timestamp(seconds, 0)
});
conversions!("time", time::OffsetDateTime, |time| time.unix_timestamp(), |seconds| {
    time::OffsetDateTime::from_unix_timestamp(seconds).ok()
});

#[cfg(test)]
mod tests {
    use super::*;

    fn round_trip<T>()
    where
        T: TryFrom<Timestamp, Error = TimeRangeError> + Into<Timestamp>,
    {
        for seconds in [0, -1, 1_734_536_443, -62_135_596_800] {
            let time: T = Timestamp::from_seconds(seconds).try_into().unwrap();
            assert_eq!(time.into().as_seconds(), seconds);
        }
        assert!(T::try_from(Timestamp::from_seconds(i64::MAX)).is_err());
        // The same time, given as text.
        let text: Timestamp = "2024-12-18T15:40:43Z".parse().unwrap();
        let time: T = text.try_into().unwrap();
        assert_eq!(time.into().as_seconds(), 1_734_536_443);
    }

    #[test]
    fn times_convert_in_both_directions() {
        #[cfg(feature = "jiff")]
        round_trip::<jiff::Timestamp>();
        #[cfg(feature = "chrono")]
        round_trip::<chrono::DateTime<chrono::Utc>>();
        #[cfg(feature = "time")]
        round_trip::<time::OffsetDateTime>();
    }
}
