//! Parts of the platform beside the REST API, such as webhooks: what Intercom sends to an app and what the app
//! answers, each part behind a cargo feature.

use super::{RustName, TypeId, WireName};

/// A part of the platform, such as `webhooks`.
#[derive(Clone, Debug)]
pub struct PlatformFeature {
    /// The cargo feature.
    pub name: String,
    /// The types that Intercom sends, beside the items of topics.
    pub received: Vec<TypeId>,
    /// The types that an app answers with.
    pub sent: Vec<TypeId>,
    /// What a crate shows of the part beside its types.
    pub reexports: Reexports,
    /// The field of answers that holds the address of an event stream.
    pub subscribe: Option<WireName>,
    /// By type, the fields that lead to a list whose last item is what a notification is about.
    pub newest: Vec<(TypeId, Vec<WireName>)>,
    /// The topics of notifications, in the order of the description.
    pub topics: Vec<Topic>,
}

/// What a crate shows of a part beside its types.
#[derive(Clone, Debug, Default)]
pub struct Reexports {
    /// Modules of `intercom_platform`.
    pub modules: Vec<RustName>,
    /// Names in the module of the part in `intercom_platform`.
    pub platform: Vec<RustName>,
    /// Names in the module of the part in `intercom_runtime`, behind the feature of the same name.
    pub runtime: Vec<RustName>,
    /// Generic types in the part's module of `intercom_platform`, each with the doc comment of its alias, which fills
    /// in what this version receives.
    pub aliases: Vec<(RustName, String)>,
}

/// A topic of webhook notifications.
#[derive(Clone, Debug)]
pub struct Topic {
    /// Its name.
    pub wire: WireName,
    /// The type of its item; `None` where this version describes none.
    pub item: Option<TypeId>,
    /// Types of items that are wrapped: the item has this key, and its value is of this type.
    pub wrapped: Vec<(WireName, TypeId)>,
    /// The API version that introduced it.
    pub since: Option<String>,
    /// What the app must be allowed to read.
    pub permission: Option<String>,
    /// Whether only Preview offers it.
    pub preview_only: bool,
}

impl PlatformFeature {
    /// The types of everything that Intercom sends.
    pub fn incoming(&self) -> impl Iterator<Item = TypeId> {
        let items = self.topics.iter().flat_map(Topic::items);
        self.received.iter().copied().chain(items)
    }
}

impl Topic {
    /// The types that the item can have.
    pub fn items(&self) -> impl Iterator<Item = TypeId> {
        self.item.into_iter().chain(self.wrapped.iter().map(|(_, item)| *item))
    }
}
