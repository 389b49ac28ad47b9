//! Sending a call: attempts, retries and timeouts. It has no type parameters, so that it is compiled once for all operations.

mod admit;
mod attempt;
mod inflate;
mod prepared;

use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use crate::call::Call;
use crate::clock::timeout;
use crate::error::Error;
use crate::meta::Meta;
use crate::metrics::{AttemptReport, CallReport};
use crate::response::{Buffered, Response};
use crate::retry::{Budget, Cost, Failure};
use crate::trace::{self, CallSpan};
use crate::transport::{Body, BoxFuture};
use prepared::Prepared;

/// How the response body is returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    /// It is read into memory, up to `max_body` of the call.
    Buffer,
    /// It is returned as a stream.
    Stream,
}

/// Sends `call` and reads the body of the response.
pub(crate) fn buffered(call: Call) -> BoxFuture<'static, Buffered> {
    Box::pin(async move {
        let span = CallSpan::new(&call);
        let (meta, _) = run(&call, Mode::Buffer, &span).await?;
        Ok((Response::new(meta.body.clone(), meta), span))
    })
}

/// Sends `call` in a new task, which is aborted when the future is dropped; `None` if there is no tokio runtime.
#[cfg(not(target_arch = "wasm32"))]
pub(crate) fn in_background(call: Call) -> Option<BoxFuture<'static, Buffered>> {
    struct Task(tokio::task::JoinHandle<Buffered>);

    impl Drop for Task {
        fn drop(&mut self) {
            self.0.abort();
        }
    }

    let runtime = tokio::runtime::Handle::try_current().ok()?;
    let mut task = Task(runtime.spawn(trace::in_current_span(buffered(call))));
    Some(Box::pin(async move {
        match (&mut task.0).await {
            Ok(result) => result,
            Err(ended) => Err(Error::task_ended(ended.into())),
        }
    }))
}

/// Background tasks are not supported on WebAssembly.
#[cfg(target_arch = "wasm32")]
pub(crate) fn in_background(_call: Call) -> Option<BoxFuture<'static, Buffered>> {
    None
}

/// Sends `call` and returns the head of the response, with the body as a stream.
pub(crate) fn streamed(call: Call) -> BoxFuture<'static, Result<(Box<Meta>, Body), Error>> {
    Box::pin(async move {
        let span = CallSpan::new(&call);
        run(&call, Mode::Stream, &span).await
    })
}

async fn run(call: &Call, mode: Mode, span: &CallSpan) -> Result<(Box<Meta>, Body), Error> {
    let mut run = Run { call, mode, span: span.clone(), attempts: 0, waited: Duration::ZERO };
    span.wrap(async move {
        let started = call.client.0.clock.now();
        let result = run.until_done(started).await.map_err(|error| error.at(&call.endpoint, run.attempts));
        run.report(started, &result);
        result
    })
    .await
}

/// The state of a call while its attempts are made.
struct Run<'a> {
    call: &'a Call,
    mode: Mode,
    span: CallSpan,
    attempts: u32,
    waited: Duration,
}

impl Run<'_> {
    /// Makes attempts until one succeeds, the retry policy allows no further one, or the time of the call is over.
    async fn until_done(&mut self, started: Duration) -> Result<(Box<Meta>, Body), Error> {
        let call = self.call;
        let client = &*call.client.0;
        let clock = &*client.clock;
        let (options, limits) = (&call.options, call.limits());
        let mut prepared = Prepared::new(call, self.mode)?;
        let policy = options.retry.as_ref().unwrap_or(&client.retry);
        let budget: Arc<dyn Budget> = policy.own_budget().unwrap_or_else(|| client.budget.clone());
        let idempotent = call.endpoint.idempotent || options.assume_idempotent;
        let deadline = limits.timeout.map(|limit| started.saturating_add(limit));
        let mut last: Option<Error> = None;
        // The cost of the next attempt. If the call ends before that attempt begins, it is returned to the budget.
        let mut cost: Option<Cost> = None;
        let mut renewal_tried = false;
        loop {
            let before = clock.now();
            let remaining = deadline.map(|deadline| deadline.saturating_sub(before));
            let admitted = timeout(clock, remaining, pin!(admit::admit(client, deadline, options.skip_queue))).await;
            self.waited += clock.now().saturating_sub(before);
            let admitted = match admitted {
                Ok(Ok(admitted)) => admitted,
                Ok(Err(late)) => return Err(Error::throttled(late).after(last.take())),
                Err(_) => {
                    return Err(Error::timeout("the call timed out while it waited to be sent").after(last.take()));
                }
            };
            if let Some(cost) = cost.take() {
                cost.spend();
            }
            self.attempts += 1;
            let begun = clock.now();
            let remaining = deadline.map(|deadline| deadline.saturating_sub(begun));
            let limit = remaining.into_iter().chain(limits.attempt_timeout).min();
            let outcome = timeout(clock, limit, pin!(attempt::run(call, &mut prepared, self.mode))).await;
            client.in_flight.record(clock.now().saturating_sub(begun));
            drop(admitted);
            let error = match outcome {
                Ok(Ok((mut meta, body))) => {
                    meta.attempts = self.attempts;
                    budget.deposit();
                    self.report_attempt(begun, Some(meta.status), None, None);
                    return Ok((meta, body));
                }
                Ok(Err(error)) => error,
                // The limit was the rest of the call's time and not the attempt timeout, so no time for another attempt is left.
                Err(_) if limit == remaining => {
                    let error = Error::timeout("the call timed out").after(last.take());
                    self.report_attempt(begun, None, Some(&error), None);
                    return Err(error);
                }
                Err(_) => Error::timeout("the attempt timed out"),
            };
            let error = error.at(&call.endpoint, self.attempts);
            let failure = Failure::new(&call.endpoint, &error, self.attempts, idempotent, clock);
            let left = deadline.map(|deadline| deadline.saturating_sub(clock.now()));
            // After a 401 the API has not carried out the call, so the retry is safe with any method.
            if error.is_unauthorized() && !renewal_tried && prepared.is_replayable(call) {
                renewal_tried = true;
                if let Ok(true) = timeout(clock, left, pin!(prepared.renew(call))).await {
                    self.report_attempt(begun, error.status(), Some(&error), Some(Duration::ZERO));
                    last = Some(error);
                    continue;
                }
            }
            let next = match prepared.is_replayable(call) {
                true => policy.next_wait(&failure, left, &budget),
                false => None,
            };
            self.report_attempt(begun, error.status(), Some(&error), next.as_ref().map(|(wait, _)| *wait));
            let Some((wait, next)) = next else { return Err(error) };
            cost = Some(next);
            self.waited += wait;
            clock.sleep(wait).await;
            last = Some(error);
        }
    }

    /// Reports an attempt that has ended.
    fn report_attempt(
        &self,
        begun: Duration,
        status: Option<http::StatusCode>,
        error: Option<&Error>,
        wait: Option<Duration>,
    ) {
        self.span.attempted(self.attempts, error, wait);
        let client = &*self.call.client.0;
        if let Some(metrics) = &client.metrics {
            metrics.attempt(&AttemptReport {
                endpoint: &self.call.endpoint,
                attempt: self.attempts,
                elapsed: client.clock.now().saturating_sub(begun),
                status,
                error,
                wait,
            });
        }
    }

    /// Reports the call when it has ended.
    fn report(&self, started: Duration, result: &Result<(Box<Meta>, Body), Error>) {
        self.span.ended(self.attempts, self.waited, result);
        let client = &*self.call.client.0;
        if let Some(metrics) = &client.metrics {
            metrics.call(&CallReport {
                endpoint: &self.call.endpoint,
                attempts: self.attempts,
                elapsed: client.clock.now().saturating_sub(started),
                waited: self.waited,
                status: match result {
                    Ok((meta, _)) => Some(meta.status),
                    Err(error) => error.status(),
                },
                error: result.as_ref().err(),
            });
        }
    }
}
