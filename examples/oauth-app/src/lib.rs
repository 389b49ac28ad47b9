//! An app that workspaces install: `/install` sends an admin to Intercom, `/oauth/callback` takes the admin back, and
//! `/intercom/installation` hears of removals and answers health checks.

mod installed;

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, RawQuery, State};
use axum::http::header::{COOKIE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::{get, post};
use installed::Installed;
use intercom_runtime::oauth::{self, App};
use intercom_runtime::platform::installation::{self, InstallationRequest};
use intercom_runtime::platform::signature::Secrets;
use intercom_v2_15::{ClientBuilder, Region};

/// The settings of the app.
pub struct Settings<B> {
    /// From the Developer Hub.
    pub client_id: String,
    /// From the Developer Hub. It also signs what Intercom sends.
    pub client_secret: String,
    /// Makes the builder of each client; tests set the base URL here.
    pub builder: B,
}

struct Shared<B> {
    client_id: String,
    client_secrets: Secrets,
    app: App,
    builder: B,
    installed: Installed,
}

/// The cookie that keeps the state of an admin's browser.
const STATE: &str = "oauth_state";

/// The app's routes.
///
/// # Errors
/// Where the settings of the client are not valid.
pub fn router<B>(settings: Settings<B>) -> intercom_v2_15::Result<Router>
where
    B: Fn() -> ClientBuilder + Send + Sync + 'static,
{
    let shared = Shared {
        app: App::new(&settings.client_id, &settings.client_secret, (settings.builder)())?,
        client_id: settings.client_id,
        client_secrets: Secrets::new(settings.client_secret),
        builder: settings.builder,
        installed: Installed::default(),
    };
    Ok(Router::new()
        .route("/install", get(install::<B>))
        .route("/oauth/callback", get(callback::<B>))
        .route("/intercom/installation", post(about_installation::<B>))
        .layer(DefaultBodyLimit::max(64 << 10))
        .with_state(Arc::new(shared)))
}

/// Sends an admin's browser to Intercom, with a state that only this browser has.
async fn install<B>(State(shared): State<Arc<Shared<B>>>) -> Result<Response, Failure> {
    let state = oauth::State::generate().map_err(|error| Failure::new(StatusCode::INTERNAL_SERVER_ERROR, error))?;
    let address = oauth::authorize_url(Region::Us, &shared.client_id, &state, None);
    let cookie = format!("{STATE}={}; Path=/oauth; Max-Age=600; HttpOnly; Secure; SameSite=Lax", state.as_str());
    Ok((StatusCode::SEE_OTHER, [(LOCATION, address), (SET_COOKIE, cookie)]).into_response())
}

/// Takes the admin back: compares the state, exchanges the code, and asks whose token it is.
async fn callback<B: Fn() -> ClientBuilder>(
    State(shared): State<Arc<Shared<B>>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let state = oauth::State::from_text(cookie(&headers, STATE).unwrap_or_default());
    let code = oauth::callback(query.as_deref().unwrap_or_default(), &state)
        .map_err(|error| Failure::new(StatusCode::BAD_REQUEST, error))?;
    let bad_gateway = |error: &dyn std::fmt::Display| Failure::new(StatusCode::BAD_GATEWAY, error);
    let token = shared.app.exchange(&code).await.map_err(|error| bad_gateway(&error))?;
    let installation = (shared.builder)().for_installation(&token).await.map_err(|error| bad_gateway(&error))?;
    shared.installed.add(installation);
    let forget = format!("{STATE}=; Path=/oauth; Max-Age=0; HttpOnly; Secure; SameSite=Lax");
    Ok((StatusCode::SEE_OTHER, [(LOCATION, oauth::finish_url(Ok(()))), (SET_COOKIE, forget)]).into_response())
}

/// What Intercom posts about an installation.
async fn about_installation<B>(
    State(shared): State<Arc<Shared<B>>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Failure> {
    let request = installation::receive(&shared.client_secrets, &headers, &body)
        .map_err(|error| Failure::new(error.status(), error))?;
    Ok(match request {
        // `app_id` is Intercom's name for the id of the workspace here.
        InstallationRequest::Uninstalled { app_id } => {
            shared.installed.remove(&app_id);
            StatusCode::OK.into_response()
        }
        InstallationRequest::HealthCheck { workspace_id } => {
            Json(shared.installed.health(&workspace_id).await.to_json()).into_response()
        }
        // Kinds of requests that later versions know.
        _ => StatusCode::OK.into_response(),
    })
}

fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let cookies = headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies.flat_map(|value| value.split(';')).find_map(|pair| pair.trim().strip_prefix(name)?.strip_prefix('='))
}

/// An answer that says what went wrong.
struct Failure(StatusCode, String);

impl Failure {
    fn new(status: StatusCode, error: impl std::fmt::Display) -> Self {
        Self(status, error.to_string())
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        (self.0, self.1).into_response()
    }
}
