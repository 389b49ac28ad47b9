//! A running server, as tests hold it.

use std::net::SocketAddr;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use bytes::Bytes;
use intercom_runtime::ClientBuilder;
use intercom_runtime::clock::VirtualClock;
use serde_json::Value;
use tokio::sync::oneshot;

use crate::builder::ServerBuilder;
use crate::clock::ClientClock;
use crate::engine;
use crate::examples;
use crate::faults::Fault;
use crate::handle::Shared;
use crate::planned::PlannedFault;
use crate::recorded::{Calls, RecordedCall, lines};
use crate::request::Request;
use crate::state_file::{self, StateError};
use crate::webhooks::{Delivery, Subscription};

/// The token that [`Server::configure`] gives to clients.
const TOKEN: &str = "intercom-mock";

/// A running server with a state of its own, by default on a free port of 127.0.0.1. It stops when it is dropped.
pub struct Server {
    address: SocketAddr,
    clock: VirtualClock,
    token: Option<String>,
    pub(crate) shared: Arc<Shared>,
    /// Dropped to stop the server.
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts a server for a version: `2.15`, `preview`.
    ///
    /// # Panics
    /// Where the version does not exist or no port is free. [`ServerBuilder::start`] returns an error instead.
    #[allow(clippy::unused_async, reason = "a later version may have to await something here, and tests are async")]
    pub async fn start(version: &str) -> Self {
        Self::start_blocking(version)
    }

    /// [`start`](Self::start) for tests without async.
    ///
    /// # Panics
    /// As `start` does.
    #[track_caller]
    pub fn start_blocking(version: &str) -> Self {
        Self::builder(version).start().unwrap_or_else(|error| panic!("{error}"))
    }

    /// Settings to choose, then [`start`](ServerBuilder::start).
    pub fn builder(version: &str) -> ServerBuilder {
        ServerBuilder::new(version)
    }

    pub(crate) fn new(
        address: SocketAddr,
        clock: VirtualClock,
        token: Option<String>,
        shared: Arc<Shared>,
        stop: oneshot::Sender<()>,
        thread: JoinHandle<()>,
    ) -> Self {
        Self { address, clock, token, shared, stop: Some(stop), thread: Some(thread) }
    }

    /// The version that is served: `2.15`.
    pub fn version(&self) -> &str {
        &self.shared.model.catalog.version
    }

    /// The base URL: `http://127.0.0.1:41234`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The address that it listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// A token that it accepts.
    pub fn token(&self) -> &str {
        self.token.as_deref().unwrap_or(TOKEN)
    }

    /// Gives a client the base URL, a token, and a clock that does not wait: a retry that would wait for ten seconds moves
    /// the server's clock by ten seconds. It takes the builder of any generated crate.
    pub fn configure<C: From<intercom_runtime::Client>>(&self, builder: ClientBuilder<C>) -> ClientBuilder<C> {
        builder.base_url(self.url()).token(self.token()).clock(ClientClock(self.clock.clone()))
    }

    /// The clock, to read it or to move it by hand. A server in [real time](ServerBuilder::real_time) does not look at it.
    pub fn clock(&self) -> &VirtualClock {
        &self.clock
    }

    /// Moves the clock. Rate limits, scrolls, [`search_delay`](ServerBuilder::search_delay) and the times of items depend on it.
    pub fn advance(&self, by: Duration) {
        self.clock.advance(by);
    }

    /// Adds an item to a collection, such as `contacts`, and returns it as it is stored. Fields that are not given are as in a new item;
    /// an item with the same id is replaced.
    pub fn seed(&self, collection: &str, item: Value) -> Value {
        let now = self.shared.time.now().as_secs();
        let schema = self.shared.model.collections.get(collection);
        engine::add(&mut self.shared.state().store, schema, collection, item, now)
    }

    /// The items of a collection in the order of their creation.
    pub fn items(&self, collection: &str) -> Vec<Value> {
        let state = self.shared.state();
        let items = state.store.collection(collection).into_iter().flat_map(|collection| collection.iter());
        items.map(|(_, item)| item.value.clone()).collect()
    }

    /// The names of the collections that the version has.
    pub fn collections(&self) -> Vec<&str> {
        self.shared.model.collections.keys().map(String::as_str).collect()
    }

    /// Serves a request without a connection and returns status and body of the answer: for tests that make very many calls.
    /// [`Latency`](Fault::Latency) and [`CutBody`](Fault::CutBody) have no effect here; after [`Cut`](Fault::Cut) the result is
    /// `(0, null)`.
    ///
    /// # Panics
    /// Where the method is not valid, or the target is not a path with an optional query.
    #[track_caller]
    pub fn call(&self, method: &str, target: &str, body: Option<&Value>) -> (u16, Value) {
        let body = body.map(|body| Bytes::from(body.to_string())).unwrap_or_default();
        let request = http::Request::builder()
            .method(method)
            .uri(target)
            .header("authorization", format!("Bearer {}", self.token()))
            .header("host", self.address.to_string())
            .header("content-type", "application/json")
            .body(());
        let (parts, ()) = request.unwrap_or_else(|error| panic!("{method} {target}: {error}")).into_parts();
        let answer = self.shared.serve(&Request::new(parts, body)).answer;
        answer.map_or((0, Value::Null), |answer| (answer.status, answer.content.into_json()))
    }

    /// Lets the next call fail with this status. Use the result to choose other calls, or more than one.
    ///
    /// # Panics
    /// As [`inject`](Self::inject).
    #[track_caller]
    pub fn fail_next(&self, status: u16) -> PlannedFault<'_> {
        self.inject(Fault::Status(status))
    }

    /// Lets something go wrong with the next call. Use the result to choose other calls, or more than one.
    ///
    /// # Panics
    /// Where an answer cannot have the fault's status.
    #[track_caller]
    pub fn inject(&self, fault: Fault) -> PlannedFault<'_> {
        if let Fault::Status(status) | Fault::Body(status, _) = &fault {
            assert!((200..=999).contains(status), "{status} is not the status of an answer; these are 200 to 999");
        }
        let index = self.shared.state().faults.plan(fault);
        PlannedFault::new(self, index)
    }

    /// Sets the probability, in `0.0..=1.0`, that a call without a planned fault fails with 500 or 503. The same seed gives the
    /// same failures.
    pub fn fail_at_random(&self, chance: f64, seed: u64) {
        self.shared.state().faults.at_random(chance, seed);
    }

    /// Ends all faults.
    pub fn clear_faults(&self) {
        self.shared.state().faults.clear();
    }

    /// Delivers webhooks of all topics to a URL, signed with a client secret: once, and after a failure once more a
    /// minute later by the server's clock.
    ///
    /// # Panics
    /// Where it is not a URL that begins with `http://`; HTTPS is not supported.
    #[track_caller]
    pub fn deliver_webhooks(&self, url: &str, secret: impl Into<String>) {
        let uri: http::Uri = url.parse().unwrap_or_else(|error| panic!("{url} is not a URL: {error}"));
        assert!(uri.scheme_str() == Some("http") && uri.host().is_some(), "{url} is not a URL of HTTP");
        self.shared.state().subscription = Some(Arc::new(Subscription { url: uri, secret: secret.into() }));
    }

    /// Waits until no webhook is on its way, and returns how the deliveries so far ended.
    pub async fn deliveries(&self) -> Vec<Delivery> {
        loop {
            let ended = self.shared.delivered.notified();
            let mut ended = std::pin::pin!(ended);
            // Enabled before the state is read, so that no notification is missed.
            ended.as_mut().enable();
            {
                let state = self.shared.state();
                if state.on_the_way == 0 {
                    return state.deliveries.clone();
                }
            }
            ended.await;
        }
    }

    /// The state of all collections as JSON: items by the name of their collection.
    pub fn state(&self) -> Value {
        state_file::save(&self.shared.state().store)
    }

    /// The number of requests so far. If it has not changed, no request has changed the state; [`seed`](Self::seed) and
    /// [`load_state`](Self::load_state) are not counted.
    pub fn request_count(&self) -> u64 {
        self.shared.state().requests
    }

    /// Adds the items of a JSON object, as [`state`](Self::state) returns it: collections with lists of items.
    ///
    /// # Errors
    /// Where the JSON has another form, or names a collection that the version does not have.
    pub fn load_state(&self, state: Value) -> Result<(), StateError> {
        let now = self.shared.time.now().as_secs();
        state_file::load(&mut self.shared.state().store, &self.shared.model, state, now)
    }

    /// The calls so far that are [kept](ServerBuilder::keep_calls), oldest first.
    pub fn calls(&self) -> Vec<RecordedCall> {
        self.shared.state().calls.clone()
    }

    /// The calls of an operation that are kept, oldest first. The operation is named by its id, such as `contacts.update`, or an alias.
    ///
    /// # Panics
    /// Where the version has no such operation.
    #[track_caller]
    pub fn calls_of(&self, operation: &str) -> Vec<RecordedCall> {
        let operation = self.operation_id(operation);
        let state = self.shared.state();
        state.calls.iter().filter(|call| call.operation.as_deref() == Some(operation)).cloned().collect()
    }

    /// Forgets the calls so far.
    pub fn forget_calls(&self) {
        self.shared.state().calls.clear();
    }

    /// Asserts that an operation, named by its id or an alias, was called this many times.
    ///
    /// # Panics
    /// Where it was not, with the calls that were made; and where the version has no such operation.
    #[track_caller]
    pub fn assert_called(&self, operation: &str, times: usize) -> Calls {
        Calls::of(self.operation_id(operation), self.calls(), times).unwrap_or_else(|message| panic!("{message}"))
    }

    /// The id of an operation that is named by its id or an alias.
    #[track_caller]
    pub(crate) fn operation_id(&self, name: &str) -> &str {
        match self.shared.model.catalog.operation(name) {
            Some(operation) => &operation.id,
            None => panic!("version {} has no operation {name}", self.version()),
        }
    }

    /// Calls that are wrong: they match no operation, or the request has a problem, also if a fault answered it.
    pub fn unexpected(&self) -> Vec<RecordedCall> {
        let state = self.shared.state();
        // The target of a redirect to a file belongs to no operation.
        let lost = |call: &RecordedCall| call.operation.is_none() && call.path != examples::FILE_PATH;
        state.calls.iter().filter(|call| lost(call) || call.problem.is_some()).cloned().collect()
    }

    /// Asserts that [`unexpected`](Self::unexpected) is empty.
    ///
    /// # Panics
    /// Where it is not, with the calls and what was wrong with them.
    #[track_caller]
    pub fn assert_no_unexpected(&self) {
        let unexpected = self.unexpected();
        assert!(unexpected.is_empty(), "unexpected calls:\n{}", lines(&unexpected));
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic of the server has been printed.
            let _ = thread.join();
        }
    }
}

impl std::fmt::Debug for Server {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Server").field("version", &self.version()).field("url", &self.url()).finish_non_exhaustive()
    }
}
