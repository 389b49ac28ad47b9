//! Emits the files of a crate from the IR.
//!
//! An emitter is a function from the [`Crate`] to files of one kind, in its own module. To add one, write the module and list
//! its function in [`EMITTERS`]. Emitters read the IR, never OpenAPI.

mod api;
mod client;
mod crate_docs;
mod features;
mod file;
mod operations;
mod package_files;
mod paging;
mod platform;
mod rust;
mod search;
mod types;

pub(crate) use paging::{has_setter, params_with_setter, setter_name};

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::diag::{Error, Result};
use crate::ir::Api;
use features::Features;
use file::File;

/// What emitters know about a crate besides its API: its name and version, and what its files were generated from.
#[derive(Clone, Debug)]
pub struct CrateInfo {
    /// The crate's name: `intercom-v2-15`.
    pub crate_name: String,
    /// The crate's version.
    pub crate_version: String,
    /// The command that generates the files again.
    pub command: String,
    /// The path of the description, as the headers of the files show it.
    pub description: String,
    /// The description's digest in hexadecimal.
    pub sha256: String,
    /// The path from the crate to the runtime crate. The other crates of the project that the crate depends on are next to the runtime.
    pub runtime_path: String,
}

/// The input of an emitter.
#[derive(Debug)]
struct Crate<'a> {
    api: &'a Api,
    info: &'a CrateInfo,
    features: Features,
}

/// A function that emits the files of one kind.
type Emitter = fn(&Crate<'_>) -> Vec<File>;

/// All emitters of a crate, the slowest first, so that two threads finish at about the same time.
const EMITTERS: &[Emitter] =
    &[types::files, api::files, operations::files, client::files, search::files, platform::files, package_files::files];

/// Emits all files, by path.
///
/// # Errors
/// If an emitter produces something that is not Rust, which is a defect of the generator, or if a thread cannot be started.
pub fn emit(api: &Api, info: &CrateInfo) -> Result<BTreeMap<String, String>> {
    emit_with(EMITTERS, api, info)
}

fn emit_with(emitters: &[Emitter], api: &Api, info: &CrateInfo) -> Result<BTreeMap<String, String>> {
    /// Two are enough, since emitting the types is about half of the work.
    const THREADS: usize = 2;
    /// syn and prettyplease recurse into nested types.
    const STACK: usize = 16 << 20;
    let krate = Crate { api, info, features: Features::new(api) };
    let next = AtomicUsize::new(0);
    // `TokenStream` is not `Send`, so the thread that runs an emitter also formats its files.
    let work = || {
        let mut files = BTreeMap::new();
        while let Some(emitter) = emitters.get(next.fetch_add(1, Ordering::Relaxed)) {
            for file in emitter(&krate) {
                let (path, text) = file.render(info)?;
                files.insert(path, text);
            }
        }
        Ok(files)
    };
    let mut files = BTreeMap::new();
    std::thread::scope(|scope| {
        let mut threads = Vec::new();
        for _ in 0..THREADS {
            let thread = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
            threads.push(thread.map_err(|error| {
                Error::new("", "", format!("cannot start a thread: {error}")).hint("close other programs and try again")
            })?);
        }
        for thread in threads {
            files.extend(thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?);
        }
        Ok(files)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An emitter of one JSON file with the routes of the API.
    fn routes(krate: &Crate<'_>) -> Vec<File> {
        let operations = krate.api.operations();
        let routes: Vec<_> = operations
            .map(|operation| {
                let statuses: Vec<_> = operation.responses.iter().map(|response| response.status.as_str()).collect();
                serde_json::json!({ "id": operation.id, "key": operation.key(), "statuses": statuses })
            })
            .collect();
        vec![File::text("routes.json", serde_json::json!(routes).to_string())]
    }

    #[test]
    fn a_listed_emitter_adds_its_files() {
        let text = "openapi: 3.0.1\ninfo: {title: T, version: '2.15'}\npaths:\n  /me:\n    get: {tags: [me], operationId: me, \
                    responses: {'204': {description: None}}}\n";
        let (api, _) = crate::read(text, &[], "2.15".parse().unwrap()).unwrap();
        let info = CrateInfo {
            crate_name: "case".to_owned(),
            crate_version: "0.1.0".to_owned(),
            command: "cargo xtask generate".to_owned(),
            description: "case.yaml".to_owned(),
            sha256: "0".repeat(64),
            runtime_path: "runtime".to_owned(),
        };
        let mut emitters = EMITTERS.to_vec();
        emitters.push(routes);
        let files = emit_with(&emitters, &api, &info).unwrap();
        assert_eq!(files["routes.json"], r#"[{"id":"me.me","key":"GET /me","statuses":["204"]}]"#);
        assert_eq!(files.len(), emit(&api, &info).unwrap().len() + 1);
    }
}
