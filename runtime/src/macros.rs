//! The parts of emitted code that are the same for every type of a kind. Not part of the public interface.
//!
//! Functions without type parameters are `#[inline]`, here and in emitted code: then a release build compiles those that a
//! program uses, in the program, and not all of them in the crate.

/// serde's traits, `Decode` and `Debug` for a struct that is an [`Object`](crate::data::Object).
#[doc(hidden)]
#[macro_export]
macro_rules! object {
    ($type:ident) => {
        $crate::__decode!($type, ObjectKind);

        impl ::core::cmp::PartialEq for $type {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                $crate::data::private::equal(self, other)
            }
        }

        impl $crate::serde::Serialize for $type {
            fn serialize<S: $crate::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::data::private::serialize_object(self, serializer)
            }
        }

        impl ::core::fmt::Debug for $type {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::data::private::debug_object(self, f)
            }
        }
    };
}

/// `Decode`, and `Deserialize`, which is the same without a context.
#[doc(hidden)]
#[macro_export]
macro_rules! __decode {
    ($type:ident, $kind:ident) => {
        impl $crate::data::Decode for $type {
            type Kind = $crate::data::$kind;
        }

        impl<'de> $crate::serde::Deserialize<'de> for $type {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::data::private::deserialize(deserializer)
            }
        }
    };
}

/// serde's traits, `Decode` and text conversions for an enum that is a [`TextEnum`](crate::data::TextEnum).
#[doc(hidden)]
#[macro_export]
macro_rules! text_enum {
    ($type:ident) => {
        $crate::__decode!($type, TextKind);

        impl ::core::cmp::PartialEq for $type {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                self.as_str() == other.as_str()
            }
        }

        impl ::core::cmp::Eq for $type {}

        impl ::core::hash::Hash for $type {
            fn hash<H: ::core::hash::Hasher>(&self, state: &mut H) {
                ::core::hash::Hash::hash(self.as_str(), state);
            }
        }

        impl $crate::serde::Serialize for $type {
            fn serialize<S: $crate::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl ::core::default::Default for $type {
            #[inline]
            fn default() -> Self {
                Self::Unknown(::std::string::String::new())
            }
        }

        impl $type {
            /// The value as it stands in JSON.
            #[inline]
            pub fn as_str(&self) -> &str {
                $crate::data::TextEnum::as_str(self)
            }
        }

        impl ::core::fmt::Display for $type {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl ::core::convert::From<&str> for $type {
            #[inline]
            fn from(text: &str) -> Self {
                $crate::data::TextEnum::from_text(text)
            }
        }

        impl ::core::convert::From<::std::string::String> for $type {
            #[inline]
            fn from(text: ::std::string::String) -> Self {
                $crate::data::TextEnum::from_text(&text)
            }
        }
    };
}

/// serde's traits, `Decode` and `Debug` for an enum that is a [`Union`](crate::data::Union).
#[doc(hidden)]
#[macro_export]
macro_rules! union_enum {
    ($type:ident [$(Self::$variant:ident),* $(,)?]) => {
        $crate::__decode!($type, UnionKind);

        impl $crate::data::Union for $type {
            const NAME: &'static str = ::core::stringify!($type);
            const MEMBERS: &'static [$crate::data::Member<Self>] = &[
                $($crate::data::Member {
                    name: ::core::stringify!($variant),
                    fit: $crate::data::private::fit_of(Self::$variant),
                    decode: |text, context| $crate::data::private::decode_member(text, context).map(Self::$variant),
                },)*
            ];

            #[inline]
            fn unknown(value: $crate::Value) -> Self {
                Self::Unknown(value)
            }
        }

        impl $crate::serde::Serialize for $type {
            fn serialize<S: $crate::serde::Serializer>(&self, serializer: S) -> ::core::result::Result<S::Ok, S::Error> {
                match self {
                    $(Self::$variant(value) => $crate::serde::Serialize::serialize(value, serializer),)*
                    Self::Unknown(value) => $crate::serde::Serialize::serialize(value, serializer),
                }
            }
        }

        impl ::core::default::Default for $type {
            #[inline]
            fn default() -> Self {
                Self::Unknown($crate::Value::Null)
            }
        }
    };
}

/// The type of all requests, which each generated crate has as its own so that it can give them setters.
#[doc(hidden)]
#[macro_export]
macro_rules! request {
    () => {
        /// A request of an operation, made by the method of its group. Awaiting it sends it.
        ///
        /// Beside the methods of all requests it has a setter for each optional parameter and each optional field of the
        /// body, below as those of `Request<…>` with the operation's name.
        #[must_use = "a request does nothing until it is sent or awaited"]
        pub struct Request<O: $crate::request::Operation> {
            pub(crate) call: $crate::Call,
            pub(crate) body: O::Body,
        }

        impl<O: $crate::request::Operation> Request<O> {
            pub(crate) fn new(client: &$crate::Client, body: O::Body) -> Self {
                Self { call: O::call(client), body }
            }

            fn into_call(mut self) -> $crate::Call {
                $crate::request::Body::put(self.body, &mut self.call);
                self.call
            }

            /// Settings for this call only.
            pub fn options(mut self, options: $crate::RequestOptions) -> Self {
                self.call.options(options);
                self
            }

            /// Sends the request; a file is handed over as it comes. Awaiting the request does the same.
            pub fn send(self) -> <O::Answer as $crate::request::Answer>::Pending {
                <O::Answer as $crate::request::Answer>::send(self.into_call())
            }

            /// Sends the request and takes the body of the answer as it is.
            pub fn send_raw(self) -> $crate::Pending<$crate::bytes::Bytes> {
                self.into_call().send_raw()
            }
        }

        impl<O: $crate::request::Operation> Request<O>
        where
            O::Answer: $crate::request::AnyJson,
        {
            /// Sends the request and decodes the answer into another type than the declared one, by serde.
            pub fn send_as<T: $crate::serde::de::DeserializeOwned>(self) -> $crate::Pending<T> {
                self.into_call().send_as()
            }
        }

        impl<O: $crate::request::Operation> Request<O>
        where
            O::Body: $crate::data::Object,
        {
            /// Replaces the whole body.
            pub fn body(mut self, body: O::Body) -> Self {
                self.body = body;
                self
            }

            /// Adds a key that the description does not name to the body.
            pub fn extra(
                mut self,
                key: impl ::core::convert::Into<::std::string::String>,
                value: impl ::core::convert::Into<$crate::Value>,
            ) -> Self {
                $crate::data::Object::fields_mut(&mut self.body).1.insert(key, value);
                self
            }
        }

        impl<O: $crate::request::Operation<Body = $crate::Multipart>> Request<O> {
            /// Replaces all parts of the form.
            pub fn form(mut self, form: $crate::Multipart) -> Self {
                self.body = form;
                self
            }
        }

        impl<O: $crate::request::Paged> Request<O> {
            /// The items of all pages; see [`paging`](intercom_runtime::paging) for what that means.
            pub fn items(self) -> $crate::paging::Items<O::Item> {
                $crate::paging::Items::new(self.into_call())
            }

            /// The pages, one after the other.
            pub fn pages(self) -> $crate::paging::Pages<O::Item> {
                $crate::paging::Pages::new(self.into_call())
            }

            /// One page.
            pub fn page(self) -> $crate::paging::PendingPage<O::Item> {
                $crate::paging::PendingPage::new(self.into_call())
            }

            /// How many items a page holds. More than the operation takes is an error when the request is sent.
            pub fn per_page(mut self, count: impl ::core::convert::TryInto<u32>) -> Self {
                self.call.per_page(count);
                self
            }

            /// Begins at a position that an earlier answer gave: a cursor, or the number of a page.
            pub fn starting_at(mut self, position: impl ::core::fmt::Display) -> Self {
                self.call.starting_at(position);
                self
            }
        }

        impl<O: $crate::request::Operation> ::core::clone::Clone for Request<O> {
            fn clone(&self) -> Self {
                Self { call: ::core::clone::Clone::clone(&self.call), body: ::core::clone::Clone::clone(&self.body) }
            }
        }

        impl<O: $crate::request::Operation> ::core::fmt::Debug for Request<O> {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.debug_struct("Request").field("call", &self.call).field("body", &self.body).finish()
            }
        }

        impl<O: $crate::request::Operation> ::core::future::IntoFuture for Request<O> {
            type Output = $crate::Result<<O::Answer as $crate::request::Answer>::Output>;
            type IntoFuture = <O::Answer as $crate::request::Answer>::Pending;

            fn into_future(self) -> Self::IntoFuture {
                self.send()
            }
        }
    };
}
