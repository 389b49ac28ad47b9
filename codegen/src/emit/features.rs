//! Computes the cargo features with which each module of types is compiled.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;

use crate::ir::{Api, Ty};

/// The cargo feature for types that no operation uses.
pub(super) const UNUSED_TYPES: &str = "unused_types";

/// The features of the groups that have operations, and the features with which each module of types is compiled.
#[derive(Debug)]
pub(super) struct Features {
    groups: BTreeSet<String>,
    modules: BTreeMap<String, BTreeSet<String>>,
}

impl Features {
    /// Computes the features of each module of types: those of the groups and platform features that use its types, and those of
    /// every module that refers to its types.
    pub(super) fn new(api: &Api) -> Self {
        let groups = api.groups_with_operations();
        let groups: BTreeSet<String> = groups.map(|group| group.name.clone()).collect();
        let mut modules: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        let mut edges: BTreeMap<&String, BTreeSet<&String>> = BTreeMap::new();
        for def in api.types.iter() {
            let own = modules.entry(def.module.clone()).or_default();
            // A named schema of the API that no operation uses is compiled with the feature for unused types, in addition to the
            // platform features that use it.
            let used = def.usage.features.iter().any(|feature| groups.contains(feature));
            if !used && def.wire.is_some() && def.platform_feature.is_none() {
                own.insert(UNUSED_TYPES.to_owned());
            }
            own.extend(def.usage.features.iter().cloned());
            let mentioned = def.kind.referenced_types().filter_map(Ty::named).map(|id| &api.types[id].module);
            edges.entry(&def.module).or_default().extend(mentioned);
        }
        loop {
            let mut grown = false;
            for (module, targets) in &edges {
                let own = modules.get(*module).cloned().unwrap_or_default();
                for target in targets {
                    let entry = modules.entry((*target).clone()).or_default();
                    let before = entry.len();
                    entry.extend(own.iter().cloned());
                    grown |= entry.len() != before;
                }
            }
            if !grown {
                return Self { groups, modules };
            }
        }
    }

    /// The `cfg` attribute of a module of types; `None` if it needs none, because no feature or every group uses it.
    pub(super) fn condition(&self, module: &str) -> Option<TokenStream> {
        let features = self.modules.get(module)?;
        if features.is_empty() || self.groups.iter().all(|group| features.contains(group)) {
            return None;
        }
        let mut names = features.iter();
        Some(match (names.next(), names.next()) {
            (Some(only), None) => quote!(#[cfg(feature = #only)]),
            _ => {
                let features = features.iter();
                quote!(#[cfg(any(#(feature = #features),*))])
            }
        })
    }

    /// Whether any module can be enabled by the feature [`UNUSED_TYPES`].
    pub(super) fn has_unused_types(&self) -> bool {
        self.modules.values().any(|features| features.contains(UNUSED_TYPES))
    }
}
