//! An app for the Messenger and the Inbox that books appointments.
//!
//! | Request | Address | Answer |
//! |---|---|---|
//! | initialize | `/initialize` | a text, and a button that opens the sheet; in the Inbox, which has no sheets, a dropdown of times |
//! | submit | `/submit` | the confirmed appointment |
//! | open sheet | `/sheet` | a page with the times |
//! | submit sheet | `/sheet/submit` | the confirmed appointment |
//!
//! Intercom signs every request but the one that opens the sheet: that one comes from the visitor's browser, and it is
//! authenticated by the encrypted user in it.

mod canvases;
mod page;

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use intercom_v2_15::canvas_kit::{self, CanvasRequest, CanvasResponse, ReceiveError, Receiver, Surface};

/// The largest body that is read: a canvas and its stored data have 64 KB each.
const MAX_BODY: usize = 1 << 20;

/// A time that can be booked.
#[derive(Clone, Debug)]
pub struct Time {
    /// What the app knows it by.
    pub id: String,
    /// What people see.
    pub text: String,
}

impl Time {
    /// A time.
    pub fn new(id: impl Into<String>, text: impl Into<String>) -> Self {
        Self { id: id.into(), text: text.into() }
    }
}

/// Settings of the app.
#[derive(Clone)]
pub struct App {
    /// The client secret of the app, which signs its requests and encrypts the users of its sheets.
    pub client_secret: String,
    /// The address of the sheet's page, by https, as the visitor's browser reaches it.
    pub sheet_url: String,
    /// The address of Intercom's script for the page of a sheet.
    pub sheet_library: String,
    /// The times that can be booked: from two to ten.
    pub times: Vec<Time>,
}

type Shared = State<Arc<App>>;

/// The routes of the app.
pub fn router(app: App) -> Router {
    Router::new()
        .route("/initialize", post(initialize))
        .route("/submit", post(submit))
        .route("/sheet", post(sheet))
        .route("/sheet.js", get(page::script))
        .route("/sheet/submit", post(submit_sheet))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(Arc::new(app))
}

/// The status and message for a refused request.
type Refusal = (StatusCode, String);

async fn initialize(State(app): Shared, headers: HeaderMap, body: Bytes) -> Result<Response, Refusal> {
    let request = app.verified(&headers, &body)?;
    let surface = surface(&request);
    answer(&app.choice(&request, surface, None), surface)
}

async fn submit(State(app): Shared, headers: HeaderMap, body: Bytes) -> Result<Response, Refusal> {
    let request = app.verified(&headers, &body)?;
    let surface = surface(&request);
    let again = request.component_id.as_ref().is_some_and(|id| *id == canvases::AGAIN);
    let time = request.input_values.as_ref().and_then(|values| app.time(values.get(canvases::TIME)?.as_str()?));
    match time {
        Some(time) if !again => answer(&app.confirmed(time), surface),
        _ if again => answer(&app.choice(&request, surface, None), surface),
        _ => answer(&app.choice(&request, surface, Some("Please choose a time.")), surface),
    }
}

async fn sheet(State(app): Shared, form: Bytes) -> Result<Response, Refusal> {
    let sheet = app.receiver().open_sheet(&form).map_err(refusal)?;
    let name = sheet.user.get("name").and_then(|name| name.as_str());
    Ok(page::page(&app, name).into_response())
}

async fn submit_sheet(State(app): Shared, headers: HeaderMap, body: Bytes) -> Result<Response, Refusal> {
    let request = app.verified(&headers, &body)?;
    let time = request.sheet_values.as_ref().and_then(|values| app.time(values.get(canvases::TIME)?.as_str()?));
    match time {
        Some(time) => answer(&app.confirmed(time), Surface::Messenger),
        None => {
            let missing = app.choice(&request, Surface::Messenger, Some("This time is not free."));
            answer(&missing, Surface::Messenger)
        }
    }
}

impl App {
    fn receiver(&self) -> Receiver {
        Receiver::new(&self.client_secret).max_body(MAX_BODY)
    }

    fn verified(&self, headers: &HeaderMap, body: &[u8]) -> Result<CanvasRequest, Refusal> {
        self.receiver().receive(headers, body).map(|decoded| decoded.value).map_err(refusal)
    }

    fn time(&self, id: &str) -> Option<&Time> {
        self.times.iter().find(|time| time.id == id)
    }
}

/// Requests of the Inbox name the teammate.
fn surface(request: &CanvasRequest) -> Surface {
    if request.admin.is_some() { Surface::Inbox } else { Surface::Messenger }
}

fn answer(response: &CanvasResponse, surface: Surface) -> Result<Response, Refusal> {
    let body = canvas_kit::encode_response(response, surface)
        .map_err(|error| (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))?;
    Ok(([(header::CONTENT_TYPE, "application/json")], body).into_response())
}

fn refusal(error: ReceiveError) -> Refusal {
    (error.status(), error.to_string())
}
