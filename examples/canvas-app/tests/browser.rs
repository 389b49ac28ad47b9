//! The page of the sheet in a real browser: headless Chromium opens it as the Messenger does, and a visitor clicks a time.
#![allow(clippy::unwrap_used)] // a test that cannot go on fails

mod served;

use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use axum::Router;
use axum::http::header;
use axum::response::Html;
use axum::routing::{get, post};
use intercom_v2_15::canvas_kit::encrypt_user;
use serde_json::{Value, json};
use served::SECRET;
use tokio::sync::mpsc;

/// Stands for the Messenger's script: it reports what the page calls to the page around it, and clicks as a visitor would.
const LIBRARY: &str = r#"
const report = call => (...values) => window.parent.postMessage({ call, values }, "*");
window.INTERCOM_MESSENGER_SHEET_LIBRARY = { setTitle: report("setTitle"), submitSheet: report("submitSheet") };
window.addEventListener("load", () => {
    report("heading")(document.querySelector("h1").textContent);
    document.querySelector("button[value=tue-15]").click();
});
"#;

/// The page around the sheet: it opens the sheet by a form, and passes on what the sheet reports.
fn host_page(sheet: &str, data: &Value) -> String {
    let data = data.to_string().replace('&', "&amp;").replace('"', "&quot;");
    format!(
        r#"<!doctype html><iframe name="sheet"></iframe>
        <form method="post" action="{sheet}" target="sheet"><input name="intercom_data" value="{data}"></form>
        <script>
            window.addEventListener("message", event => fetch("/reports", {{ method: "POST", body: JSON.stringify(event.data) }}));
            document.forms[0].submit();
        </script>"#
    )
}

/// A browser that is stopped with the test, and its profile removed.
struct Browser {
    process: Child,
    profile: PathBuf,
}

impl Browser {
    /// `None` where it is not installed.
    fn open(url: &str) -> Option<Self> {
        let profile = std::env::temp_dir().join(format!("canvas-app-browser-{}", std::process::id()));
        let mut command = Command::new("chromium");
        command
            .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
            .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
            .args(["--remote-debugging-port=0", &format!("--user-data-dir={}", profile.display()), url])
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        Some(Self { process: command.spawn().ok()?, profile })
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(&self.profile);
    }
}

#[tokio::test]
async fn a_visitor_chooses_a_time_in_the_sheet() {
    let library = || async { ([(header::CONTENT_TYPE, "text/javascript")], LIBRARY) };
    let messenger = served::serve(Router::new().route("/library.js", get(library))).await;
    let app = served::app(&format!("http://{messenger}/library.js")).await;

    let user = encrypt_user(SECRET, [9; 12], &json!({"name": "Joe \"<b>\" Example"}));
    let data = json!({"workspace_id": "abc123", "component_id": "open", "user": user, "context": {"location": "home"}});
    let page = host_page(&format!("{}/sheet", app.url), &data);
    let (reports, mut reported) = mpsc::unbounded_channel::<Value>();
    let report = move |body: String| {
        reports.send(serde_json::from_str(&body).unwrap()).unwrap();
        std::future::ready(())
    };
    let host = Router::new().route("/", get(move || std::future::ready(Html(page)))).route("/reports", post(report));
    let host = served::serve(host).await;

    let Some(_browser) = Browser::open(&format!("http://{host}/")) else {
        // Not `println!`, which the test runner would hide.
        let _ =
            writeln!(std::io::stdout(), "left out: the page of the sheet in a browser; `chromium` is not installed");
        return;
    };
    let mut calls = Vec::new();
    while calls.len() < 3 {
        let next = tokio::time::timeout(Duration::from_secs(120), reported.recv()).await;
        calls.push(next.unwrap_or_else(|_| panic!("the browser reports nothing more after {calls:?}")).unwrap());
    }
    // Each report is a request of its own, so they may arrive in any order.
    let values = |name: &str| calls.iter().find(|call| call["call"] == name).map(|call| &call["values"]);
    assert_eq!(values("setTitle"), Some(&json!(["Choose a time"])));
    assert_eq!(values("heading"), Some(&json!(["When may we call you, Joe \"<b>\" Example?"])));
    let submitted = values("submitSheet").unwrap_or_else(|| panic!("{calls:?}"));
    assert_eq!(*submitted, json!([{"time": "tue-15"}]));

    // Intercom posts the submitted values to the app.
    let request = json!({"workspace_id": "abc123", "sheet_values": submitted[0], "current_canvas": {}, "contact": {}});
    let (status, answer) = app.post("/sheet/submit", &request).await;
    assert_eq!((status, &answer["canvas"]["stored_data"]), (200, &json!({"time": "tue-15"})), "{answer}");
}
