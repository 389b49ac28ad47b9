//! A program with five calls, to measure its release build.

use intercom_v2_15::Client;

#[tokio::main(flavor = "current_thread")]
async fn main() -> intercom_v2_15::Result<()> {
    let client = Client::from_env()?;
    println!("{:?}", client.admins().identify().await?.email);
    println!("{:?}", client.contacts().find("6762f0f3").await?.email);
    println!("{:?}", client.conversations().find("471").await?.title);
    println!("{:?}", client.tickets().find("7").await?.id);
    println!("{:?}", client.companies().find("6762f0f4").await?.name);
    Ok(())
}
