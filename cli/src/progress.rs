//! Progress on a terminal: a bar for each resource, and what it waits for.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use intercom_runtime::clock::Clock;
use intercom_runtime::metrics::{AttemptReport, Metrics};
use intercom_runtime::throttle::{AcquireRequest, Observation, Paced, Throttle, TooLate};
use intercom_runtime::transport::BoxFuture;

/// The bars of a run.
#[derive(Clone, Debug)]
pub struct Progress {
    bars: MultiProgress,
    /// The bar of the resource that is under way.
    current: Arc<Mutex<ProgressBar>>,
}

impl Progress {
    /// Bars on standard error where that is a terminal.
    pub fn new(quiet: bool) -> Self {
        let target = if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr_with_hz(5) };
        let bars = MultiProgress::with_draw_target(target);
        Self { bars, current: Arc::new(Mutex::new(ProgressBar::hidden())) }
    }

    /// The bar of a resource that begins.
    pub fn bar(&self, name: &'static str) -> ProgressBar {
        let bar = self.bars.add(ProgressBar::new(0));
        let style =
            ProgressStyle::with_template("{prefix:14} {wide_bar} {human_pos}/{human_len} {per_sec:>12} {eta:>5} {msg}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_prefix(name);
        bar.enable_steady_tick(Duration::from_millis(500));
        *self.current.lock().unwrap_or_else(PoisonError::into_inner) = bar.clone();
        bar
    }

    /// A throttle that keeps to the rate limit and says when it waits for it.
    pub fn throttle(&self) -> impl Throttle {
        Shown { paced: Paced::new(), progress: self.clone() }
    }

    /// Says when a call is refused and sent again later.
    pub fn metrics(&self) -> impl Metrics {
        Told(self.clone())
    }

    fn say(&self, message: impl Into<String>) {
        self.current.lock().unwrap_or_else(PoisonError::into_inner).set_message(message.into());
    }
}

struct Shown {
    paced: Paced,
    progress: Progress,
}

impl Throttle for Shown {
    fn acquire<'a>(&'a self, request: AcquireRequest<'a>) -> BoxFuture<'a, Result<(), TooLate>> {
        Box::pin(async move {
            let mut waiting = self.paced.acquire(request);
            // A wait of less than a tenth of a second is not shown.
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

    fn observe(&self, seen: &Observation, clock: &dyn Clock) {
        self.paced.observe(seen, clock);
    }
}

struct Told(Progress);

impl Metrics for Told {
    fn attempt(&self, report: &AttemptReport<'_>) {
        let Some(wait) = report.wait else { return self.0.say("") };
        let why = match report.status {
            Some(status) if status.as_u16() == 429 => "rate limit".to_owned(),
            Some(status) => format!("status {}", status.as_u16()),
            None => "no answer".to_owned(),
        };
        self.0.say(format!("{why}: again in {} s", wait.as_secs().max(1)));
    }
}
