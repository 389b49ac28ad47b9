//! One call with the crate that openapi-to-rust makes.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let token = std::env::var("INTERCOM_ACCESS_TOKEN")?;
    let client = peer::HttpClient::new().with_base_url("https://api.intercom.io").with_api_key(token);
    println!("{:?}", client.identify_admin(None).await.map_err(|_| "the call failed")?.email);
    Ok(())
}
