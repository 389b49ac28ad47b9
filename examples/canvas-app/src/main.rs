//! `INTERCOM_CLIENT_SECRET=… SHEET_URL=https://…/sheet cargo run`

use canvas_app::{App, Time, router};
use tokio::net::TcpListener;

/// The script of the Messenger for the pages of sheets.
const SHEET_LIBRARY: &str = "https://s3.amazonaws.com/intercom-sheets.com/messenger-sheet-library.latest.js";

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let app = App {
        client_secret: std::env::var("INTERCOM_CLIENT_SECRET")?,
        sheet_url: std::env::var("SHEET_URL")?,
        sheet_library: SHEET_LIBRARY.to_owned(),
        times: vec![
            Time::new("tue-10", "Tuesday, 10:00"),
            Time::new("tue-15", "Tuesday, 15:00"),
            Time::new("wed-09", "Wednesday, 9:00"),
        ],
    };
    let listener = TcpListener::bind("127.0.0.1:8080").await?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, router(app)).await?;
    Ok(())
}
