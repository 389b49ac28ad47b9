//! `intercom whoami`.

use serde_json::{Value, json};

use crate::failure::Result;
use crate::session::Session;

/// Runs the command.
///
/// # Errors
/// Where there is no token or it is not valid, or the API cannot be reached.
pub async fn run(session: &Session) -> Result {
    let client = session.client()?;
    let me = client.get("/me").send().await?;
    let limit = me.rate_limit();
    let app = |name: &str| me.get("app").and_then(|app| app.get(name)).cloned().unwrap_or(Value::Null);
    let shown = json!({
        "admin": me["id"],
        "name": me["name"],
        "email": me["email"],
        "workspace": app("id_code"),
        "workspace_name": app("name"),
        "region": app("region"),
        "address": client.base_url(),
        "api_version": client.api_version(),
        "calls_left": limit.and_then(|limit| limit.remaining),
        "calls_limit": limit.and_then(|limit| limit.limit),
    });
    session.output.one(&shown, &[])
}
