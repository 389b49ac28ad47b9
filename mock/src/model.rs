//! What is known of a version before any request: its catalog, its paths and its collections.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use intercom_catalog::{Catalog, LoadError};

use crate::engine::{self, CollectionSchema};
use crate::router::Router;

/// A version as a server needs it.
#[derive(Debug)]
pub(crate) struct Model {
    pub(crate) catalog: Arc<Catalog>,
    pub(crate) router: Router,
    /// The collections by name.
    pub(crate) collections: BTreeMap<String, CollectionSchema>,
}

/// The model of a version. It is made once in a process and shared after that.
pub(crate) fn of(version: &str) -> Result<Arc<Model>, LoadError> {
    static MODELS: Mutex<BTreeMap<String, Arc<Model>>> = Mutex::new(BTreeMap::new());
    let catalog = intercom_catalog::load(version)?;
    let mut models = MODELS.lock().unwrap_or_else(PoisonError::into_inner);
    let model = models.entry(catalog.version.clone()).or_insert_with(|| {
        let router = Router::new(&catalog);
        let collections = engine::collections(&catalog);
        Arc::new(Model { catalog, router, collections })
    });
    Ok(Arc::clone(model))
}
