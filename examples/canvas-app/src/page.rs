//! The page of the sheet: a button for each time, which submits the sheet.

use axum::http::header;
use axum::response::{Html, IntoResponse};

use crate::App;

/// Submits the sheet with the time whose button is clicked. The library is loaded before this.
const SCRIPT: &str = r#"
INTERCOM_MESSENGER_SHEET_LIBRARY.setTitle("Choose a time");
for (const button of document.querySelectorAll("button")) {
    button.addEventListener("click", () => INTERCOM_MESSENGER_SHEET_LIBRARY.submitSheet({ time: button.value }));
}
"#;

pub(crate) async fn script() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], SCRIPT)
}

/// The page for a visitor. It sets no `X-Frame-Options` and no `frame-ancestors`: the Messenger shows it in a frame.
pub(crate) fn page(app: &App, name: Option<&str>) -> impl IntoResponse {
    let policy = format!("default-src 'none'; script-src 'self' {}", app.sheet_library);
    let greeting = match name {
        Some(name) => format!("When may we call you, {}?", escaped(name)),
        None => "When may we call you?".to_owned(),
    };
    let buttons: String = app
        .times
        .iter()
        .map(|time| format!("<p><button value=\"{}\">{}</button></p>\n", escaped(&time.id), escaped(&time.text)))
        .collect();
    let library = escaped(&app.sheet_library);
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>Choose a time</title>\n<h1>{greeting}</h1>\n{buttons}\
         <script src=\"{library}\"></script>\n<script src=\"/sheet.js\"></script>\n</html>\n"
    );
    ([(header::CONTENT_SECURITY_POLICY, policy)], Html(html))
}

/// Text in HTML, between tags as in attributes.
fn escaped(text: &str) -> String {
    let escape = |c: char| match c {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '"' => "&quot;".to_owned(),
        '\'' => "&#39;".to_owned(),
        other => other.to_string(),
    };
    text.chars().map(escape).collect()
}
