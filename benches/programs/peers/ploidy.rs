//! One call with the crate that ploidy makes.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = peer::Client::new("https://api.intercom.io")?;
    let answer = client.identify_admin().await;
    println!("{}", answer.is_ok());
    Ok(())
}
