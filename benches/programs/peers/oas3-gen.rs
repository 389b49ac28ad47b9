//! One call with the crate that oas3-gen makes.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let token = std::env::var("INTERCOM_ACCESS_TOKEN")?;
    let client = peer::IntercomApiClient::new().with_bearer_auth(token);
    let request = peer::IdentifyAdminRequest::default();
    let answer = client.identify_admin(request).await?;
    println!("{}", std::mem::size_of_val(&answer));
    Ok(())
}
