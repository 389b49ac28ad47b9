//! Platform features: what Intercom sends to an app besides the responses of the REST API, and how the app responds. Each is
//! behind a cargo feature.

use super::{RustName, TypeId, WireName};

/// A platform feature, such as `webhooks`.
#[derive(Clone, Debug)]
pub struct PlatformFeature {
    /// The cargo feature.
    pub name: String,
    /// The file that describes it.
    pub file: String,
    /// The types that Intercom sends, without the items of topics.
    pub received: Vec<TypeId>,
    /// The types with which an app responds.
    pub sent: Vec<TypeId>,
    /// What a generated crate re-exports for the feature.
    pub reexports: Reexports,
    /// The field of responses that has the address of an event stream.
    pub stream_url_field: Option<WireName>,
    /// The documentation of the methods that open the stream.
    pub stream_doc: String,
    /// By type, the path of fields to a list whose last item is the part that a notification reports.
    pub newest: Vec<(TypeId, Vec<WireName>)>,
    /// The documentation of the methods that return that part.
    pub newest_doc: String,
    /// The topics of notifications, in the order of the description.
    pub topics: Vec<Topic>,
}

/// What a generated crate re-exports for a platform feature.
#[derive(Clone, Debug, Default)]
pub struct Reexports {
    /// Modules of `intercom_platform`.
    pub modules: Vec<RustName>,
    /// Names in the feature's module of `intercom_platform`.
    pub platform: Vec<RustName>,
    /// Names in the feature's module of `intercom_runtime`.
    pub runtime: Vec<RustName>,
    /// Generic types in the feature's module of `intercom_platform`, each with a doc comment. The crate defines an alias of each
    /// for the type that this version receives.
    pub aliases: Vec<(RustName, String)>,
}

/// A topic of webhook notifications.
#[derive(Clone, Debug)]
pub struct Topic {
    /// Its name.
    pub wire: WireName,
    /// The type of its item; `None` where this version describes none.
    pub item: Option<TypeId>,
    /// For items that some versions send inside another object: the key of the item in that object, and the type of the object. A received
    /// object that has this key is read as this type instead of `item`.
    pub wrapped: Vec<(WireName, TypeId)>,
    /// The API version that introduced it.
    pub since: Option<String>,
    /// The permission that the app needs.
    pub permission: Option<String>,
    /// Whether only Preview offers it.
    pub preview_only: bool,
}

impl PlatformFeature {
    /// Whether the version describes something to receive; otherwise its crate lacks the feature.
    pub fn is_present(&self) -> bool {
        self.incoming().next().is_some()
    }

    /// The types of everything that Intercom sends, items of topics included.
    pub fn incoming(&self) -> impl Iterator<Item = TypeId> {
        let items = self.topics.iter().flat_map(Topic::items);
        self.received.iter().copied().chain(items)
    }
}

impl Topic {
    /// The types that a received object can have: those of the item and of the objects around it.
    pub fn items(&self) -> impl Iterator<Item = TypeId> {
        self.item.into_iter().chain(self.wrapped.iter().map(|(_, item)| *item))
    }
}
