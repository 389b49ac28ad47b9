//! The file of profiles. On Unix only the user can read it, since it may contain tokens.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::failure::{Failure, Result};
use crate::files;

/// A profile as it is stored.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stored {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// The token; absent where the keyring has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

/// The folder of the program's settings: INTERCOM_CONFIG_DIR, else `intercom` in the system's folder for settings.
///
/// # Errors
/// Where the system names none.
fn folder() -> Result<PathBuf> {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(folder) = variable("INTERCOM_CONFIG_DIR") {
        return Ok(folder);
    }
    let system = if cfg!(windows) {
        variable("APPDATA")
    } else {
        variable("XDG_CONFIG_HOME").or_else(|| variable("HOME").map(|home| home.join(".config")))
    };
    let missing = "there is no folder for settings: set INTERCOM_CONFIG_DIR, or INTERCOM_ACCESS_TOKEN for this run";
    system.map(|folder| folder.join("intercom")).ok_or_else(|| Failure::usage(missing))
}

fn path() -> Result<PathBuf> {
    Ok(folder()?.join("profiles.json"))
}

/// All profiles; none where there is no file yet, or no folder for settings.
///
/// # Errors
/// Where the file cannot be read, or is not what this program writes.
pub fn read() -> Result<BTreeMap<String, Stored>> {
    let Ok(path) = path() else { return Ok(BTreeMap::new()) };
    let shown = path.display().to_string();
    match std::fs::read_to_string(&path) {
        Ok(text) => serde_json::from_str(&text).map_err(|error| {
            // serde_json's message may repeat a value, which may be a token.
            let place = format!("line {}, column {}", error.line(), error.column());
            Failure::usage(format!(
                "{shown} is not a file of profiles ({place}); correct it, or remove it and log in again"
            ))
        }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(BTreeMap::new()),
        Err(error) => Err(Failure::unreadable(&shown, &error)),
    }
}

/// Writes all profiles and returns the path of the file.
///
/// # Errors
/// Where there is no folder for settings, or the file cannot be written.
pub fn write(profiles: &BTreeMap<String, Stored>) -> Result<String> {
    let path = path()?;
    let failed = |error: std::io::Error| Failure::io(format!("cannot write {}", path.display()), &error);
    std::fs::create_dir_all(path.parent().unwrap_or(Path::new("."))).map_err(failed)?;
    let text = serde_json::to_string_pretty(profiles).map_err(|error| failed(error.into()))?;
    files::replace(&path, format!("{text}\n").as_bytes(), true).map_err(failed)?;
    Ok(path.display().to_string())
}
