//! The progress of Fin's reply, computed from the events. A timeout replaces the event that says that Fin is done, which some
//! workspaces do not get.

use std::time::Duration;

use serde_json::Value;

/// The progress of Fin's reply.
///
/// - The event `fin_status_updated` with the status `awaiting_user_reply` says that Fin is done; a `fin_replied` with that status does not.
/// - Some workspaces do not get this event. So Fin is *probably done* after a `fin_replied` whose status is not `replying`, and after a
///   `fin_status_updated` whose status is neither `awaiting_user_reply` nor `complete`, such as `escalated`. A timeout then starts, and
///   each further event of these kinds starts it again. A chunk, or a `fin_replied` with the status `replying`, cancels it; events of other
///   kinds do not change it.
/// - After `complete` the conversation has ended. Fin is then done after `csat_requested`, after a `fin_status_updated` with
///   `awaiting_user_reply`, or when the timeout ends. Every other event starts the timeout again.
///
/// The event stream of `intercom-runtime` follows these rules. An app with a callback address keeps a `Progress` for each conversation, and
/// starts with the default again when it sends the next message of the user:
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
    /// Fin is probably done. The event that says so is awaited until `until`.
    ProbablyDone {
        /// The end of the timeout.
        until: Duration,
    },
    /// The conversation has ended. A request for a rating is awaited until `until`.
    ConversationEnded {
        /// The end of the timeout.
        until: Duration,
    },
    /// No more events are expected.
    Done,
}

impl Progress {
    /// Returns the progress after another event, given as JSON. `now` is the time since an arbitrary fixed point, and `timeout` is how
    /// long to wait for an event that some workspaces do not get.
    #[must_use]
    pub fn after(self, event: &Value, now: Duration, timeout: Duration) -> Self {
        let text = |key: &str| event.get(key).and_then(Value::as_str);
        let until = now.saturating_add(timeout);
        match (self, text("event_name"), text("status")) {
            (Self::Done, ..) | (_, Some("fin_status_updated"), Some("awaiting_user_reply")) => Self::Done,
            (Self::ConversationEnded { .. }, Some("csat_requested"), _) => Self::Done,
            (Self::ConversationEnded { .. }, ..) | (_, Some("fin_status_updated"), Some("complete")) => {
                Self::ConversationEnded { until }
            }
            (_, Some("fin_reply_chunk"), _) | (_, Some("fin_replied"), Some("replying")) => Self::Working,
            (_, Some("fin_replied" | "fin_status_updated"), _) => Self::ProbablyDone { until },
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
            Self::ProbablyDone { until } | Self::ConversationEnded { until } => Some(until),
            Self::Working | Self::Done => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn progress_follows_the_status_of_the_events() {
        let at = |events: &[(&str, &str)]| {
            events.iter().enumerate().fold(Progress::Working, |progress, (second, (name, status))| {
                let now = Duration::from_secs(second as u64);
                progress.after(&json!({"event_name": name, "status": status}), now, Duration::from_secs(10))
            })
        };
        let until = Duration::from_secs;
        assert_eq!(at(&[("fin_reply_chunk", "replying")]), Progress::Working);
        assert_eq!(at(&[("fin_replied", "replying")]), Progress::Working);
        assert_eq!(at(&[("fin_replied", "awaiting_user_reply")]), Progress::ProbablyDone { until: until(10) });
        assert_eq!(at(&[("fin_replied", ""), ("fin_reply_chunk", "")]), Progress::Working);
        assert_eq!(at(&[("fin_replied", ""), ("something_new", "")]), Progress::ProbablyDone { until: until(10) });
        assert_eq!(at(&[("fin_status_updated", "escalated")]), Progress::ProbablyDone { until: until(10) });
        assert_eq!(at(&[("fin_status_updated", "awaiting_user_reply")]), Progress::Done);
        assert_eq!(at(&[("fin_status_updated", "complete")]), Progress::ConversationEnded { until: until(10) });
        assert_eq!(at(&[("csat_requested", "")]), Progress::Working);
        assert_eq!(at(&[("fin_status_updated", "complete"), ("csat_requested", "")]), Progress::Done);
        let late = [("fin_status_updated", "complete"), ("fin_replied", "")];
        assert_eq!(at(&late), Progress::ConversationEnded { until: until(11) });
    }
}
