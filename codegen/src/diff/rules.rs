//! The rules: each kind of change with its two verdicts, and the reason for them.
//!
//! The verdict on the wire says whether a client that was built from the old description keeps working with a server
//! that follows the new one. The client is a generated crate: it keeps unknown keys and unknown values, and accepts a
//! response field that is absent or null wherever its type is an `Option`. The verdict in Rust says whether code that
//! compiles with the old crate compiles with the new one and does the same: the structs and enums of the module `types`
//! are `#[non_exhaustive]`, required values are arguments, and optional ones have setters.

use std::fmt::{self, Write as _};

/// The effect of a change on deployed clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Wire {
    /// They keep working.
    Compatible,
    /// Some of their requests may be rejected or have no effect, or they may no longer find what they read.
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
pub enum SemverLevel {
    /// The public items are unchanged.
    Patch,
    /// Public items were added or deprecated.
    Minor,
    /// Code that uses public items may no longer compile, or may do something else.
    Major,
}

impl fmt::Display for SemverLevel {
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
    /// Its name in kebab case. Programs read it in the JSON report, so it must not change.
    pub id: &'static str,
    /// What happened, as a phrase without a subject; reports write it after the subject or its part.
    pub change: &'static str,
    /// The verdict on the wire.
    pub wire: Wire,
    /// The verdict in Rust.
    pub rust: SemverLevel,
    /// The reason for the verdicts: that on the wire, a semicolon, that in Rust.
    pub why: &'static str,
    /// What users should do; empty if nothing is needed.
    pub advice: &'static str,
}

macro_rules! rules {
    ($($name:ident $id:literal, $change:literal, $wire:ident, $rust:ident, $why:literal, $advice:literal;)*) => {
        $(
            #[doc = $change]
            pub static $name: Rule = Rule { id: $id, change: $change, wire: Wire::$wire, rust: SemverLevel::$rust, why: $why, advice: $advice };
        )*

        /// Every rule, in the order of the documentation.
        pub static RULES: &[&Rule] = &[$(&$name),*];
    };
}

rules! {
    OPERATION_ADDED "operation-added", "added", Compatible, Minor,
        "no client calls it yet; a method is added to a handle", "";
    OPERATION_REMOVED "operation-removed", "removed", Breaking, Major,
        "calls fail, usually with status 404; the method and its type are removed",
        "Remove the calls, or keep using the old version for them.";
    OPERATION_RENAMED "operation-renamed", "renamed in Rust", Compatible, Major,
        "HTTP method and path are unchanged; the method has another name, or is on another handle", "Call it by its new name.";
    OPERATION_RENAMED_ALIASED "operation-renamed-aliased", "renamed in Rust, with the old name as an alias", Compatible, Minor,
        "HTTP method and path are unchanged; a method with the old name calls the new one", "";
    ALIAS_ADDED "alias-added", "added as an alias", Compatible, Minor,
        "nothing that is sent changes; a method that calls the operation is added", "";
    ALIAS_REMOVED "alias-removed", "removed as an alias", Compatible, Major,
        "the operation is unchanged; the method of that name is removed", "Call it by its main name.";
    IDS_CHANGED "ids-changed", "names of its ids changed", Compatible, Major,
        "only the values of the ids are sent; the struct that takes all ids after the first has fields with other names",
        "Use the new names of the struct's fields.";
    SHORTHAND_ADDED "shorthand-added", "added as a shorthand", Compatible, Minor,
        "nothing that is sent changes; a method that sends the operation with some fields of the body set is added", "";
    SHORTHAND_REMOVED "shorthand-removed", "removed as a shorthand", Compatible, Major,
        "the operation that it sent is unchanged; the method is removed", "Call the operation with the whole body.";
    SHORTHAND_CHANGED "shorthand-changed", "arguments of the shorthand changed", Compatible, Major,
        "old clients send what they sent before; the method has arguments for other fields, or in another order, and calls still compile if the types are the same",
        "Pass the new arguments.";
    SHORTHAND_VALUES_CHANGED "shorthand-values-changed", "values of the shorthand changed", Compatible, Major,
        "old clients send what they sent before; calls still compile and then send other values",
        "Check that it still does what you call it for.";
    OPERATION_ID_CHANGED "operation-id-changed", "operation id changed", Compatible, Patch,
        "the id is not sent; `operations::find` accepts the new id instead of the old one, and the link to the reference changes", "";
    OPERATION_DEPRECATED "operation-deprecated", "deprecated", Compatible, Minor,
        "it still works; calls compile with a warning", "Plan to stop using it: it may be removed in the next version.";
    OPERATION_UNDEPRECATED "operation-undeprecated", "no longer deprecated", Compatible, Patch,
        "nothing that is sent changes; a compiler warning disappears", "";
    OPERATION_RETRY_CHANGED "operation-retry-changed", "retry behavior changed", Compatible, Patch,
        "the request is the same; only whether it is retried after a temporary failure, such as a lost connection, differs", "";
    GROUP_ADDED "group-added", "added", Compatible, Minor,
        "its operations are reported separately; a handle and a cargo feature are added", "";
    GROUP_REMOVED "group-removed", "removed", Compatible, Major,
        "its operations are reported separately; the handle and the cargo feature are removed",
        "Remove the feature from your Cargo.toml.";

    PATH_PARAMETER_RENAMED "path-parameter-renamed", "renamed in the path", Compatible, Patch,
        "only its value is sent; new names of ids in a struct are reported separately", "";
    PARAMETER_ADDED "parameter-added", "added", Compatible, Minor,
        "requests without it stay valid; a setter is added", "";
    PARAMETER_ADDED_REQUIRED "parameter-added-required", "added and required", Breaking, Major,
        "requests without it are rejected; it is an argument", "Pass the new argument.";
    PARAMETER_REMOVED "parameter-removed", "removed", Breaking, Major,
        "the server ignores or rejects it; its setter or argument is removed", "Remove it from the call.";
    PARAMETER_NOW_REQUIRED "parameter-now-required", "now required", Breaking, Major,
        "requests without it are rejected; it becomes an argument", "Pass it as an argument.";
    PARAMETER_NOW_OPTIONAL "parameter-now-optional", "now optional", Compatible, Major,
        "requests that have it stay valid; the argument becomes a setter", "Set it with its setter.";
    PARAMETER_TYPE_WIDENED "parameter-type-widened", "type widened", Compatible, Major,
        "values that were valid stay valid; the argument or setter has another type", "Pass a value of the new type.";
    PARAMETER_TYPE_CHANGED "parameter-type-changed", "type changed", Breaking, Major,
        "values that were valid may be rejected; the argument or setter has another type, or is removed where there is one fixed value now", "Pass a value of the new type; if there is one fixed value now, remove it from the call.";
    PARAMETER_MOVED "parameter-moved", "sent in another place or encoding", Breaking, Patch,
        "the server no longer reads it as old clients send it; the argument or setter is unchanged",
        "Upgrade the crate before the server changes.";
    PARAMETER_CONSTANT_ADDED "parameter-constant-added", "added, with one fixed value", Compatible, Patch,
        "requests without it stay valid; the crate sends it", "";
    PARAMETER_CONSTANT_REQUIRED "parameter-constant-required", "added and required, with one fixed value", Breaking, Patch,
        "requests without it are rejected; the crate sends it without a change of your code",
        "Upgrade the crate before the server changes.";
    PARAMETER_CONSTANT_REMOVED "parameter-constant-removed", "removed, with its fixed value", Breaking, Patch,
        "the server ignores or rejects it; the crate no longer sends it",
        "Upgrade the crate before the server changes.";
    PARAMETER_CONSTANT_CHANGED "parameter-constant-changed", "fixed value changed", Breaking, Patch,
        "the old value may be rejected; the crate sends the new one without a change of your code",
        "Upgrade the crate before the server changes.";
    PARAMETER_CONSTANT_FREED "parameter-constant-freed", "no longer fixed to one value, and required", Compatible, Major,
        "the one value stays valid; an argument is added", "Pass the new argument.";
    PARAMETER_CONSTANT_FREED_OPTIONAL "parameter-constant-freed-optional", "no longer fixed to one value, and optional", Compatible, Minor,
        "the one value stays valid; a setter is added, and the crate sends the parameter only if it is set", "";
    ARGUMENT_ORDER "argument-order", "argument order changed", Compatible, Major,
        "the request is the same; code with the old order may still compile and then sends wrong values",
        "Check the order of the arguments.";

    REQUEST_BODY_ADDED "request-body-added", "body added, with nothing required in it", Compatible, Minor,
        "requests without it stay valid; setters are added", "";
    REQUEST_BODY_ADDED_REQUIRED "request-body-added-required", "body added, with required content", Breaking, Major,
        "requests without it are rejected; its required fields, or the body as a whole, are arguments", "Pass the new arguments.";
    REQUEST_BODY_REMOVED "request-body-removed", "body removed", Breaking, Major,
        "what was sent has no effect; setters and arguments are removed", "Remove what you set in the body.";
    REQUEST_BODY_WIDENED "request-body-widened", "body type widened", Compatible, Major,
        "bodies that were valid stay valid; the type has another name or accepts more", "Build the body from the new type.";
    REQUEST_BODY_CHANGED "request-body-changed", "body type changed", Breaking, Major,
        "bodies that were valid may be rejected; arguments and setters are those of the new type",
        "Build the body from the new type.";
    PART_ADDED "part-added", "added to the form", Compatible, Minor,
        "forms without it stay valid; a setter is added", "";
    PART_ADDED_REQUIRED "part-added-required", "added to the form and required", Breaking, Major,
        "forms without it are rejected; it is an argument", "Pass the new argument.";
    PART_REMOVED "part-removed", "removed from the form", Breaking, Major,
        "what was sent has no effect; its setter or argument is removed", "Remove it.";
    PART_NOW_REQUIRED "part-now-required", "now required in the form", Breaking, Major,
        "forms without it are rejected; it becomes an argument", "Pass it as an argument.";
    PART_NOW_OPTIONAL "part-now-optional", "now optional in the form", Compatible, Major,
        "forms that have it stay valid; the argument becomes a setter", "Set it with its setter instead.";
    PART_TYPE_CHANGED "part-type-changed", "type changed", Breaking, Major,
        "what was sent may be rejected; the setter or argument has another type", "Set a value of the new type.";

    RESPONSE_COMPATIBLE "response-compatible", "response type changed to a compatible one", Compatible, Major,
        "clients find everything that they read; the Rust type is another one", "Use the new type where you name it.";
    RESPONSE_CHANGED "response-changed", "response type changed", Breaking, Major,
        "clients may not find what they read; the Rust type is another one", "Read the response from the new type.";
    ERROR_RESPONSE_CHANGED "error-response-changed", "error response added, removed or changed", Compatible, Patch,
        "clients read the status as before; all errors are decoded into one error type, whatever their shape", "";

    PAGING_ADDED "paging-added", "pagination added", Compatible, Minor,
        "a call without a position gets the first page; streams of items and pages are added", "";
    PAGING_REMOVED "paging-removed", "pagination removed", Breaking, Major,
        "positions, such as cursors and page numbers, have no effect; the streams are removed",
        "Read the list from the response.";
    PAGING_CHANGED "paging-changed", "pagination changed", Breaking, Patch,
        "old clients may no longer find the items or the next page, or may ask for more items than a page may have; the streams have the same signatures",
        "Upgrade the crate before the server changes.";
    PAGING_LIMIT_CHANGED "paging-limit-changed", "largest page size changed, or page size or total is at another place", Compatible, Patch,
        "old clients still find the next page; the streams have the same signatures", "";
    PAGING_ITEM_CHANGED "paging-item-changed", "item type of the pages changed", Compatible, Major,
        "the change of the response has its own verdict on the wire; the streams return another type",
        "Use the new type of the items.";
    SETTER_RENAMED "setter-renamed", "setter renamed", Compatible, Major,
        "what it sets is sent as before; requests with pagination have methods of their own, so that some setters have other names",
        "Use the new name; a method of the old name may now do something else.";
    SEARCH_FIELD_ADDED "search-field-added", "added", Compatible, Minor,
        "searches without it stay valid; a function is added", "";
    SEARCH_FIELD_REMOVED "search-field-removed", "removed", Breaking, Major,
        "searches with it are rejected; its function is removed", "Search by another field.";
    SEARCH_FIELD_CHANGED "search-field-changed", "type changed", Breaking, Major,
        "searches may be rejected; its operators take another type", "Compare it with a value of the new type.";
    SEARCH_OPERATOR_ADDED "search-operator-added", "operators added", Compatible, Patch,
        "searches stay valid; the methods of a field depend on its type, and the operator is checked when the request is sent", "";
    SEARCH_OPERATOR_REMOVED "search-operator-removed", "operators removed", Breaking, Patch,
        "searches with them are rejected; they still compile, and fail when the request is sent",
        "Search with another operator.";

    TYPE_ADDED "type-added", "added", Compatible, Minor,
        "changes of what uses it are reported separately; a public item is added", "";
    TYPE_REMOVED "type-removed", "removed", Compatible, Major,
        "changes of what used it are reported separately; a public item is removed", "Remove the uses of the type.";
    TYPE_RENAMED "type-renamed", "renamed in Rust", Compatible, Major,
        "names of types are not sent; the type has another name", "Use the new name.";
    TYPE_WIDENED "type-widened", "kind of type changed to a compatible one", Compatible, Major,
        "values that clients send stay valid, and clients can read what they receive; the Rust type is another one", "Use the new type.";
    TYPE_KIND_CHANGED "type-kind-changed", "kind of type, or target of the alias, changed", Breaking, Major,
        "values that were valid may be invalid; the Rust type is another one", "Use the new type.";
    TYPE_NOW_SENT "type-now-sent", "now also sent in requests", Compatible, Minor,
        "responses are unchanged; the type gets a constructor and setters", "";
    TYPE_NO_LONGER_SENT "type-no-longer-sent", "no longer sent in requests", Compatible, Major,
        "changes of what sent it are reported separately; constructor and setters are removed",
        "Remove the code that constructs it.";

    REQUEST_FIELD_ADDED "request-field-added", "added to requests", Compatible, Minor,
        "requests without it stay valid; a field with a setter is added", "";
    REQUEST_FIELD_ADDED_REQUIRED "request-field-added-required", "added to requests and required", Breaking, Major,
        "requests without it are rejected; it is an argument", "Pass the new argument.";
    REQUEST_CONSTANT_REQUIRED "request-constant-required", "required in requests, with one fixed value", Breaking, Minor,
        "requests without it are rejected; the struct may have a new field, and the crate sends it without a change of your code",
        "Upgrade the crate before the server changes.";
    REQUEST_CONSTANT_OPTIONAL "request-constant-optional", "no longer required in requests, with one fixed value", Compatible, Patch,
        "requests that have it stay valid; the crate no longer sends it", "";
    REQUEST_FIELD_REMOVED "request-field-removed", "removed from requests", Breaking, Major,
        "what was sent has no effect or is rejected; the field is removed, with its setter or argument",
        "Remove it from the request.";
    REQUEST_FIELD_NOW_REQUIRED "request-field-now-required", "now required in requests", Breaking, Major,
        "requests without it are rejected; it becomes an argument", "Pass it as an argument.";
    REQUEST_FIELD_NOW_OPTIONAL "request-field-now-optional", "now optional in requests", Compatible, Major,
        "requests that have it stay valid; the argument becomes a setter", "Set it with its setter.";
    REQUEST_FIELD_NOW_NULLABLE "request-field-now-nullable", "now nullable in requests", Compatible, Minor,
        "what was sent stays valid; a `clear_…` method is added", "";
    REQUIRED_FIELD_NOW_NULLABLE "required-field-now-nullable", "now nullable in requests, and still required", Compatible, Major,
        "what was sent stays valid; the struct's field becomes an `Option`",
        "Use the struct's field as an `Option`; arguments and setters are unchanged.";
    REQUEST_FIELD_NOT_NULLABLE "request-field-not-nullable", "no longer nullable in requests", Breaking, Major,
        "null is rejected; the `clear_…` method is removed, and in some cases the field is no longer an `Option`",
        "Leave it out, or send a value.";
    REQUEST_FIELD_TYPE_WIDENED "request-field-type-widened", "type widened in requests", Compatible, Major,
        "values that were valid stay valid; the setter or argument has another type, or is new where there was one fixed value", "Pass a value of the new type.";
    REQUEST_FIELD_TYPE_CHANGED "request-field-type-changed", "type changed in requests", Breaking, Major,
        "values that were valid may be rejected; the setter or argument has another type, or is removed where there is one fixed value now", "Pass a value of the new type; if there is one fixed value now, remove it from the call.";
    REQUEST_JSON_TYPE_CHANGED "request-json-type-changed", "JSON type changed in requests", Breaking, Patch,
        "the old JSON type may be rejected; the crate sends an id as the declared type, whatever it was made from, and a point in time as it was made",
        "Upgrade the crate before the server changes; make a point in time in the new form.";
    REQUEST_CONSTANT_CHANGED "request-constant-changed", "fixed value changed in requests", Breaking, Patch,
        "the old value may be rejected; the crate sends the new one without a change of your code",
        "Upgrade the crate before the server changes.";
    REQUEST_CONSTANT_FREED "request-constant-freed", "no longer fixed to one value in requests, and required", Compatible, Major,
        "the one value stays valid; the field becomes an argument", "Pass it as an argument.";
    REQUEST_CONSTANT_FREED_OPTIONAL "request-constant-freed-optional", "no longer fixed to one value in requests, and optional", Compatible, Minor,
        "the one value stays valid; requests get a setter", "";
    REQUEST_CONSTANT_FIXED "request-constant-fixed", "fixed to one value in requests", Breaking, Major,
        "other values are rejected; the argument, or the setter of the request, is removed", "Remove it from the call.";
    CONSTRUCTOR_ADDED "constructor-added", "added", Compatible, Minor,
        "requests stay valid; a constructor for this set of fields is added", "";
    CONSTRUCTOR_REMOVED "constructor-removed", "removed", Breaking, Major,
        "requests with only this set of fields are rejected; the constructor is removed", "Use another constructor.";

    RESPONSE_FIELD_ADDED "response-field-added", "added to responses", Compatible, Minor,
        "clients keep unknown keys; structs are non-exhaustive", "";
    RESPONSE_FIELD_REMOVED "response-field-removed", "removed from responses", Breaking, Major,
        "clients that read it find nothing; the field is removed", "Stop using it, or look for it in `extra`.";
    RESPONSE_FIELD_NOW_OPTIONAL "response-field-now-optional", "now optional in responses", Breaking, Major,
        "clients rely on it; the field becomes an `Option`", "Handle `None`.";
    RESPONSE_FIELD_NOW_PRESENT "response-field-now-present", "now always present in responses", Compatible, Major,
        "clients that handle its absence keep working; the field is no longer an `Option`", "Remove the handling of `None`.";
    RESPONSE_FIELD_PRESENCE "response-field-presence", "presence in responses declared differently", Compatible, Patch,
        "clients read the field as before; its Rust type is unchanged", "";
    RESPONSE_FIELD_TYPE_COMPATIBLE "response-field-type-compatible", "type changed to a compatible one in responses", Compatible, Major,
        "clients can read it as before; the field has another type", "Use the new type.";
    RESPONSE_FIELD_TYPE_CHANGED "response-field-type-changed", "type changed in responses", Breaking, Major,
        "clients may be unable to read it, and then record a mismatch; the field has another type", "Use the new type.";
    RESPONSE_JSON_TYPE_CHANGED "response-json-type-changed", "JSON type changed in responses", Compatible, Patch,
        "an id or a point in time changed between text and number; the Rust type accepts both", "";
    RESPONSE_CONSTANT_CHANGED "response-constant-changed", "fixed value changed in responses", Breaking, Patch,
        "clients that compare it, or tell types apart by it, fail; the Rust type is unchanged", "Compare it with the new value.";

    FIELD_RENAMED "field-renamed", "renamed in Rust", Compatible, Major,
        "the key is unchanged; the struct's field has a new name", "Use the new name.";
    FIELD_BOXED "field-boxed", "boxed or unboxed", Compatible, Major,
        "JSON is unchanged; the field or variant has another type", "Add or remove the `*` or `Box::new`.";
    FIELD_OPTION_CHANGED "field-option-changed", "changed between a plain value and an `Option`", Compatible, Major,
        "the key is unchanged; the struct's field has another type",
        "Add or remove `Some`.";
    FIELD_DEPRECATED "field-deprecated", "deprecated", Compatible, Minor,
        "it still works; uses compile with a warning", "Plan to stop using it: it may be removed in the next version.";
    FIELD_UNDEPRECATED "field-undeprecated", "no longer deprecated", Compatible, Patch,
        "nothing that is sent changes; a compiler warning disappears", "";

    REQUEST_VALUE_ADDED "request-value-added", "added to requests", Compatible, Minor,
        "the other values stay valid; a variant is added to a non-exhaustive enum", "";
    REQUEST_VALUE_REMOVED "request-value-removed", "removed from requests", Breaking, Major,
        "the value is rejected; the variant is removed", "Send another value.";
    RESPONSE_VALUE_ADDED "response-value-added", "added to responses", Compatible, Minor,
        "clients keep unknown values as text; a variant is added to a non-exhaustive enum", "";
    RESPONSE_VALUE_REMOVED "response-value-removed", "removed from responses", Compatible, Major,
        "clients no longer receive it, and none fails; the variant is removed", "Remove the match arm for it.";
    VARIANT_RENAMED "variant-renamed", "renamed in Rust", Compatible, Major,
        "JSON is unchanged; the variant has a new name", "Use the new name.";

    REQUEST_ALTERNATIVE_ADDED "request-alternative-added", "added to requests", Compatible, Minor,
        "the others stay valid; a variant is added to a non-exhaustive enum", "";
    REQUEST_ALTERNATIVE_REMOVED "request-alternative-removed", "removed from requests", Breaking, Major,
        "it is rejected; the variant is removed", "Send another alternative.";
    RESPONSE_ALTERNATIVE_ADDED "response-alternative-added", "added to responses", Compatible, Minor,
        "clients keep values that fit no alternative; a variant is added to a non-exhaustive enum", "";
    RESPONSE_ALTERNATIVE_REMOVED "response-alternative-removed", "removed from responses", Compatible, Major,
        "clients no longer receive it, and none fails; the variant is removed", "Remove the match arm for it.";
    ALTERNATIVE_WIDENED "alternative-widened", "type changed to a compatible one", Compatible, Major,
        "values that clients send stay valid, and clients can read what they receive; the variant has another type", "Put a value of the new type into the variant.";
    ALTERNATIVE_CHANGED "alternative-changed", "type changed", Breaking, Major,
        "values that were valid may be invalid; the variant has another type",
        "Put a value of the new type into the variant.";
    CONVERSION_REMOVED "conversion-removed", "no longer converts into the union", Compatible, Major,
        "JSON is unchanged; the union has no `From` for the type of the alternative, for example because another one has the same type", "Name the variant.";
}

/// Finds a rule by its name.
pub fn rule(id: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.id == id)
}

/// The rules as a Markdown table, for the documentation.
pub fn table() -> String {
    let mut text = String::from(
        "| rule | change | on the wire | in Rust | reason: on the wire; in Rust |\n|---|---|---|---|---|\n",
    );
    for rule in RULES {
        let _ = writeln!(text, "| `{}` | {} | {} | {} | {} |", rule.id, rule.change, rule.wire, rule.rust, rule.why);
    }
    text
}
