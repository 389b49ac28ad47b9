//! `oauth-app` listens on port 3000. It takes the app from `INTERCOM_CLIENT_ID` and `INTERCOM_CLIENT_SECRET`.
//!
//! In the Developer Hub, the redirect address is `https://…/oauth/callback`, and the addresses for removal and health check are
//! `https://…/intercom/installation`. A tunnel or a proxy in front of it brings TLS.

use std::error::Error;

use intercom_v2_15::Client;
use oauth_app::{Settings, router};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let variable = |name: &str| std::env::var(name).map_err(|_| format!("{name} is not set"));
    let settings = Settings {
        client_id: variable("INTERCOM_CLIENT_ID")?,
        client_secret: variable("INTERCOM_CLIENT_SECRET")?,
        builder: || Client::builder().user_agent("oauth-app/1.0"),
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:3000").await?;
    axum::serve(listener, router(settings)?).await?;
    Ok(())
}
