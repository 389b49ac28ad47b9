//! One call with the crate that progenitor makes, which leaves TLS to its user.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = peer::Client::new("https://api.intercom.io");
    println!("{:?}", client.identify_admin(None).await?.into_inner().email);
    Ok(())
}
