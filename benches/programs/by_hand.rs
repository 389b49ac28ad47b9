//! The same call written by hand with reqwest and serde_json, over the same TLS.

use std::sync::Arc;

use reqwest::header::{ACCEPT, HeaderMap, HeaderValue};

#[derive(Debug, serde::Deserialize)]
struct Admin {
    email: Option<String>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider.clone()).with_safe_default_protocol_versions()?;
    let verifier = rustls_platform_verifier::Verifier::new(provider)?;
    let tls = tls.dangerous().with_custom_certificate_verifier(Arc::new(verifier)).with_no_client_auth();
    let mut headers = HeaderMap::new();
    headers.insert("Intercom-Version", HeaderValue::from_static("2.15"));
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    let client = reqwest::Client::builder().tls_backend_preconfigured(tls).default_headers(headers).build()?;
    let token = std::env::var("INTERCOM_ACCESS_TOKEN")?;
    let base = std::env::var("INTERCOM_BASE_URL").unwrap_or_else(|_| "https://api.intercom.io".to_owned());
    let answer = client.get(format!("{base}/me")).bearer_auth(token).send().await?.error_for_status()?;
    let admin: Admin = serde_json::from_slice(&answer.bytes().await?)?;
    println!("{:?}", admin.email);
    Ok(())
}
