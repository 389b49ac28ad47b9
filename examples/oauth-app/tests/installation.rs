//! An installation from the first click to the removal, with a server on this machine in place of Intercom's.
#![allow(clippy::unwrap_used, reason = "a test panics")]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::http::header::{AUTHORIZATION, COOKIE, LOCATION, SET_COOKIE};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Json};
use axum::routing::{get, post};
use intercom_runtime::platform::signature::Scheme;
use intercom_v2_15::Client;
use oauth_app::{Settings, router};
use serde_json::{Value, json};

const SECRET: &str = "hunter2";

/// The app on this machine, a browser that does not follow redirects, and whether the token works.
struct Setup {
    url: String,
    browser: reqwest::Client,
    token_works: Arc<AtomicBool>,
}

async fn serve(app: Router) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
    url
}

/// Intercom's part: the exchange, and `GET /me`.
fn intercom(token_works: Arc<AtomicBool>) -> Router {
    let exchange = post(|body: String| async move {
        match body.as_str() {
            "code=dG9r%3D&client_id=id&client_secret=hunter2" => {
                Json(json!({"token_type": "Bearer", "token": "tok:1", "access_token": "tok:1"})).into_response()
            }
            _ => (StatusCode::UNAUTHORIZED, "Unauthorized code").into_response(),
        }
    });
    let me = get(move |headers: HeaderMap| async move {
        if headers[AUTHORIZATION] != "Bearer tok:1" || !token_works.load(Ordering::SeqCst) {
            return StatusCode::UNAUTHORIZED.into_response();
        }
        let app = json!({"type": "app", "id_code": "abc123", "name": "Acme", "region": "EU"});
        Json(json!({"type": "admin", "id": "7", "email": "joe@example.com", "email_verified": true, "app": app}))
            .into_response()
    });
    Router::new().route("/auth/eagle/token", exchange).route("/me", me)
}

impl Setup {
    async fn start() -> Self {
        let token_works = Arc::new(AtomicBool::new(true));
        let api = serve(intercom(token_works.clone())).await;
        let settings = Settings {
            client_id: "id".to_owned(),
            client_secret: SECRET.to_owned(),
            builder: move || Client::builder().base_url(&api),
        };
        let url = serve(router(settings).unwrap()).await;
        let browser =
            reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
        Self { url, browser, token_works }
    }

    async fn get(&self, path: &str, cookie: &str) -> reqwest::Response {
        self.browser.get(format!("{}{path}", self.url)).header(COOKIE, cookie).send().await.unwrap()
    }

    /// What Intercom posts.
    async fn post(&self, body: &Value, secret: &str) -> reqwest::Response {
        let body = body.to_string();
        let request = self.browser.post(format!("{}/intercom/installation", self.url));
        let signature = Scheme::Body.sign(secret, body.as_bytes());
        request.header(Scheme::Body.header(), signature).body(body).send().await.unwrap()
    }

    async fn health(&self) -> Value {
        let answer = self.post(&json!({"workspace_id": "abc123"}), SECRET).await;
        assert_eq!(answer.status(), StatusCode::OK);
        serde_json::from_str(&answer.text().await.unwrap()).unwrap()
    }

    /// The cookie that `/install` sets, and the state that it sends along.
    async fn install(&self) -> (String, String) {
        let answer = self.get("/install", "").await;
        assert_eq!(answer.status(), StatusCode::SEE_OTHER);
        let cookie = answer.headers()[SET_COOKIE].to_str().unwrap();
        assert!(cookie.contains("; HttpOnly; Secure; SameSite=Lax"), "{cookie}");
        let location = answer.headers()[LOCATION].to_str().unwrap();
        let state = location.strip_prefix("https://app.intercom.com/oauth?client_id=id&state=").unwrap();
        (cookie.split(';').next().unwrap().to_owned(), state.to_owned())
    }
}

#[tokio::test]
async fn an_app_is_installed_checked_and_removed() {
    let setup = Setup::start().await;
    assert_eq!(setup.health().await["state"], "UNHEALTHY");

    let (cookie, state) = setup.install().await;
    assert_eq!(cookie, format!("oauth_state={state}"));
    let answer = setup.get(&format!("/oauth/callback?code=dG9r=&state={state}"), &format!("a=b; {cookie}")).await;
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    assert_eq!(answer.headers()[LOCATION], "https://app.intercom.com/appstore/redirect?install_success=true");
    assert!(answer.headers()[SET_COOKIE].to_str().unwrap().starts_with("oauth_state=;"));
    assert_eq!(setup.health().await, json!({"state": "OK"}));

    setup.token_works.store(false, Ordering::SeqCst);
    assert_eq!(setup.health().await["cta_type"], "REINSTALL_CTA");
    setup.token_works.store(true, Ordering::SeqCst);

    assert_eq!(setup.post(&json!({"app_id": "abc123"}), SECRET).await.status(), StatusCode::OK);
    assert_eq!(setup.health().await["message"], "The app does not know this workspace.");
}

#[tokio::test]
async fn a_callback_without_the_matching_state_installs_nothing() {
    let setup = Setup::start().await;
    let (cookie, state) = setup.install().await;
    let (other, _) = setup.install().await;
    let path = format!("/oauth/callback?code=dG9r=&state={state}");
    for cookie in ["", "oauth_state=", &other] {
        let answer = setup.get(&path, cookie).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST, "{cookie}");
    }
    let refused = setup.get(&format!("/oauth/callback?error=access_denied&state={state}"), &cookie).await;
    assert_eq!(refused.status(), StatusCode::BAD_REQUEST);
    assert_eq!(refused.text().await.unwrap(), "the app was not installed: access_denied");
    let wrong = setup.get(&format!("/oauth/callback?code=other&state={state}"), &cookie).await;
    assert_eq!(wrong.status(), StatusCode::BAD_GATEWAY);
    assert_eq!(setup.health().await["state"], "UNHEALTHY");
}

#[tokio::test]
async fn what_intercom_has_not_signed_is_refused() {
    let setup = Setup::start().await;
    let answer = setup.post(&json!({"app_id": "abc123"}), "other").await;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    let answer = setup.post(&json!({"neither": 1}), SECRET).await;
    assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
    let large = setup.post(&json!({"app_id": "x".repeat(100_000)}), SECRET).await;
    assert_eq!(large.status(), StatusCode::PAYLOAD_TOO_LARGE);
}
