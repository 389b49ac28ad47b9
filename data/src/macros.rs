//! Macros that generated code calls for the impls that have the same form for every type. Not part of the public interface.
//!
//! Functions without type parameters are `#[inline]`, here and in other generated code. A release build then does not compile them with
//! the generated crate, but with the program, and only those that the program uses.
//!
//! Most impls that every type has are hidden on the page of each type, where they would take more room than the type. The documentation
//! of the module `types` mentions them once.

/// Implements [`Object`](crate::Object) for a struct, with serde's traits, equality, `Debug` and `Default`. The arguments begin with
/// properties of the type and of fields; a field is given by its number. Then follow the fields: number, key, and name in Rust.
#[doc(hidden)]
#[macro_export]
macro_rules! object {
    (
        $type:ident;
        $(nullable $nullable:literal;)?
        $(required $($required:literal),*;)?
        $(list $list:literal;)?
        $(text_ids $($text_id:literal),*;)?
        $(integer_ids $($integer_id:literal),*;)?
        $(tag $tag:literal $text:literal;)*
        $($number:literal $wire:literal $field:ident;)*
    ) => {
        #[allow(deprecated)]
        #[doc(hidden)]
        impl $crate::Object for $type {
            #[inline]
            fn shape() -> &'static $crate::Shape {
                const {
                    &$crate::Shape::new(::core::stringify!($type), &[$(::core::concat!("\"", $wire, "\":")),*])
                        $(.required(&[$($required),*]))?
                        $(.list($list))?
                        $(.nullable($nullable))?
                        $(.text_ids(&[$($text_id),*]))?
                        $(.integer_ids(&[$($integer_id),*]))?
                        .tags(&[$(($tag, $text)),*])
                }
            }

            #[inline]
            fn read_field(
                &mut self,
                field: usize,
                reader: &mut $crate::Reader<'_>,
            ) -> ::core::result::Result<(), $crate::ReadError> {
                match field {
                    $($number => $crate::Place::read(&mut self.$field, reader),)*
                    _ => reader.no_field(),
                }
            }

            #[inline]
            fn extra_mut(&mut self) -> &mut $crate::Extra {
                &mut self.extra
            }

            #[inline]
            fn fields<'a>(&'a self, fields: &mut $crate::Fields<'a, '_>) {
                fields.visit(&self.extra);
                $(fields.visit(&self.$field);)*
            }
        }

        #[allow(deprecated)]
        #[doc(hidden)]
        impl $crate::ConstDefault for $type {
            const DEFAULT: Self = Self { $($field: $crate::ConstDefault::DEFAULT,)* extra: $crate::ConstDefault::DEFAULT };
        }

        $crate::__default!($type);

        #[doc(hidden)]
        impl ::core::cmp::PartialEq for $type {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                $crate::private::equal(self, other)
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

/// Implements `Default` with [`ConstDefault::DEFAULT`](crate::ConstDefault::DEFAULT).
#[doc(hidden)]
#[macro_export]
macro_rules! __default {
    ($type:ident) => {
        impl ::core::default::Default for $type {
            #[inline]
            fn default() -> Self {
                <Self as $crate::ConstDefault>::DEFAULT
            }
        }
    };
}

/// Implements serde's traits with the reader and the view, and adds `from_json`.
#[doc(hidden)]
#[macro_export]
macro_rules! __serde {
    ($type:ident) => {
        impl $type {
            /// Decodes JSON text, such as a file or the body of a webhook. Values that do not fit are reported as mismatches.
            ///
            /// # Errors
            /// If the text is not JSON, or does not have the JSON type of this type.
            #[inline]
            pub fn from_json(json: &[u8]) -> ::core::result::Result<$crate::Decoded<Self>, $crate::DecodeError> {
                $crate::from_slice(json, $crate::Decoding::Tolerant)
            }
        }

        #[doc(hidden)]
        impl $crate::serde::Serialize for $type {
            fn serialize<S: $crate::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                $crate::private::serialize(self, serializer)
            }
        }

        #[doc(hidden)]
        impl<'de> $crate::serde::Deserialize<'de> for $type {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::private::deserialize(deserializer)
            }
        }
    };
}

/// Implements [`TextEnum`](crate::TextEnum) for an enum, with serde's traits, equality, hashing, `Default` and conversions. The arguments
/// are the variants: number, name, and text.
#[doc(hidden)]
#[macro_export]
macro_rules! text_enum {
    ($type:ident; $($number:literal $variant:ident $text:literal;)*) => {
        #[doc(hidden)]
        impl $crate::TextEnum for $type {
            #[inline]
            fn texts() -> &'static [&'static str] {
                &[$($text),*]
            }

            #[inline]
            fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Unknown(text) => text,
                }
            }

            #[inline]
            fn set(&mut self, variant: usize, text: &mut ::std::string::String) {
                let value = match variant {
                    $($number => Self::$variant,)*
                    _ => Self::Unknown(::core::mem::take(text)),
                };
                // For `*self = …` the compiler would also emit code that cleans up if dropping the old value panics.
                ::core::mem::drop(::core::mem::replace(self, value));
            }
        }

        #[doc(hidden)]
        impl $crate::Place for $type {
            #[inline]
            fn read(&mut self, reader: &mut $crate::Reader<'_>) -> ::core::result::Result<(), $crate::ReadError> {
                $crate::private::read_text(self, <Self as $crate::TextEnum>::texts(), reader)
            }

            #[inline]
            fn accepts() -> $crate::Accepts {
                $crate::Accepts::Text
            }
        }

        #[doc(hidden)]
        impl $crate::Encode for $type {
            #[inline]
            fn view(&self) -> $crate::View<'_> {
                $crate::View::Text(self.as_str())
            }
        }

        #[doc(hidden)]
        impl ::core::cmp::PartialEq for $type {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                self.as_str() == other.as_str()
            }
        }

        #[doc(hidden)]
        impl ::core::cmp::Eq for $type {}

        #[doc(hidden)]
        impl ::core::hash::Hash for $type {
            fn hash<H: ::core::hash::Hasher>(&self, state: &mut H) {
                ::core::hash::Hash::hash(self.as_str(), state);
            }
        }

        #[doc(hidden)]
        impl $crate::serde::Serialize for $type {
            fn serialize<S: $crate::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::core::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        #[doc(hidden)]
        impl<'de> $crate::serde::Deserialize<'de> for $type {
            fn deserialize<D: $crate::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::core::result::Result<Self, D::Error> {
                $crate::private::deserialize(deserializer)
            }
        }

        #[doc(hidden)]
        impl $crate::ConstDefault for $type {
            const DEFAULT: Self = Self::Unknown(::std::string::String::new());
        }

        $crate::__default!($type);

        impl $type {
            /// The value as it is written in JSON.
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
                $crate::private::from_text(text)
            }
        }
    };
}

/// Implements [`Union`](crate::Union) for an enum, with serde's traits, equality and `Default`. The arguments are the key of the tag,
/// empty if there is none, and the variants: number, name, and the texts of the tag that select it.
#[doc(hidden)]
#[macro_export]
macro_rules! union_enum {
    ($type:ident $tag:literal; $($number:literal $variant:ident $($text:literal)*;)*) => {
        #[doc(hidden)]
        impl $crate::Union for $type {
            #[inline]
            fn alternatives() -> &'static [$crate::Alternative] {
                const {
                    &[$($crate::Alternative::new(
                        ::core::stringify!($variant),
                        $crate::private::accepts_of(Self::$variant),
                        ($tag, &[$($text),*]),
                    )),*]
                }
            }

            #[inline]
            fn choose(&mut self, alternative: usize) -> &mut dyn $crate::Place {
                *self = match alternative {
                    $($number => Self::$variant(::core::default::Default::default()),)*
                    _ => Self::Unknown($crate::Value::Null),
                };
                match self {
                    $(Self::$variant(value) => value,)*
                    Self::Unknown(value) => value,
                }
            }

            #[inline]
            fn set_unknown(&mut self, value: $crate::Value) {
                *self = Self::Unknown(value);
            }
        }

        #[doc(hidden)]
        impl $crate::Place for $type {
            #[inline]
            fn read(&mut self, reader: &mut $crate::Reader<'_>) -> ::core::result::Result<(), $crate::ReadError> {
                let alternatives = <Self as $crate::Union>::alternatives();
                $crate::private::read_union(self, ::core::stringify!($type), alternatives, reader)
            }

            #[inline]
            fn accepts() -> $crate::Accepts {
                $crate::Accepts::Union(<Self as $crate::Union>::alternatives())
            }
        }

        #[doc(hidden)]
        impl $crate::Encode for $type {
            #[inline]
            fn view(&self) -> $crate::View<'_> {
                match self {
                    $(Self::$variant(value) => $crate::Encode::view(value),)*
                    Self::Unknown(value) => $crate::View::Json(value),
                }
            }
        }

        #[doc(hidden)]
        impl ::core::cmp::PartialEq for $type {
            #[inline]
            fn eq(&self, other: &Self) -> bool {
                ::core::mem::discriminant(self) == ::core::mem::discriminant(other)
                    && $crate::private::same($crate::Encode::view(self), $crate::Encode::view(other))
            }
        }

        #[doc(hidden)]
        impl $crate::ConstDefault for $type {
            const DEFAULT: Self = Self::Unknown($crate::Value::Null);
        }

        $crate::__default!($type);

        $crate::__serde!($type);
    };
}
