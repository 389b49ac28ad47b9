//! Emits `src/lib.rs`, and `src/client.rs` with the client, which has a method for each group.

use proc_macro2::TokenStream;
use quote::quote;

use super::file::File;
use super::rust::{doc, ident};
use super::{Crate, CrateInfo};
use crate::doc_comments;
use crate::ir::Api;

/// `lib.rs` and `client.rs`.
pub(super) fn files(krate: &Crate<'_>) -> Vec<File> {
    vec![
        File::rust("src/lib.rs", "", library(krate.api, krate.info)),
        File::rust("src/client.rs", "/paths", client(krate.api, krate.info)),
    ]
}

fn library(api: &Api, info: &CrateInfo) -> TokenStream {
    let search = super::search::has_search(api).then(|| {
        quote!(
            #[cfg(feature = "client")]
            pub mod search;
        )
    });
    let platform = super::platform::modules(api);
    let version = &api.version;
    let digest = &info.sha256;
    let front = super::crate_docs::sections(api, info);
    let front = front.lines().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
    quote! {
        #![doc = include_str!("../README.md")]
        #![doc = ""]
        #(#![doc = #front])*
        #![cfg_attr(docsrs, feature(doc_cfg))]
        #![forbid(unsafe_code)]
        #![deny(missing_docs)]
        // The names of methods, the number of arguments and the size of unions follow from the API.
        #![allow(clippy::should_implement_trait, clippy::new_without_default, clippy::too_many_arguments, clippy::large_enum_variant, clippy::wrong_self_convention)]

        #[cfg(feature = "client")]
        pub mod api;
        #[cfg(feature = "client")]
        mod client;
        #[cfg(feature = "operations")]
        pub mod operations;
        #search
        #platform
        pub mod types;

        #[cfg(feature = "client")]
        pub use api::Request;
        #[cfg(feature = "client")]
        pub use client::{Client, ClientBuilder};
        pub use intercom_data as data;
        #[doc(inline)]
        pub use intercom_data::{Attributes, Id, Timestamp};
        #[cfg(feature = "client")]
        pub use intercom_runtime as runtime;
        #[cfg(feature = "client")]
        #[doc(inline)]
        pub use intercom_runtime::{Error, Region, RequestOptions, Response, Result};
        #[cfg(feature = "client")]
        #[doc(inline)]
        pub use intercom_runtime::{
            jobs::Poller, multipart::Part, paging::Checkpoint, retry::RetryPolicy, throttle::Paced, transport::Transport,
        };

        #[doc = " The version of the API that this crate calls: the value of the `Intercom-Version` header."]
        pub const API_VERSION: &str = #version;

        #[doc = " The SHA-256 digest of the description that this crate was generated from."]
        pub const DESCRIPTION_SHA256: &str = #digest;
    }
}

/// The hidden first line of a documentation example.
fn hidden_opening(info: &CrateInfo) -> String {
    let name = info.crate_name.replace('-', "_");
    format!(" # async fn example(client: {name}::Client) -> {name}::Result<()> {{")
}

fn client(api: &Api, info: &CrateInfo) -> TokenStream {
    let about = format!(
        " A client of the API's version {}. Cloning is cheap, and the clones share connections and limits.",
        api.version
    );
    let about = doc(&about);
    let handles = api.groups.iter().map(|group| {
        let (feature, method) = (&group.name, ident(&group.ident));
        let handle = ident(&group.handle);
        let opening = match group.operations.is_empty() {
            true => format!("The group `{}`: aliases for operations of other groups.", group.name),
            false => format!("The group `{}`: {}.", group.name, names_of(group)),
        };
        let about = doc(&doc_comments::of_group(&opening, group));
        quote! {
            #about
            #[cfg(feature = #feature)]
            pub fn #method(&self) -> crate::api::#method::#handle<'_> {
                crate::api::#method::#handle { client: &self.core }
            }
        }
    });
    let usage = hidden_opening(info);
    quote! {
        #about
        #[derive(Clone, Debug)]
        pub struct Client {
            core: intercom_runtime::Client,
        }

        #[doc = " Settings of a [`Client`]."]
        pub type ClientBuilder = intercom_runtime::ClientBuilder<Client>;

        impl Client {
            #[doc = " Creates a client with an access token and the default settings."]
            #[doc = ""]
            #[doc = " # Errors"]
            #[doc = " If the token is invalid, or if the default transport cannot be created."]
            pub fn new(token: impl Into<String>) -> crate::Result<Self> {
                Self::builder().token(token).build()
            }

            #[doc = " Creates a client from environment variables: `INTERCOM_ACCESS_TOKEN`, and optionally `INTERCOM_REGION` (`us`, `eu`, `au`)"]
            #[doc = " and `INTERCOM_BASE_URL`."]
            #[doc = ""]
            #[doc = " # Errors"]
            #[doc = " If the token is missing, if a value is invalid, or if the default transport cannot be created."]
            pub fn from_env() -> crate::Result<Self> {
                Self::builder().from_env().build()
            }

            #[doc = " Starts building a client with other settings; [`build`](intercom_runtime::ClientBuilder::build) finishes it."]
            pub fn builder() -> ClientBuilder {
                ClientBuilder::for_version(crate::API_VERSION, concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")))
            }

            #[doc = " Returns the runtime client that all calls use, for calls that the crate does not cover."]
            pub fn core(&self) -> &intercom_runtime::Client {
                &self.core
            }

            #[doc = " Creates a GET request for any path; awaiting it returns the response as JSON."]
            #[doc = ""]
            #[doc = " ```no_run"]
            #[doc = #usage]
            #[doc = " let me = client.get(\"/me\").await?;"]
            #[doc = " println!(\"{}\", me[\"email\"]);"]
            #[doc = " # Ok(())"]
            #[doc = " # }"]
            #[doc = " ```"]
            pub fn get(&self, path: impl Into<std::borrow::Cow<'static, str>>) -> intercom_runtime::RawRequest {
                self.core.get(path)
            }

            #[doc = " Creates a request for any path, for calls that the crate does not cover; see [`RawRequest`](intercom_runtime::RawRequest)."]
            #[doc = ""]
            #[doc = " ```no_run"]
            #[doc = #usage]
            #[doc = " let body = std::collections::BTreeMap::from([(\"name\", \"vip\")]);"]
            #[doc = " let tag = client.request(\"POST\", \"/tags\").json(&body).await?;"]
            #[doc = " println!(\"{}\", tag[\"id\"]);"]
            #[doc = " # Ok(())"]
            #[doc = " # }"]
            #[doc = " ```"]
            pub fn request(
                &self,
                method: impl TryInto<intercom_runtime::http::Method>,
                path: impl Into<std::borrow::Cow<'static, str>>,
            ) -> intercom_runtime::RawRequest {
                self.core.request(method, path)
            }

            #[doc = " Returns the last rate limit that a response reported; `None` before the first response that reports one."]
            pub fn rate_limit(&self) -> Option<intercom_runtime::RateLimit> {
                self.core.rate_limit()
            }

            #(#handles)*
        }

        impl AsRef<intercom_runtime::Client> for Client {
            fn as_ref(&self) -> &intercom_runtime::Client {
                &self.core
            }
        }

        impl From<intercom_runtime::Client> for Client {
            fn from(core: intercom_runtime::Client) -> Self {
                Self { core }
            }
        }
    }
}

/// The methods of a group, separated by commas.
fn names_of(group: &crate::ir::Group) -> String {
    group.operations.iter().map(|operation| format!("`{}`", operation.method.bare())).collect::<Vec<_>>().join(", ")
}
