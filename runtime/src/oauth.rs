//! OAuth: the installation of an app in a workspace.
//!
//! 1. Redirect the admin's browser to [`authorize_url`] with a new [`State`], which the session stores.
//! 2. At the redirect URI, [`callback`] compares the state and returns a [`Code`].
//! 3. [`App::exchange`] exchanges the code for the [`AccessToken`] of the workspace, which does not expire.
//! 4. [`ClientBuilder::for_installation`](crate::ClientBuilder::for_installation) makes a client for the region in which the
//!    workspace is hosted.
//!
//! ```
//! use intercom_runtime::oauth::{self, State};
//! use intercom_runtime::Region;
//!
//! # fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let state = State::generate()?;
//! let address = oauth::authorize_url(Region::Us, "client-id", &state, None);
//! // The session stores `state.as_str()`. Later, at the redirect URI:
//! let query = format!("code=c29tZQ==&state={}", state.as_str());
//! let code = oauth::callback(&query, &state)?;
//! # Ok(())
//! # }
//! # run().unwrap();
//! ```

mod app;
mod callback;
mod installation;
mod state;

pub use app::{AccessToken, App, ExchangeError};
pub use callback::{CallbackError, Code, callback};
pub use installation::{Installation, deauthorize, report_health};
pub use state::{NoRandomness, State};

use crate::client::Region;
use crate::percent;

impl Region {
    /// The URL of the region's web application.
    fn app_url(self) -> &'static str {
        match self {
            Self::Us => "https://app.intercom.com",
            Self::Eu => "https://app.eu.intercom.com",
            Self::Au => "https://app.au.intercom.com",
        }
    }
}

/// The URL at which an admin installs the app. The permissions of the app are set in the Developer Hub, not in the URL.
///
/// `redirect_uri` must be one of those registered for the app; the default is the first of them.
pub fn authorize_url(region: Region, client_id: &str, state: &State, redirect_uri: Option<&str>) -> String {
    let mut query = String::new();
    percent::pair(&mut query, "client_id", client_id);
    percent::pair(&mut query, "state", state.as_str());
    if let Some(redirect_uri) = redirect_uri {
        percent::pair(&mut query, "redirect_uri", redirect_uri);
    }
    format!("{}/oauth?{query}", region.app_url())
}

/// The page of the app store that shows the outcome of an installation. Redirect an admin who came from the app store to it.
pub fn finish_url(outcome: Result<(), &str>) -> String {
    let mut query = String::new();
    match outcome {
        Ok(()) => percent::pair(&mut query, "install_success", "true"),
        Err(message) => {
            percent::pair(&mut query, "install_success", "false");
            percent::pair(&mut query, "error_message", message);
        }
    }
    // Intercom documents this host only, for all regions.
    format!("{}/appstore/redirect?{query}", Region::Us.app_url())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_contain_the_region_and_encoded_parameters() {
        let state = State::from_text("a b");
        assert_eq!(
            authorize_url(Region::Us, "id&1", &state, None),
            "https://app.intercom.com/oauth?client_id=id%261&state=a%20b"
        );
        let redirect = Some("https://example.com/back?x=1");
        assert_eq!(
            authorize_url(Region::Eu, "id", &state, redirect),
            "https://app.eu.intercom.com/oauth?client_id=id&state=a%20b&redirect_uri=https%3A%2F%2Fexample.com%2Fback%3Fx%3D1"
        );
        assert!(authorize_url(Region::Au, "id", &state, None).starts_with("https://app.au.intercom.com/oauth?"));
        assert_eq!(finish_url(Ok(())), "https://app.intercom.com/appstore/redirect?install_success=true");
        assert!(finish_url(Err("no & way")).ends_with("?install_success=false&error_message=no%20%26%20way"));
    }
}
