//! The rules: each kind of change with its two verdicts, and the reason for them.
//!
//! The verdict on the wire says whether a client that was built from the old description keeps working with a server
//! that follows the new one. The client is a generated crate: it keeps unknown keys and unknown values, and accepts a
//! response field that is absent or null wherever its type is an `Option`. The verdict in Rust says whether code that
//! compiles with the old crate compiles with the new one: structs and enums are `#[non_exhaustive]`, required values
//! are positional arguments, and everything else is a setter.

use std::fmt::{self, Write as _};

/// The effect of a change on deployed clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wire {
    /// They keep working.
    Compatible,
    /// They send requests that are rejected, or no longer find what they read.
    Breaking,
}

impl fmt::Display for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Compatible => "compatible",
            Self::Breaking => "breaking",
        })
    }
}

/// The kind of release of the generated crate that a change requires.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rust {
    /// The public items are unchanged.
    Patch,
    /// Public items were added.
    Minor,
    /// Code that uses public items may no longer compile.
    Major,
}

impl fmt::Display for Rust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        })
    }
}

/// A kind of change.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name in kebab case. Reports and JSON contain it, so it must not change.
    pub id: &'static str,
    /// What happened; reports write it after the name of the subject.
    pub change: &'static str,
    /// On the wire.
    pub wire: Wire,
    /// In Rust.
    pub rust: Rust,
    /// The reason for the verdicts.
    pub why: &'static str,
    /// What users have to do; empty where nothing is needed.
    pub advice: &'static str,
}

macro_rules! rules {
    ($($name:ident $id:literal, $change:literal, $wire:ident, $rust:ident, $why:literal, $advice:literal;)*) => {
        $(
            #[doc = $change]
            pub static $name: Rule = Rule { id: $id, change: $change, wire: Wire::$wire, rust: Rust::$rust, why: $why, advice: $advice };
        )*

        /// Every rule, in the order of the documentation.
        pub static RULES: &[&Rule] = &[$(&$name),*];
    };
}

rules! {
    OPERATION_ADDED "operation-added", "is new", Compatible, Minor,
        "nobody calls it yet; a method is added to a handle", "";
    OPERATION_REMOVED "operation-removed", "is gone", Breaking, Major,
        "calls are answered with 404; the method and its type go", "Remove the calls, or stay with the old version for them.";
    OPERATION_RENAMED "operation-renamed", "has another name in Rust", Compatible, Major,
        "method and path stay; the handle's method has another name", "Call it by its new name.";
    OPERATION_RENAMED_ALIASED "operation-renamed-aliased", "has another name in Rust besides its old one", Compatible, Minor,
        "method and path stay; the old name stays as a method that calls the new one", "";
    ALIAS_ADDED "alias-added", "has one more name in Rust", Compatible, Minor,
        "a method is added that calls the operation", "";
    ALIAS_REMOVED "alias-removed", "has lost one of its names in Rust", Compatible, Major,
        "the method of that name goes; the operation stays", "Call it by its first name.";
    IDS_CHANGED "ids-changed", "takes its ids by other names", Compatible, Major,
        "of three or more ids in a row those after the first are fields of a struct; only their values are sent", "Name the ids as the struct does now.";
    SHORTHAND_ADDED "shorthand-added", "has one more shorthand in Rust", Compatible, Minor,
        "a method is added that sends the operation with a part of its body filled in", "";
    SHORTHAND_REMOVED "shorthand-removed", "has lost a shorthand in Rust", Compatible, Major,
        "the method goes; the operation that it sent stays", "Call the operation with the whole body.";
    SHORTHAND_CHANGED "shorthand-changed", "has a shorthand in Rust with other arguments", Compatible, Major,
        "the method takes other arguments, or takes them in another order", "Pass the arguments as they are now.";
    OPERATION_ID_CHANGED "operation-id-changed", "has another operation id", Compatible, Patch,
        "the id is not sent; it shows in errors and in the link to the reference", "";
    OPERATION_DEPRECATED "operation-deprecated", "is deprecated", Compatible, Minor,
        "it still answers; calls compile with a warning", "Plan to do without it: it may be gone in the next version.";
    OPERATION_UNDEPRECATED "operation-undeprecated", "is no longer deprecated", Compatible, Patch,
        "a warning goes away", "";
    OPERATION_RETRY_CHANGED "operation-retry-changed", "is retried by another rule", Compatible, Patch,
        "the same request; only what happens after a lost connection differs", "";
    GROUP_ADDED "group-added", "is a new group", Compatible, Minor,
        "a handle and a cargo feature are added", "";
    GROUP_REMOVED "group-removed", "is no longer a group", Compatible, Major,
        "its operations are listed by themselves; the handle and the cargo feature go", "Remove the feature from your Cargo.toml.";

    PATH_PARAMETER_RENAMED "path-parameter-renamed", "has another name in the path", Compatible, Patch,
        "only its value is sent; in Rust it is positional", "";
    PARAMETER_ADDED "parameter-added", "is a new parameter", Compatible, Minor,
        "requests without it stay valid; a setter is added", "";
    PARAMETER_ADDED_REQUIRED "parameter-added-required", "is a new required parameter", Breaking, Major,
        "requests without it are refused; it is an argument", "Pass the new argument.";
    PARAMETER_REMOVED "parameter-removed", "is gone", Breaking, Major,
        "what it asked for is no longer done; its setter or argument goes", "Remove it from the call.";
    PARAMETER_NOW_REQUIRED "parameter-now-required", "is required now", Breaking, Major,
        "requests without it are refused; the setter becomes an argument", "Pass it as an argument.";
    PARAMETER_NOW_OPTIONAL "parameter-now-optional", "is optional now", Compatible, Major,
        "requests that have it stay valid; the argument becomes a setter", "Set it with its setter.";
    PARAMETER_TYPE_WIDENED "parameter-type-widened", "takes more than before", Compatible, Major,
        "what was sent is still taken; the argument has another type", "Pass a value of the new type.";
    PARAMETER_TYPE_CHANGED "parameter-type-changed", "has another type", Breaking, Major,
        "what was sent may be refused; the argument has another type", "Pass a value of the new type.";
    PARAMETER_MOVED "parameter-moved", "goes elsewhere in the request", Breaking, Patch,
        "the server no longer looks where clients put it; the setter stays", "Upgrade the crate before the server changes.";
    PARAMETER_CONSTANT_CHANGED "parameter-constant-changed", "has another fixed value", Breaking, Patch,
        "the old value may be refused; the crate sends the new one by itself", "Upgrade the crate before the server changes.";
    ARGUMENT_ORDER "argument-order", "takes its arguments in another order", Compatible, Major,
        "names on the wire do not depend on order; arguments do, even where both orders compile", "Check the order of the arguments.";

    REQUEST_BODY_ADDED "request-body-added", "takes a body now", Compatible, Minor,
        "nothing in it is required; setters are added", "";
    REQUEST_BODY_ADDED_REQUIRED "request-body-added-required", "asks for a body now", Breaking, Major,
        "requests without it are refused; what it requires are arguments", "Pass the new arguments.";
    REQUEST_BODY_REMOVED "request-body-removed", "takes no body any more", Breaking, Major,
        "what was sent has no effect; setters and arguments go", "Remove what you set in the body.";
    REQUEST_BODY_WIDENED "request-body-widened", "takes another type that fits what was sent", Compatible, Major,
        "bodies that were valid stay valid; the type has another name or takes more", "Make the body of the new type.";
    REQUEST_BODY_CHANGED "request-body-changed", "takes a body of another type", Breaking, Major,
        "bodies that were valid may be refused; arguments and setters are those of the new type", "Make the body of the new type.";
    PART_ADDED "part-added", "is a new part of the form", Compatible, Minor,
        "forms without it stay valid; a setter is added", "";
    PART_ADDED_REQUIRED "part-added-required", "is a new required part of the form", Breaking, Major,
        "forms without it are refused; it is an argument", "Pass the new argument.";
    PART_REMOVED "part-removed", "is no longer a part of the form", Breaking, Major,
        "what was sent has no effect; its setter goes", "Remove it.";
    PART_NOW_REQUIRED "part-now-required", "is a required part now", Breaking, Major,
        "forms without it are refused; the setter becomes an argument", "Pass it as an argument.";
    PART_NOW_OPTIONAL "part-now-optional", "is an optional part now", Compatible, Major,
        "forms that have it stay valid; the argument becomes a setter", "Set it instead of passing it.";
    PART_TYPE_CHANGED "part-type-changed", "is a part of another type", Breaking, Major,
        "what was sent may be refused; the setter takes another type", "Set a value of the new type.";

    RESPONSE_NARROWED "response-narrowed", "is answered with another type that holds what the old one did", Compatible, Major,
        "clients find what they read; the type in Rust is another one", "Use the new type where you name it.";
    RESPONSE_CHANGED "response-changed", "is answered with another type", Breaking, Major,
        "clients do not find what they read; the type in Rust is another one", "Read the answer from the new type.";
    ERROR_RESPONSE_CHANGED "error-response-changed", "is declared in another way", Compatible, Patch,
        "errors are taken in whatever shape they come; there is one error type", "";

    PAGING_ADDED "paging-added", "pages", Compatible, Minor,
        "a call without a cursor gets the first page; streams of items and pages are added", "";
    PAGING_ADDED_PAGE "paging-added-page", "pages, by the number of a page", Compatible, Major,
        "a call without the number gets the first page; the setter `page` becomes `starting_at`, since `page` asks for one page",
        "Replace `.page(n)` by `.starting_at(n)`.";
    PAGING_REMOVED "paging-removed", "no longer pages", Breaking, Major,
        "cursors have no effect; the streams go", "Read the list from the answer.";
    PAGING_CHANGED "paging-changed", "pages in another way", Breaking, Patch,
        "clients follow a cursor that is no longer there; the streams have the same signatures", "Upgrade the crate before the server changes.";
    PAGING_LIMIT_CHANGED "paging-limit-changed", "counts or limits pages in another way", Compatible, Patch,
        "the pages can still be followed; the streams have the same signatures", "";
    PAGING_ITEM_CHANGED "paging-item-changed", "has items of another type", Compatible, Major,
        "the answer's own change says what it does on the wire; the streams give another type", "Use the new type of the items.";
    SEARCH_FIELD_ADDED "search-field-added", "can be searched for", Compatible, Minor,
        "searches without it stay valid; a function is added", "";
    SEARCH_FIELD_REMOVED "search-field-removed", "can no longer be searched for", Breaking, Major,
        "searches with it are refused; its function goes", "Search by another field.";
    SEARCH_FIELD_CHANGED "search-field-changed", "is searched for by values of another type", Breaking, Major,
        "searches may be refused; its operators take another type", "Compare it with a value of the new type.";
    SEARCH_OPERATOR_ADDED "search-operator-added", "takes more operators", Compatible, Patch,
        "searches stay valid; every field has all methods, which are checked when the request is sent", "";
    SEARCH_OPERATOR_REMOVED "search-operator-removed", "takes fewer operators", Breaking, Patch,
        "searches with them are refused; they compile, and fail when the request is sent", "Search with another operator.";

    TYPE_ADDED "type-added", "is a new type", Compatible, Minor,
        "what uses it is listed by itself; an item is added", "";
    TYPE_REMOVED "type-removed", "is no longer a type", Compatible, Major,
        "what used it is listed by itself; an item goes", "Remove the uses of the type.";
    TYPE_RENAMED "type-renamed", "has another name in Rust", Compatible, Major,
        "names of types are not sent", "Use the new name.";
    TYPE_WIDENED "type-widened", "is another kind of type, with room for what the old one held", Compatible, Major,
        "what was valid stays valid; the Rust type is another one", "Use it as the type that it is now.";
    TYPE_KIND_CHANGED "type-kind-changed", "is another kind of type", Breaking, Major,
        "what was valid may not be; the Rust type is another one", "Use it as the type that it is now.";
    TYPE_NOW_SENT "type-now-sent", "is sent now, too", Compatible, Minor,
        "responses stay as they are; the type gets a constructor and setters", "";
    TYPE_NO_LONGER_SENT "type-no-longer-sent", "is no longer sent", Compatible, Major,
        "the operations that sent it are listed by themselves; constructor and setters go", "Remove the code that makes values of it.";

    REQUEST_FIELD_ADDED "request-field-added", "can be sent", Compatible, Minor,
        "requests without it stay valid; a setter is added", "";
    REQUEST_FIELD_ADDED_REQUIRED "request-field-added-required", "must be sent", Breaking, Major,
        "requests without it are refused; it is an argument", "Pass the new argument.";
    REQUEST_CONSTANT_REQUIRED "request-constant-required", "must be sent, with its only value", Breaking, Minor,
        "requests without it are refused; the crate sends it by itself", "Upgrade the crate before the server changes.";
    REQUEST_CONSTANT_OPTIONAL "request-constant-optional", "need not be sent any more, with its only value", Compatible, Patch,
        "requests that have it stay valid; the crate sent it by itself, and no longer does", "";
    REQUEST_FIELD_REMOVED "request-field-removed", "can no longer be sent", Breaking, Major,
        "what was sent has no effect or is refused; its setter or argument goes", "Remove it from the request.";
    REQUEST_FIELD_NOW_REQUIRED "request-field-now-required", "must be sent now", Breaking, Major,
        "requests without it are refused; the setter becomes an argument", "Pass it as an argument.";
    REQUEST_FIELD_NOW_OPTIONAL "request-field-now-optional", "need not be sent any more", Compatible, Major,
        "requests that have it stay valid; the argument becomes a setter", "Set it with its setter.";
    REQUEST_FIELD_NOW_NULLABLE "request-field-now-nullable", "can be sent as null", Compatible, Minor,
        "what was sent stays valid; a `clear_…` method is added", "";
    REQUIRED_FIELD_NOW_NULLABLE "required-field-now-nullable", "must be sent, but may be null now", Compatible, Major,
        "what was sent stays valid; the struct's field becomes an `Option`", "Wrap the value in `Some` where you write the field itself.";
    REQUEST_FIELD_NOT_NULLABLE "request-field-not-nullable", "can no longer be sent as null", Breaking, Major,
        "null is refused; the `clear_…` method goes, or the field is no `Option` any more", "Leave it out, or send a value.";
    REQUEST_FIELD_TYPE_WIDENED "request-field-type-widened", "takes more than before", Compatible, Major,
        "what was sent is still taken; the setter takes another type", "Pass a value of the new type.";
    REQUEST_FIELD_TYPE_CHANGED "request-field-type-changed", "takes another type", Breaking, Major,
        "what was sent may be refused; the setter takes another type", "Pass a value of the new type.";
    REQUEST_FORM_CHANGED "request-form-changed", "is sent in another form", Breaking, Patch,
        "the other form may be refused; the crate sends ids in the form that is declared, whatever they were made of", "Upgrade the crate before the server changes.";
    REQUEST_CONSTANT_CHANGED "request-constant-changed", "is sent with another fixed value", Breaking, Patch,
        "the old value may be refused; the crate sends the new one by itself", "Upgrade the crate before the server changes.";
    REQUEST_CONSTANT_FREED "request-constant-freed", "is no longer fixed to one value", Compatible, Major,
        "the one value stays valid; where it is required it becomes an argument", "Pass it as an argument.";
    REQUEST_CONSTANT_FIXED "request-constant-fixed", "is fixed to one value", Breaking, Major,
        "other values are refused; the argument or setter goes", "Remove it from the call.";
    CONSTRUCTOR_ADDED "constructor-added", "can be made in one more way", Compatible, Minor,
        "what was sent stays valid; a constructor is added", "";
    CONSTRUCTOR_REMOVED "constructor-removed", "can be made in one way less", Breaking, Major,
        "requests of that shape are refused; the constructor goes", "Make it with another constructor.";

    RESPONSE_FIELD_ADDED "response-field-added", "comes back, too", Compatible, Minor,
        "clients keep keys that they do not know; structs are non-exhaustive", "";
    RESPONSE_FIELD_REMOVED "response-field-removed", "no longer comes back", Breaking, Major,
        "clients that read it find nothing; the field goes", "Do without it, or look for it in `extra`.";
    RESPONSE_FIELD_NOW_OPTIONAL "response-field-now-optional", "may be missing or null now", Breaking, Major,
        "clients count on it; the field becomes an `Option`", "Handle `None`.";
    RESPONSE_FIELD_NOW_PRESENT "response-field-now-present", "is always there now", Compatible, Major,
        "clients that can do without it work on; the field is no `Option` any more", "Remove the handling of `None`.";
    RESPONSE_FIELD_PRESENCE "response-field-presence", "is said to be required, or null, in another way", Compatible, Patch,
        "the field is an `Option` before and after, which takes a value, null and nothing", "";
    RESPONSE_FIELD_TYPE_NARROWED "response-field-type-narrowed", "comes back as a type that fits the old one", Compatible, Major,
        "clients can read it as before; the field has another type", "Use the new type.";
    RESPONSE_FIELD_TYPE_CHANGED "response-field-type-changed", "comes back as another type", Breaking, Major,
        "clients cannot read it and set it aside as a mismatch; the field has another type", "Use the new type.";
    RESPONSE_FORM_CHANGED "response-form-changed", "comes back in another form", Compatible, Patch,
        "an id or a point in time that was text and is a number, or the other way round: the type in Rust takes both", "";
    RESPONSE_CONSTANT_CHANGED "response-constant-changed", "comes back with another fixed value", Breaking, Patch,
        "clients that compare it or tell types apart by it fail; the field stays text", "Compare it with the new value.";

    FIELD_RENAMED "field-renamed", "has another name in Rust", Compatible, Major,
        "the key stays; the struct's field has another name", "Use the new name.";
    FIELD_BOXED "field-boxed", "is boxed, or no longer", Compatible, Major,
        "JSON knows no boxes; the field has another type", "Add or remove the `*` or `Box::new`.";
    FIELD_OPTION_CHANGED "field-option-changed", "is an `Option`, or no longer", Compatible, Major,
        "the key stays as it was, its type is used in other places now; the struct's field has another type", "Add or remove `Some`.";
    FIELD_DEPRECATED "field-deprecated", "is deprecated", Compatible, Minor,
        "it still works; uses compile with a warning", "Plan to do without it: it may be gone in the next version.";
    FIELD_UNDEPRECATED "field-undeprecated", "is no longer deprecated", Compatible, Patch,
        "a warning goes away", "";

    REQUEST_VALUE_ADDED "request-value-added", "can be sent", Compatible, Minor,
        "the other values stay valid; a variant is added to a non-exhaustive enum", "";
    REQUEST_VALUE_REMOVED "request-value-removed", "can no longer be sent", Breaking, Major,
        "the value is refused; the variant goes", "Send another value.";
    RESPONSE_VALUE_ADDED "response-value-added", "may come back", Compatible, Minor,
        "clients keep unknown values as text; a variant is added to a non-exhaustive enum", "";
    RESPONSE_VALUE_REMOVED "response-value-removed", "no longer comes back", Compatible, Major,
        "clients that expect it wait in vain, but none fails; the variant goes", "Remove the arm that matches it.";
    VARIANT_RENAMED "variant-renamed", "has another name in Rust", Compatible, Major,
        "the value stays; the variant has another name", "Use the new name.";

    REQUEST_MEMBER_ADDED "request-member-added", "can be sent as an alternative", Compatible, Minor,
        "the others stay valid; a variant is added to a non-exhaustive enum", "";
    REQUEST_MEMBER_REMOVED "request-member-removed", "is no longer an alternative to send", Breaking, Major,
        "it is refused; the variant goes", "Send another alternative.";
    RESPONSE_MEMBER_ADDED "response-member-added", "may come back as an alternative", Compatible, Minor,
        "clients keep what fits no alternative as it came; a variant is added to a non-exhaustive enum", "";
    RESPONSE_MEMBER_REMOVED "response-member-removed", "no longer comes back as an alternative", Compatible, Major,
        "clients that expect it wait in vain, but none fails; the variant goes", "Remove the arm that matches it.";
    MEMBER_WIDENED "member-widened", "is an alternative of another type, with room for the old one", Compatible, Major,
        "what was valid stays valid; the variant holds another type", "Put a value of the new type into the variant.";
    MEMBER_CHANGED "member-changed", "is an alternative of another type", Breaking, Major,
        "what was valid may not be; the variant holds another type", "Put a value of the new type into the variant.";
    CONVERSION_REMOVED "conversion-removed", "no longer converts into the union by itself", Compatible, Major,
        "two alternatives have the same type now, so `From` cannot tell them apart", "Write the variant.";
}

/// The rule of a name.
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id == id)
}

/// The rules as a Markdown table, for the documentation.
pub fn table() -> String {
    let mut text = String::from("| rule | what happens | on the wire | in Rust | because |\n|---|---|---|---|---|\n");
    for rule in RULES {
        let _ = writeln!(text, "| `{}` | {} | {} | {} | {} |", rule.id, rule.change, rule.wire, rule.rust, rule.why);
    }
    text
}
