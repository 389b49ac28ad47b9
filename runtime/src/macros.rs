//! The parts of emitted code that are the same for every type of a kind. Not part of the public interface.
//!
//! Functions without type parameters are `#[inline]`, here and in emitted code. A release build then does not compile
//! them with this crate, but with the program, and only those that the program uses.

/// The type of all requests, which each generated crate has as its own so that it can give them setters.
#[doc(hidden)]
#[macro_export]
macro_rules! request {
    () => {
        /// A request of an operation, made by the method of its group. Awaiting it sends it.
        ///
        /// Beside the methods of all requests, which are below, it has a setter for each optional parameter and each optional
        /// field of the body: those are on the page of the operation, the `O` of the request.
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
            pub fn with_options(mut self, options: $crate::RequestOptions) -> Self {
                self.call.options(options);
                self
            }

            /// Calls a setter with a value, if there is one: `request.maybe(name, |request, name| request.name(name))`.
            pub fn maybe<T>(
                self,
                value: ::core::option::Option<T>,
                set: impl ::core::ops::FnOnce(Self, T) -> Self,
            ) -> Self {
                match value {
                    ::core::option::Option::Some(value) => set(self, value),
                    ::core::option::Option::None => self,
                }
            }

            /// Sends the request. Awaiting the request does the same. The body of an operation that answers with a file
            /// is streamed.
            ///
            /// The response derefs to the value. `into_inner()` returns the value alone; where it is a list,
            /// `into_items()` returns its items.
            pub fn send(self) -> <O::Response as $crate::request::ResponseKind>::Pending {
                <O::Response as $crate::request::ResponseKind>::send(self.into_call())
            }

            /// Sends the request and takes the body of the answer as it is.
            pub fn send_raw(self) -> $crate::Pending<$crate::bytes::Bytes> {
                self.into_call().send_raw()
            }
        }

        impl<O: $crate::request::Operation> Request<O>
        where
            O::Response: $crate::request::DecodeAs,
        {
            /// Sends the request and decodes the answer into another type than the declared one: into a type of the API as a
            /// declared one is, into any other by serde.
            pub fn send_as<T: $crate::serde::de::DeserializeOwned>(self) -> $crate::Pending<T> {
                self.into_call().send_as()
            }
        }

        impl<O: $crate::request::Operation> Request<O>
        where
            O::Body: $crate::data::Object,
        {
            /// Replaces the whole body.
            pub fn with_body(mut self, body: O::Body) -> Self {
                self.body = body;
                self
            }

            /// Adds a key that the description does not name to the body.
            pub fn extra(
                mut self,
                key: impl ::core::convert::Into<::std::string::String>,
                value: impl ::core::convert::Into<$crate::Value>,
            ) -> Self {
                $crate::data::Object::extra_mut(&mut self.body).insert(key, value);
                self
            }
        }

        impl<O: $crate::request::Operation<Body = $crate::Multipart>> Request<O> {
            /// Replaces all parts of the form.
            pub fn with_form(mut self, form: $crate::Multipart) -> Self {
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

        impl<O: $crate::request::StartsJob> Request<O> {
            /// Starts the job and waits until it has ended. For a deadline or a callback use [`poller`](Self::poller),
            /// which returns a [`Poller`](intercom_runtime::jobs::Poller).
            pub fn wait(
                self,
            ) -> $crate::transport::BoxFuture<'static, $crate::Result<$crate::jobs::Finished<$crate::request::Job<O>>>>
            {
                self.poller().wait()
            }

            /// A poller that starts the job and waits for it. Set its deadline, its waits or a callback before
            /// `wait()`.
            pub fn poller(self) -> $crate::jobs::Poller<$crate::request::Job<O>> {
                O::poller(self.into_call())
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
            type Output = $crate::Result<<O::Response as $crate::request::ResponseKind>::Output>;
            type IntoFuture = <O::Response as $crate::request::ResponseKind>::Pending;

            fn into_future(self) -> Self::IntoFuture {
                self.send()
            }
        }
    };
}
