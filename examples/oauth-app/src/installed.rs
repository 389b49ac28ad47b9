//! The workspaces that have installed the app. A real app keeps their tokens in an encrypted store.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};

use intercom_runtime::oauth::Installation;
use intercom_runtime::platform::installation::{Action, Health};
use intercom_v2_15::Client;

/// A client for each workspace.
#[derive(Default)]
pub(crate) struct Installed(Mutex<HashMap<String, Client>>);

impl Installed {
    pub(crate) fn add(&self, installation: Installation<Client>) {
        self.lock().insert(installation.workspace_id, installation.client);
    }

    pub(crate) fn remove(&self, workspace_id: &str) {
        self.lock().remove(workspace_id);
    }

    /// Whether the token of a workspace works.
    pub(crate) async fn health(&self, workspace_id: &str) -> Health {
        let client = self.lock().get(workspace_id).cloned();
        let Some(client) = client else { return broken("The app does not know this workspace.") };
        match client.admins().identify().await {
            Ok(_) => Health::ok(),
            Err(error) if error.is_unauthorized() => broken("The access token no longer works."),
            Err(_) => Health::unknown(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Client>> {
        self.0.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

fn broken(message: &str) -> Health {
    Health::unhealthy(message, Some(Action::Reinstall)).unwrap_or_else(|_| Health::unknown())
}
