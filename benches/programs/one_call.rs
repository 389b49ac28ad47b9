//! A program with one call, to measure the size of its binary.

use intercom_v2_15::Client;

#[tokio::main(flavor = "current_thread")]
async fn main() -> intercom_v2_15::Result<()> {
    let client = Client::from_env()?;
    println!("{:?}", client.admins().identify().await?.email);
    Ok(())
}
