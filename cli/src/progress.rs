//! Progress bars on a terminal, one for each resource, with the reason of a wait.

use std::fmt::Write;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use intercom_runtime::clock::Clock;
use intercom_runtime::metrics::{AttemptReport, Metrics};
use intercom_runtime::throttle::{AcquireRequest, Observation, Paced, Throttle, TooLate};
use intercom_runtime::transport::BoxFuture;

/// The bars of a run.
#[derive(Clone, Debug)]
pub struct Progress {
    bars: MultiProgress,
    /// The bar of the current resource.
    current: Arc<Mutex<ProgressBar>>,
}

impl Progress {
    /// Bars on standard error where that is a terminal.
    pub fn new(quiet: bool) -> Self {
        let target = if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr_with_hz(5) };
        let bars = MultiProgress::with_draw_target(target);
        Self { bars, current: Arc::new(Mutex::new(ProgressBar::hidden())) }
    }

    /// Adds the bar of a resource and makes it the current one.
    pub fn bar(&self, name: &'static str) -> ProgressBar {
        let bar = self.bars.add(ProgressBar::new(0));
        let style =
            ProgressStyle::with_template("{prefix:14} {wide_bar} {human_pos}/{human_len} {rate:>9} {eta:>5} {msg}");
        let rate = |state: &ProgressState, out: &mut dyn Write| {
            let _ = write!(out, "{:.0}/s", state.per_sec());
        };
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()).with_key("rate", rate));
        bar.set_prefix(name);
        bar.enable_steady_tick(Duration::from_millis(500));
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = bar.clone();
        bar
    }

    /// A throttle that keeps below the rate limit and shows when it waits.
    pub fn throttle(&self) -> impl Throttle {
        ShowWaits { paced: Paced::new(), progress: self.clone() }
    }

    /// Shows when a call failed and is retried.
    pub fn metrics(&self) -> impl Metrics {
        ShowRetries(self.clone())
    }

    fn say(&self, message: impl Into<String>) {
        self.current.lock().unwrap_or_else(PoisonError::into_inner).set_message(message.into());
    }
}

struct ShowWaits {
    paced: Paced,
    progress: Progress,
}

impl Throttle for ShowWaits {
    fn acquire<'a>(&'a self, request: AcquireRequest<'a>) -> BoxFuture<'a, Result<(), TooLate>> {
        Box::pin(async move {
            let mut waiting = self.paced.acquire(request);
            // Waits below a tenth of a second are not shown.
            let soon = request.clock.sleep(Duration::from_millis(100));
            tokio::select! {
                acquired = &mut waiting => return acquired,
                () = soon => self.progress.say("waiting for the rate limit"),
            }
            let acquired = waiting.await;
            self.progress.say("");
            acquired
        })
    }

    fn release(&self, sent: bool) {
        self.paced.release(sent);
    }

    fn observe(&self, observation: &Observation, clock: &dyn Clock) {
        self.paced.observe(observation, clock);
    }
}

struct ShowRetries(Progress);

impl Metrics for ShowRetries {
    fn attempt(&self, report: &AttemptReport<'_>) {
        let Some(wait) = report.wait else { return self.0.say("") };
        let why = match report.status {
            Some(status) if status.as_u16() == 429 => "rate limit".to_owned(),
            Some(status) => format!("status {}", status.as_u16()),
            None => "no answer".to_owned(),
        };
        self.0.say(format!("{why}: retry in {} s", wait.as_secs().max(1)));
    }
}
