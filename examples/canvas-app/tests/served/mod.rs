//! The app on a free port, and Intercom's side of its requests.

use std::net::SocketAddr;

use axum::Router;
use canvas_app::{Time, router};
use intercom_v2_15::canvas_kit::signature::Scheme;
use serde_json::Value;
use tokio::net::TcpListener;

pub const SECRET: &str = "secret";

pub struct App {
    pub url: String,
    http: reqwest::Client,
}

pub async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
    address
}

/// The app, whose sheet loads its library from this address.
pub async fn app(sheet_library: &str) -> App {
    let settings = canvas_app::App {
        client_secret: SECRET.to_owned(),
        sheet_url: "https://app.example/sheet".to_owned(),
        sheet_library: sheet_library.to_owned(),
        times: vec![
            Time::new("tue-10", "Tuesday, 10:00"),
            Time::new("tue-15", "Tuesday, 15:00"),
            Time::new("wed-09", "Wednesday, 9:00"),
        ],
    };
    let address = serve(router(settings)).await;
    App { url: format!("http://{address}"), http: reqwest::Client::new() }
}

pub fn sign(secret: &str, body: &str) -> String {
    Scheme::Body.sign(secret, body.as_bytes())
}

#[allow(dead_code)] // each test uses a part
impl App {
    /// Posts a signed request, and reads the answer as JSON.
    pub async fn post(&self, path: &str, request: &Value) -> (u16, Value) {
        let body = request.to_string();
        let signature = sign(SECRET, &body);
        let (status, text) = self.post_signed(path, body, &signature).await;
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    pub async fn post_signed(&self, path: &str, body: String, signature: &str) -> (u16, String) {
        let request = self.http.post(format!("{}{path}", self.url)).header("x-body-signature", signature).body(body);
        let response = request.send().await.unwrap();
        (response.status().as_u16(), response.text().await.unwrap())
    }

    /// Posts the form that opens a sheet: the status, the policy and the page.
    pub async fn open_sheet(&self, data: &Value) -> (u16, String, String) {
        let form = [("intercom_data", data.to_string())];
        let response = self.http.post(format!("{}/sheet", self.url)).form(&form).send().await.unwrap();
        let policy = response.headers().get("content-security-policy");
        let policy = policy.map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default();
        (response.status().as_u16(), policy, response.text().await.unwrap())
    }
}
