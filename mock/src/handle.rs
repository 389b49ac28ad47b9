//! One request, from the route to the answer.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use intercom_catalog::Operation;
use serde_json::Value;
use tokio::runtime::Handle;
use tokio::sync::Notify;

use crate::answer::{Answer, Content, Refusal};
use crate::checks;
use crate::engine::{self, Call, Store};
use crate::examples;
use crate::faults::{Fault, Faults};
use crate::limits::{Allowance, Limit};
use crate::model::Model;
use crate::recorded::RecordedCall;
use crate::request::Request;
use crate::router::Route;
use crate::time::Time;
use crate::webhooks::{Delivery, Notification, Subscription, deliver};

/// The callback that gets each recorded call.
pub(crate) type OnCall = Box<dyn Fn(&RecordedCall) + Send + Sync>;

/// What all connections of a server share.
pub(crate) struct Shared {
    pub(crate) model: Arc<Model>,
    /// The only token that is accepted; `None` accepts any.
    pub(crate) token: Option<String>,
    pub(crate) time: Time,
    /// The wait before every answer.
    pub(crate) latency: Option<Duration>,
    /// Whether a missing item that a call names is created from the example.
    pub(crate) make_missing: bool,
    /// How many of the latest calls are kept at least.
    pub(crate) kept: usize,
    pub(crate) on_call: Option<OnCall>,
    /// Where webhooks are delivered from.
    pub(crate) runtime: Handle,
    /// Notified when the delivery of a webhook has ended.
    pub(crate) delivered: Notify,
    pub(crate) state: Mutex<State>,
}

/// What changes while a server runs.
pub(crate) struct State {
    pub(crate) limit: Limit,
    pub(crate) faults: Faults,
    pub(crate) calls: Vec<RecordedCall>,
    /// The number of requests so far, of which request ids are made.
    pub(crate) requests: u64,
    pub(crate) store: Store,
    /// How long a change takes to be found by searches.
    pub(crate) search_delay: Duration,
    /// Where webhooks go.
    pub(crate) subscription: Option<Arc<Subscription>>,
    pub(crate) deliveries: Vec<Delivery>,
    /// How many notifications there were.
    pub(crate) notifications: u64,
    /// How many of them are being delivered.
    pub(crate) on_the_way: usize,
}

/// A request that fits the description of its operation.
struct Checked<'r> {
    operation: &'r Operation,
    /// The values of the path's parameters.
    path: &'r [(String, String)],
    body: Option<&'r Value>,
}

/// What is done with a connection after a request.
pub(crate) struct Outcome {
    /// `None` where the connection is cut before an answer.
    pub(crate) answer: Option<Answer>,
    pub(crate) latency: Option<Duration>,
    /// Whether the connection is cut in the middle of the body.
    pub(crate) cut_body: bool,
}

impl Shared {
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Serves a request and records it.
    pub(crate) fn serve(self: &Arc<Self>, request: &Request) -> Outcome {
        let catalog = &self.model.catalog;
        let route = self.model.router.route(catalog, request.method.as_str(), &request.path);
        let mut state = self.state();
        state.requests += 1;
        let request_id = format!("00000000-0000-4000-8000-{:012x}", state.requests);
        let operation = match &route {
            Route::Operation(operation, _) => Some(*operation),
            _ => None,
        };
        let fault = state.faults.next(operation.map(|operation| operation.id.as_str()));
        let parameters = match &route {
            Route::Operation(_, path) => path.iter().cloned().collect(),
            _ => BTreeMap::new(),
        };
        let mut allowance = None;
        let faulty = fault.as_ref().and_then(|fault| answer_of(fault, &request_id));
        let mut problem = None;
        let mut refuse = |refusal: Refusal| {
            problem = Some(format!("{}: {}", refusal.code, refusal.message));
            refusal.answer(&request_id)
        };
        let answer = match faulty {
            // Checked although a fault answers, so that `problem` still reports a wrong request.
            Some(answer) => {
                if request.path != examples::FILE_PATH {
                    let checked = self.authenticate(request).and_then(|()| self.check(request, &route));
                    let _ = checked.map_err(&mut refuse);
                }
                answer
            }
            None => Some(self.answer(&mut state, request, &route, &mut allowance).unwrap_or_else(refuse)),
        };
        let answer = answer.map(|mut answer| {
            answer.headers.push(("x-request-id", request_id));
            // Clients compare the reset of a limit with it.
            answer.headers.push(("date", httpdate::fmt_http_date(std::time::UNIX_EPOCH + self.time.now())));
            let version = operation.and_then(|it| it.version.as_deref()).unwrap_or(&catalog.version);
            answer.headers.push(("intercom-version", version.to_owned()));
            if let Some(Allowance { limit, remaining, reset, .. }) = allowance {
                answer.headers.push(("x-ratelimit-limit", limit.to_string()));
                answer.headers.push(("x-ratelimit-remaining", remaining.to_string()));
                answer.headers.push(("x-ratelimit-reset", reset.to_string()));
            }
            answer
        });
        let call = RecordedCall {
            operation: operation.map(|operation| operation.id.clone()),
            method: request.method.to_string(),
            path: request.path.clone(),
            parameters,
            query: request.query.clone(),
            body: request.json().cloned(),
            bytes: request.body.clone(),
            headers: visible(request),
            status: answer.as_ref().map_or(0, |answer| answer.status),
            problem,
            fault: fault.as_ref().is_some_and(|fault| !matches!(fault, Fault::Latency(_))),
        };
        let heard = self.on_call.as_ref().map(|on_call| (on_call, call.clone()));
        // Removed in blocks, since each removal from the front moves all calls that are kept.
        if state.calls.len() >= self.kept.saturating_mul(2) {
            let old = state.calls.len() - self.kept;
            state.calls.drain(..old);
        }
        state.calls.push(call);
        // The callback may call the server, which locks the state.
        drop(state);
        if let Some((on_call, call)) = heard {
            on_call(&call);
        }
        let latency = match fault {
            Some(Fault::Latency(latency)) => Some(latency),
            _ => self.latency,
        };
        Outcome { answer, latency, cut_body: fault == Some(Fault::CutBody) }
    }

    fn answer(
        self: &Arc<Self>,
        state: &mut State,
        request: &Request,
        route: &Route<'_>,
        allowance: &mut Option<Allowance>,
    ) -> Result<Answer, Refusal> {
        if request.path == examples::FILE_PATH {
            return Ok(examples::file());
        }
        self.authenticate(request)?;
        let counted = state.limit.count(self.time.now());
        *allowance = Some(counted);
        if !counted.admitted {
            return Err(Refusal::new(429, "rate_limit_exceeded", "Too many calls in this window."));
        }
        let Checked { operation, path, body } = self.check(request, route)?;
        let Some(resource) = operation.resource.as_deref() else {
            return Ok(examples::answer(&self.model.catalog, operation, request));
        };
        let server = format!("http://{}", request.header("host").unwrap_or("127.0.0.1"));
        let call = Call {
            catalog: &self.model.catalog,
            operation,
            resource,
            collections: &self.model.collections,
            path,
            query: &request.query,
            body: body.unwrap_or(&Value::Null),
            server: &server,
            target: &request.path,
            now: self.time.now().as_secs(),
            search_delay: state.search_delay,
            make_missing: self.make_missing,
            notifies: state.subscription.is_some(),
            done: engine::done(resource.action),
            also_item: &Value::Null,
            failed: 0,
        };
        let effect = engine::run(&mut state.store, &call)?;
        for (topic, item) in effect.notifications {
            self.notify(state, topic, item);
        }
        Ok(effect.answer)
    }

    /// Compares a request with the description of its operation.
    fn check<'r>(&self, request: &'r Request, route: &'r Route<'_>) -> Result<Checked<'r>, Refusal> {
        let (operation, path) = match route {
            Route::Operation(operation, path) => (*operation, path),
            Route::Method(known) => {
                let message = format!("This path takes {}.", known.join(", "));
                return Err(Refusal::new(405, "method_not_allowed", message));
            }
            Route::Nothing => {
                let message = format!("Version {} has no path {}.", self.model.catalog.version, request.path);
                return Err(Refusal::new(404, "not_found", message));
            }
        };
        self.check_version(operation, request)?;
        check_accept(operation, request)?;
        let body = checks::request(&self.model.catalog, operation, path, request)?;
        Ok(Checked { operation, path, body })
    }

    /// Delivers a notification in the background.
    fn notify(self: &Arc<Self>, state: &mut State, topic: String, item: Value) {
        let Some(subscription) = state.subscription.clone() else { return };
        state.notifications += 1;
        state.on_the_way += 1;
        let notification = Notification { number: state.notifications, topic, item, at: self.time.now().as_secs() };
        self.runtime.spawn(deliver(Arc::clone(self), subscription, notification));
    }

    fn authenticate(&self, request: &Request) -> Result<(), Refusal> {
        let given = request.header("authorization").and_then(|value| value.split_once(' '));
        let token = given.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer")).map(|(_, token)| token.trim());
        let known = token.is_some_and(|token| match &self.token {
            Some(expected) => token == expected,
            None => !token.is_empty(),
        });
        if known { Ok(()) } else { Err(Refusal::new(401, "unauthorized", "The access token is missing or wrong.")) }
    }

    fn check_version(&self, operation: &Operation, request: &Request) -> Result<(), Refusal> {
        let Some(given) = request.header("intercom-version") else { return Ok(()) };
        let expected = operation.version.as_deref().unwrap_or(&self.model.catalog.version);
        // Preview has a second name.
        let same = given.eq_ignore_ascii_case(expected)
            || (given.eq_ignore_ascii_case("unstable") && expected.eq_ignore_ascii_case("preview"));
        if same {
            return Ok(());
        }
        let message = format!("The version is {given}, and this server has {expected}.");
        Err(Refusal::new(400, "intercom_version_invalid", message))
    }
}

/// What a fault answers instead of the server: `None` if the fault leaves the answer alone, `Some(None)` if it cuts the
/// connection.
fn answer_of(fault: &Fault, request_id: &str) -> Option<Option<Answer>> {
    let bytes = |status: u16, media_type, text: &str| {
        let content = Content::Bytes(media_type, text.to_owned().into());
        Some(Answer::new(status, content, crate::answer::Source::Fault))
    };
    Some(match fault {
        Fault::Status(status) => {
            let (code, message) = examples::error_of(*status);
            let mut answer = Refusal::new(*status, code, message).answer(request_id);
            answer.source = crate::answer::Source::Fault;
            Some(answer)
        }
        Fault::Body(status, body) => bytes(*status, "application/json", body),
        Fault::Garbage => bytes(200, "application/json", "<html>\u{fffd}"),
        Fault::Cut => None,
        Fault::Latency(_) | Fault::CutBody => return None,
    })
}

/// Whether the client takes what the operation answers.
fn check_accept(operation: &Operation, request: &Request) -> Result<(), Refusal> {
    let Some(accept) = request.header("accept") else { return Ok(()) };
    let mut ranges = accept.split(',').map(|range| range.split(';').next().unwrap_or_default().trim());
    let kind = operation.accept.split('/').next().unwrap_or_default();
    let fits = |range: &str| range == "*/*" || range == operation.accept || range == format!("{kind}/*");
    // Only the media type of a success is compared; errors are always JSON.
    if ranges.any(|range| fits(range) || range.is_empty()) {
        return Ok(());
    }
    let message = format!("{} answers with {}.", operation.id, operation.accept);
    Err(Refusal::new(406, "not_acceptable", message))
}

/// The headers that are recorded: all but `authorization`, `proxy-authorization` and `cookie`.
fn visible(request: &Request) -> BTreeMap<String, String> {
    let secret = |name: &str| matches!(name, "authorization" | "cookie" | "proxy-authorization");
    let headers = request.headers.iter().filter(|(name, _)| !secret(name.as_str()));
    headers.map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned())).collect()
}
