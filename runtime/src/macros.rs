//! The parts of emitted code that are the same for every type of a kind. Not part of the public interface.

/// serde's traits, `Decode` and `Debug` for a struct that is an [`Object`](crate::data::Object).
#[doc(hidden)]
#[macro_export]
macro_rules! object {
    ($type:ident) => {
        $crate::__serde!($type, decode_object, fit_object);

        impl $crate::data::HasExtra for $type {
            fn extra(&self) -> &$crate::data::Extra {
                &self.extra
            }

            fn extra_mut(&mut self) -> &mut $crate::data::Extra {
                &mut self.extra
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
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::data::private::debug_object(self, f)
            }
        }
    };
}

/// `Deserialize` and `Decode`, which only differ in that the first has no context.
#[doc(hidden)]
#[macro_export]
macro_rules! __serde {
    ($type:ident, $decode:ident, $fit:ident) => {
        impl $crate::data::Decode for $type {
            fn decode_into<'de, D: $crate::serde::Deserializer<'de>>(
                &mut self,
                deserializer: D,
                context: &mut $crate::data::Context,
            ) -> ::core::result::Result<(), D::Error> {
                $crate::data::private::$decode(self, deserializer, context)
            }

            // Else an object that is missing, though always present by declaration, would be written as an empty one.
            fn is_unset(&self) -> bool {
                *self == <Self as ::core::default::Default>::default()
            }

            fn fit(value: &$crate::Value) -> $crate::data::Fit {
                $crate::data::private::$fit::<Self>(value)
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $type {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                let mut value = <Self as ::core::default::Default>::default();
                $crate::data::private::$decode(&mut value, deserializer, &mut $crate::data::Context::strict())?;
                ::core::result::Result::Ok(value)
            }
        }
    };
}

/// serde's traits, `Decode` and text conversions for an enum that is a [`TextEnum`](crate::data::TextEnum).
#[doc(hidden)]
#[macro_export]
macro_rules! text_enum {
    ($type:ident) => {
        impl $crate::data::Decode for $type {
            fn decode_into<'de, D: $crate::serde::Deserializer<'de>>(
                &mut self,
                deserializer: D,
                _: &mut $crate::data::Context,
            ) -> ::core::result::Result<(), D::Error> {
                *self = $crate::data::private::decode_text(deserializer)?;
                ::core::result::Result::Ok(())
            }

            fn is_unset(&self) -> bool {
                self.as_str().is_empty()
            }

            fn fit(value: &$crate::Value) -> $crate::data::Fit {
                <::std::string::String as $crate::data::Decode>::fit(value)
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $type {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::data::private::decode_text(deserializer)
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
            fn default() -> Self {
                Self::Unknown(::std::string::String::new())
            }
        }

        impl $type {
            /// The value as it stands in JSON.
            pub fn as_str(&self) -> &str {
                $crate::data::TextEnum::as_str(self)
            }
        }

        impl ::core::fmt::Display for $type {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl ::core::convert::From<&str> for $type {
            fn from(text: &str) -> Self {
                $crate::data::TextEnum::from_text(text)
            }
        }

        impl ::core::convert::From<::std::string::String> for $type {
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
        $crate::__serde!($type, decode_union, fit_union);

        impl $crate::data::Union for $type {
            const NAME: &'static str = ::core::stringify!($type);
            const MEMBERS: &'static [$crate::data::Member<Self>] = &[
                $($crate::data::Member {
                    name: ::core::stringify!($variant),
                    fit: $crate::data::private::fit_of(Self::$variant),
                    decode: |text, context| $crate::data::private::decode_member(text, context).map(Self::$variant),
                },)*
            ];

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
            fn default() -> Self {
                Self::Unknown($crate::Value::Null)
            }
        }
    };
}

/// The methods that every request builder has. The builder is a struct with a field `call` and, by its kind of body, a
/// field `body` (`object`, `value`) or `form`.
#[doc(hidden)]
#[macro_export]
macro_rules! call {
    ($builder:ident, json $output:ty $(, $kind:ident $($body:ty)?)?) => {
        $crate::__call!($builder $(, $kind $($body)?)?);

        impl $builder {
            /// Sends the request. Awaiting the request does the same.
            pub fn send(self) -> $crate::Pending<$output> {
                self.into_call().send_json()
            }

            /// Sends the request and decodes the answer into another type, by serde.
            pub fn send_as<T: $crate::serde::de::DeserializeOwned>(self) -> $crate::Pending<T> {
                self.into_call().send_as()
            }
        }

        $crate::__await!($builder, $crate::Response<$output>, $crate::Pending<$output>);
    };
    ($builder:ident, text $(, $kind:ident $($body:ty)?)?) => {
        $crate::__call!($builder $(, $kind $($body)?)?);

        impl $builder {
            /// Sends the request. Awaiting the request does the same.
            pub fn send(self) -> $crate::Pending<::std::string::String> {
                self.into_call().send_text()
            }
        }

        $crate::__await!($builder, $crate::Response<::std::string::String>, $crate::Pending<::std::string::String>);
    };
    ($builder:ident, empty $(, $kind:ident $($body:ty)?)?) => {
        $crate::__call!($builder $(, $kind $($body)?)?);

        impl $builder {
            /// Sends the request. Awaiting the request does the same.
            pub fn send(self) -> $crate::Pending<()> {
                self.into_call().send_empty()
            }

            /// Sends the request and decodes what is answered, though nothing is declared, by serde.
            pub fn send_as<T: $crate::serde::de::DeserializeOwned>(self) -> $crate::Pending<T> {
                self.into_call().send_as()
            }
        }

        $crate::__await!($builder, $crate::Response<()>, $crate::Pending<()>);
    };
    ($builder:ident, download $(, $kind:ident $($body:ty)?)?) => {
        $crate::__call!($builder $(, $kind $($body)?)?);

        impl $builder {
            /// Sends the request and hands over the file as it comes. Awaiting the request does the same.
            pub fn send(self) -> $crate::PendingDownload {
                self.into_call().download()
            }
        }

        $crate::__await!($builder, $crate::Download, $crate::PendingDownload);
    };
}

/// The methods of request builders whose operation pages.
#[doc(hidden)]
#[macro_export]
macro_rules! paged {
    ($builder:ident, $item:ty) => {
        impl $builder {
            /// The items of all pages; see [`paging`](intercom_runtime::paging) for what that means.
            pub fn items(self) -> $crate::paging::Items<$item> {
                $crate::paging::Items::new(self.into_call())
            }

            /// The pages, one after the other.
            pub fn pages(self) -> $crate::paging::Pages<$item> {
                $crate::paging::Pages::new(self.into_call())
            }

            /// One page.
            pub fn page(self) -> $crate::paging::PendingPage<$item> {
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
    };
}

/// What all request builders have, whatever comes back.
#[doc(hidden)]
#[macro_export]
macro_rules! __call {
    ($builder:ident $(, $kind:ident $($body:ty)?)?) => {
        impl $builder {
            /// Settings for this call only.
            pub fn options(mut self, options: $crate::RequestOptions) -> Self {
                self.call.options(options);
                self
            }

            /// Sends the request and takes the body as it is.
            pub fn send_raw(self) -> $crate::Pending<$crate::bytes::Bytes> {
                self.into_call().send_raw()
            }
        }

        $crate::__body!($builder $(, $kind $($body)?)?);
    };
}

/// How a request's body gets into its call.
#[doc(hidden)]
#[macro_export]
macro_rules! __body {
    ($builder:ident) => {
        impl $builder {
            pub(crate) fn into_call(self) -> $crate::Call {
                self.call
            }
        }
    };
    ($builder:ident, object $body:ty) => {
        impl $builder {
            /// Replaces the whole body.
            pub fn body(mut self, body: $body) -> Self {
                self.body = body;
                self
            }

            /// Adds a key that the description does not name to the body.
            pub fn extra(
                mut self,
                key: impl ::core::convert::Into<::std::string::String>,
                value: impl ::core::convert::Into<$crate::Value>,
            ) -> Self {
                self.body.extra.insert(key, value);
                self
            }
        }

        $crate::__body!($builder, value);
    };
    ($builder:ident, value) => {
        impl $builder {
            pub(crate) fn into_call(mut self) -> $crate::Call {
                self.call.json(&self.body);
                self.call
            }
        }
    };
    ($builder:ident, form) => {
        impl $builder {
            /// Replaces all parts of the form.
            pub fn form(mut self, form: $crate::Multipart) -> Self {
                self.form = form;
                self
            }

            pub(crate) fn into_call(mut self) -> $crate::Call {
                self.call.multipart(self.form);
                self.call
            }
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __await {
    ($builder:ident, $output:ty, $future:ty) => {
        impl ::core::future::IntoFuture for $builder {
            type Output = $crate::Result<$output>;
            type IntoFuture = $future;

            fn into_future(self) -> $future {
                self.send()
            }
        }
    };
}
