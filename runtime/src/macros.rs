//! The macro that defines the request type of a generated crate. Not part of the public interface.

/// Defines the type `Request<O>`. Each generated crate defines its own, since only the crate that defines a type can add methods to it,
/// such as the setters of the operations.
#[doc(hidden)]
#[macro_export]
macro_rules! request {
    () => {
        /// A request of an operation, made by a method of its group. It is sent when it is awaited.
        ///
        /// The bounds of the methods below say which operations have them: for example, only operations with pages have `items`. The
        /// setters for optional parameters and for optional fields of the body are on the page of the operation, which is the parameter
        /// `O`.
        #[must_use = "a request does nothing until it is awaited"]
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

            /// Sets options for this call, which take precedence over the settings of the client.
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

            /// Returns a future that sends the request when it is awaited. Awaiting the request does the same.
            ///
            /// An operation that returns a file returns a [`Download`](intercom_runtime::Download), which streams it. Others return a
            /// [`Response`](intercom_runtime::Response), which derefs to the value. `into_inner()` returns the value without the
            /// response; if it is a list, `into_items()` returns its items.
            pub fn send(self) -> <O::Response as $crate::request::ResponseKind>::Pending {
                <O::Response as $crate::request::ResponseKind>::send(self.into_call())
            }

            /// Returns a future that sends the request and returns the raw body of the response.
            pub fn send_raw(self) -> $crate::Pending<$crate::bytes::Bytes> {
                self.into_call().send_raw()
            }
        }

        impl<O: $crate::request::Operation> Request<O>
        where
            O::Response: $crate::request::DecodeAs,
        {
            /// Returns a future that sends the request and decodes the response as another type than the declared one. Types of the API are
            /// decoded in the same way as declared types, other types by serde.
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

            /// Adds a key to the body, for fields that the description does not contain.
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
            /// Returns a stream of the items of all pages. See [`paging`](intercom_runtime::paging) for the rules.
            pub fn items(self) -> $crate::paging::Items<O::Item> {
                $crate::paging::Items::new(self.into_call())
            }

            /// Returns a stream of the pages.
            pub fn pages(self) -> $crate::paging::Pages<O::Item> {
                $crate::paging::Pages::new(self.into_call())
            }

            /// Requests one page.
            pub fn page(self) -> $crate::paging::PendingPage<O::Item> {
                $crate::paging::PendingPage::new(self.into_call())
            }

            /// Sets the page size. A size that the operation does not allow is an error when the request is sent.
            pub fn per_page(mut self, count: impl ::core::convert::TryInto<u32>) -> Self {
                self.call.per_page(count);
                self
            }

            /// Starts at a position from an earlier response: a cursor, or the number of a page.
            pub fn starting_at(mut self, position: impl ::core::fmt::Display) -> Self {
                self.call.starting_at(position);
                self
            }
        }

        impl<O: $crate::request::HasJob> Request<O> {
            /// Waits until the job has ended: the job that this request starts, or the one whose status it requests. To set a
            /// timeout or a callback, use [`poller`](Self::poller), which returns a [`Poller`](intercom_runtime::jobs::Poller).
            pub fn wait(
                self,
            ) -> $crate::transport::BoxFuture<'static, $crate::Result<$crate::jobs::Finished<$crate::request::Job<O>>>>
            {
                self.poller().wait()
            }

            /// Returns a poller. Its `wait()` sends this request, then requests the status of the job until the job has
            /// ended. Set its timeout, its delays or a callback before `wait()`.
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
