//! The parts of emitted code that are the same for every type of a kind. Not part of the public interface.
//!
//! Functions without type parameters are `#[inline]`, here and in emitted code: then a release build compiles those that a
//! program uses, in the program, and not all of them in the crate.

/// serde's traits, reading and `Debug` for a struct that is an [`Object`](crate::Object).
#[doc(hidden)]
#[macro_export]
macro_rules! object {
    ($type:ident) => {
        impl $crate::Place for $type {
            #[inline]
            fn read(&mut self, reader: &mut $crate::Reader<'_>) -> ::core::result::Result<(), $crate::Fault> {
                $crate::private::read_object(self, <Self as $crate::Object>::shape(), reader)
            }

            #[inline]
            fn accepts() -> $crate::Accepts {
                $crate::Accepts::Object(<Self as $crate::Object>::shape)
            }
        }

        impl $crate::Field for $type {
            #[inline]
            fn view(&self) -> $crate::View<'_> {
                $crate::View::Object(self, <Self as $crate::Object>::shape())
            }
        }

        impl ::core::cmp::PartialEq for $type {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                $crate::private::equal(self, other, <Self as $crate::Object>::shape())
            }
        }

        impl ::core::fmt::Debug for $type {
            #[inline]
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::private::debug(self, <Self as $crate::Object>::shape(), f)
            }
        }

        $crate::__serde!($type);
    };
}

/// serde's traits by the reader and the view, and reading from JSON text.
#[doc(hidden)]
#[macro_export]
macro_rules! __serde {
    ($type:ident) => {
        impl $type {
            /// Reads JSON text, such as the body of a webhook or a file. What does not fit is set aside and reported.
            ///
            /// # Errors
            /// Where the text is not JSON, or of another kind altogether.
            #[inline]
            pub fn from_json(json: &[u8]) -> ::core::result::Result<$crate::Decoded<Self>, $crate::DecodeError> {
                $crate::from_slice(json, $crate::Decoding::Tolerant)
            }
        }

        impl $crate::serde::Serialize for $type {
            fn serialize<S: $crate::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::serde::Serialize::serialize(&$crate::Field::view(self), serializer)
            }
        }

        impl<'de> $crate::serde::Deserialize<'de> for $type {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::private::deserialize(deserializer)
            }
        }
    };
}

/// serde's traits, reading and text conversions for an enum that is a [`TextEnum`](crate::TextEnum).
#[doc(hidden)]
#[macro_export]
macro_rules! text_enum {
    ($type:ident) => {
        impl $crate::Place for $type {
            #[inline]
            fn read(&mut self, reader: &mut $crate::Reader<'_>) -> ::core::result::Result<(), $crate::Fault> {
                *self = $crate::private::read_text(reader)?;
                ::core::result::Result::Ok(())
            }

            #[inline]
            fn accepts() -> $crate::Accepts {
                $crate::Accepts::Text
            }
        }

        impl $crate::Field for $type {
            #[inline]
            fn view(&self) -> $crate::View<'_> {
                $crate::View::Text(self.as_str())
            }
        }

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

        impl<'de> $crate::serde::Deserialize<'de> for $type {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::private::deserialize(deserializer)
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
                $crate::TextEnum::as_str(self)
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
                $crate::private::from_text(text.into())
            }
        }

        impl ::core::convert::From<::std::string::String> for $type {
            #[inline]
            fn from(text: ::std::string::String) -> Self {
                $crate::private::from_text(text.into())
            }
        }
    };
}

/// serde's traits and reading for an enum that is a [`Union`](crate::Union).
#[doc(hidden)]
#[macro_export]
macro_rules! union_enum {
    ($type:ident [$(Self::$variant:ident $(= $key:literal $text:literal)?),* $(,)?]) => {
        impl $crate::Union for $type {
            const NAME: &'static str = ::core::stringify!($type);
            const ALTERNATIVES: &'static [$crate::Alternative] = &[
                $($crate::Alternative {
                    name: ::core::stringify!($variant),
                    accepts: $crate::private::accepts_of(Self::$variant),
                    tag: $crate::__tag!($($key $text)?),
                },)*
            ];
            const READ: &'static [$crate::ReadAs<Self>] = &[
                $(|reader| $crate::private::read_variant(reader, Self::$variant),)*
            ];

            #[inline]
            fn unknown(value: $crate::Value) -> Self {
                Self::Unknown(value)
            }
        }

        impl $crate::Place for $type {
            #[inline]
            fn read(&mut self, reader: &mut $crate::Reader<'_>) -> ::core::result::Result<(), $crate::Fault> {
                *self = $crate::private::read_union(reader)?;
                ::core::result::Result::Ok(())
            }

            #[inline]
            fn accepts() -> $crate::Accepts {
                $crate::Accepts::Union(<Self as $crate::Union>::ALTERNATIVES)
            }
        }

        impl $crate::Field for $type {
            #[inline]
            fn view(&self) -> $crate::View<'_> {
                match self {
                    $(Self::$variant(value) => $crate::Field::view(value),)*
                    Self::Unknown(value) => $crate::View::Json(value),
                }
            }
        }

        impl ::core::cmp::PartialEq for $type {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                ::core::mem::discriminant(self) == ::core::mem::discriminant(other)
                    && $crate::private::same($crate::Field::view(self), $crate::Field::view(other))
            }
        }

        impl ::core::default::Default for $type {
            #[inline]
            fn default() -> Self {
                Self::Unknown($crate::Value::Null)
            }
        }

        $crate::__serde!($type);
    };
}

/// The tag that names an alternative.
#[doc(hidden)]
#[macro_export]
macro_rules! __tag {
    () => {
        ::core::option::Option::None
    };
    ($key:literal $text:literal) => {
        ::core::option::Option::Some(($key, $text))
    };
}
