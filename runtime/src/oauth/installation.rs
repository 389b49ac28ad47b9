//! The installation in one workspace: its client, deauthorization, and health.

use std::sync::Arc;

use http::Method;
use intercom_platform::installation::Health;
use serde_json::Value;

use super::AccessToken;
use crate::call::Call;
use crate::client::{BaseUrl, Client, ClientBuilder, Region};
use crate::endpoint::Endpoint;
use crate::error::Error;

static IDENTIFY: Endpoint = Endpoint::new("oauth.identify", Method::GET, "/me");
static DEAUTHORIZE: Endpoint = Endpoint::new("oauth.deauthorize", Method::POST, "/auth/uninstall");
static REPORT_HEALTH: Endpoint =
    Endpoint::new("oauth.report_health", Method::POST, "/app_install/status").idempotent(true);

/// A workspace that has installed the app.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Installation<C> {
    /// A client for the region of the workspace.
    pub client: C,
    /// The region in which the workspace is hosted. `None` if this version of the crate does not know it. If the base URL belongs
    /// to a region, an unknown region is an error instead.
    pub region: Option<Region>,
    /// The id of the workspace: the `app_id` of its notifications and of the uninstall request.
    pub workspace_id: String,
    /// The name of the workspace.
    pub workspace_name: Option<String>,
    /// The id of the admin who installed the app.
    pub admin_id: Option<String>,
    /// The email address of that admin, if it is verified. An address that is not verified does not prove who the admin is.
    pub verified_email: Option<String>,
}

impl<C: From<Client>> ClientBuilder<C> {
    /// Makes a client for the workspace of a token: calls `GET /me`, and uses the region in which the workspace is hosted.
    ///
    /// `GET /me` is sent to the region of this builder. The default, the United States, also answers for some tokens of
    /// European workspaces, since Intercom forwards those calls. If it responds with a 401, set the [`region`](Self::region) of the
    /// workspace. If a [`base_url`](Self::base_url) is set that does not belong to a region, it is used for all calls. A token source of
    /// the builder is not used. Without a region in the response, the region is the United States.
    ///
    /// # Errors
    /// As [`build`](Self::build) and as any call, such as [`Error::is_unauthorized`]. Also [`Error::is_config`] if the response does not
    /// contain the id of the workspace, or if this version of the crate does not know the region. With a base URL that does not belong to a
    /// region, an unknown region is no error.
    pub async fn for_installation(self, token: &AccessToken) -> Result<Installation<C>, Error> {
        let client = self.only_token(token.expose()).build_core()?;
        let me = Call::new(&client, &IDENTIFY).send_as::<Value>().await?.into_inner();
        let text = |pointer: &str| match me.pointer(pointer)? {
            Value::String(text) if !text.is_empty() => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        let missing = || Error::config("the response to `GET /me` does not contain the id of the workspace");
        let workspace_id = text("/app/id_code").ok_or_else(missing)?;
        // Without a region in the response, it is the United States, even if the builder has another one.
        let region = text("/app/region").unwrap_or_else(|| "US".to_owned());
        let unknown = || {
            let region = region.escape_debug();
            Error::config(format!(
                "the region `{region}` is not known to this version of the crate; set the base URL of the region with `base_url`"
            ))
        };
        let region = region.parse::<Region>().ok();
        let client = match region {
            Some(region) => at_region(client, region)?,
            None if is_of_a_region(&client) => return Err(unknown()),
            None => client,
        };
        let verified = me.get("email_verified").and_then(Value::as_bool).unwrap_or(false);
        Ok(Installation {
            client: C::from(client),
            region,
            workspace_id,
            workspace_name: text("/app/name"),
            admin_id: text("/id"),
            verified_email: text("/email").filter(|_| verified),
        })
    }
}

/// Whether the base URL of the client is that of a region that is known, and not, for example, the URL of a test server.
fn is_of_a_region(client: &Client) -> bool {
    Region::ALL.iter().any(|region| region.base_url() == client.base_url())
}

/// Returns the client with the base URL of the region. If its base URL is not that of any region, it is not changed.
fn at_region(client: Client, region: Region) -> Result<Client, Error> {
    if !is_of_a_region(&client) || client.base_url() == region.base_url() {
        return Ok(client);
    }
    // This cannot happen: `for_installation` has made the client, and its only call has ended.
    let shared = || Error::config("the client is in use");
    let mut inner = Arc::try_unwrap(client.0).map_err(|_| shared())?;
    inner.base_url = BaseUrl::parse(region.base_url(), false).map_err(Error::config)?;
    Ok(Client(Arc::new(inner)))
}

/// Ends the installation. The token of the client is not valid afterwards.
///
/// # Errors
/// As any call.
pub async fn deauthorize(client: &Client) -> Result<(), Error> {
    Call::new(client, &DEAUTHORIZE).send_empty().await.map(|_| ())
}

/// Reports the health of the installation without waiting for the next health check.
///
/// # Errors
/// As any call.
pub async fn report_health(client: &Client, health: &Health) -> Result<(), Error> {
    let mut call = Call::new(client, &REPORT_HEALTH);
    call.json(&health.to_json());
    call.send_empty().await.map(|_| ())
}
