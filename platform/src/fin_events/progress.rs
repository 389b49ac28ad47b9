//! The progress of Fin's reply, from the events, with a timeout for workspaces that do not get the signal that Fin is done.

use std::time::Duration;

use serde_json::Value;

/// The progress of Fin's reply.
///
/// The signal that Fin is done is the event `fin_status_updated` with the status `awaiting_user_reply`; a `fin_replied`
/// with that status is not. Some workspaces do not get the signal, so after a complete reply there is a timeout. The
/// event stream of `intercom-runtime` ends by these rules. An app with a callback address keeps a `Progress` for each
/// conversation, and begins with the default again when it sends the next message of the user:
///
/// ```
/// use intercom_platform::fin_events::Progress;
/// use serde_json::json;
/// use std::time::{Duration, Instant};
///
/// let (start, timeout) = (Instant::now(), Duration::from_secs(15));
/// let reply = json!({"event_name": "fin_replied", "status": "awaiting_user_reply"});
/// let progress = Progress::default().after(&reply, start.elapsed(), timeout);
/// assert!(!progress.is_done(start.elapsed()));
/// assert!(progress.is_done(start.elapsed() + timeout));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Progress {
    /// More events are expected.
    #[default]
    Working,
    /// A reply is complete, or the status has changed. The signal that Fin is done is awaited until `until`.
    Replied {
        /// The end of the timeout.
        until: Duration,
    },
    /// The conversation is over. A request for a rating is awaited until `until`.
    Over {
        /// The end of the timeout.
        until: Duration,
    },
    /// No more events are expected.
    Done,
}

impl Progress {
    /// The progress after one more event, given as JSON. `now` is the time since any fixed point, `timeout` how long to wait for an event
    /// that may not come.
    #[must_use]
    pub fn after(self, event: &Value, now: Duration, timeout: Duration) -> Self {
        let text = |key: &str| event.get(key).and_then(Value::as_str);
        let until = now.saturating_add(timeout);
        match (self, text("event_name"), text("status")) {
            (Self::Done, ..) | (_, Some("fin_status_updated"), Some("awaiting_user_reply")) => Self::Done,
            (Self::Over { .. }, Some("csat_requested"), _) => Self::Done,
            (Self::Over { .. }, ..) | (_, Some("fin_status_updated"), Some("complete")) => Self::Over { until },
            (_, Some("fin_reply_chunk"), _) | (_, Some("fin_replied"), Some("replying")) => Self::Working,
            (_, Some("fin_replied" | "fin_status_updated"), _) => Self::Replied { until },
            (before, ..) => before,
        }
    }

    /// Whether no more events are expected at the time `now`.
    pub fn is_done(self, now: Duration) -> bool {
        self == Self::Done || self.until().is_some_and(|until| now >= until)
    }

    /// The end of the timeout, if there is one.
    pub fn until(self) -> Option<Duration> {
        match self {
            Self::Replied { until } | Self::Over { until } => Some(until),
            Self::Working | Self::Done => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_status_says_how_far_fin_is() {
        let at = |events: &[(&str, &str)]| {
            events.iter().enumerate().fold(Progress::Working, |progress, (second, (name, status))| {
                let now = Duration::from_secs(second as u64);
                progress.after(&json!({"event_name": name, "status": status}), now, Duration::from_secs(10))
            })
        };
        let until = Duration::from_secs;
        assert_eq!(at(&[("fin_reply_chunk", "replying")]), Progress::Working);
        assert_eq!(at(&[("fin_replied", "replying")]), Progress::Working);
        assert_eq!(at(&[("fin_replied", "awaiting_user_reply")]), Progress::Replied { until: until(10) });
        assert_eq!(at(&[("fin_replied", ""), ("fin_reply_chunk", "")]), Progress::Working);
        assert_eq!(at(&[("fin_replied", ""), ("something_new", "")]), Progress::Replied { until: until(10) });
        assert_eq!(at(&[("fin_status_updated", "escalated")]), Progress::Replied { until: until(10) });
        assert_eq!(at(&[("fin_status_updated", "awaiting_user_reply")]), Progress::Done);
        assert_eq!(at(&[("fin_status_updated", "complete")]), Progress::Over { until: until(10) });
        assert_eq!(at(&[("csat_requested", "")]), Progress::Working);
        assert_eq!(at(&[("fin_status_updated", "complete"), ("csat_requested", "")]), Progress::Done);
        let late = [("fin_status_updated", "complete"), ("fin_replied", "")];
        assert_eq!(at(&late), Progress::Over { until: until(11) });
    }
}
