//! Edits of types: their fields, values and alternatives.

use super::Case;

pub const CASES: &[Case] = &[
    // Types.
    (&["type-added"], &[("/components/schemas/more", "{type: object, properties: {a: {type: string}}}")]),
    (&["type-removed"], &[("/components/schemas/unused", "")]),
    (&["type-renamed"], &[("/components/schemas/unused/x-sdk-name", "Used")]),
    (&["type-widened"], &[("/components/schemas/state", "{type: string}")]),
    (&["type-kind-changed"], &[("/components/schemas/tag", "{type: integer}")]),
    (
        &["type-now-sent", "request-field-added"],
        &[("/components/schemas/new_thing/properties/more", "{$ref: '#/components/schemas/error'}")],
    ),
    (&["type-no-longer-sent", "request-field-removed"], &[("/components/schemas/new_thing/properties/source", "")]),
    // Request fields.
    (&["request-field-added"], &[("/components/schemas/new_thing/properties/more", "{type: string}")]),
    (
        &["request-field-added-required"],
        &[
            ("/components/schemas/new_thing/properties/more", "{type: string}"),
            ("/components/schemas/new_thing/required/-", "more"),
        ],
    ),
    (
        &["request-constant-required"],
        &[
            ("/components/schemas/new_thing/properties/more", "{type: string, enum: [a]}"),
            ("/components/schemas/new_thing/required/-", "more"),
        ],
    ),
    (&["request-constant-optional+field-option-changed"], &[("/components/schemas/new_thing/required/3", "")]),
    (
        &["request-json-type-changed"],
        &[
            ("/components/schemas/new_thing/properties/admin_id", "{type: integer}"),
            ("old:/components/schemas/new_thing/properties/admin_id", "{type: string}"),
        ],
    ),
    // The ids in a list are also sent as the declared type.
    (
        &["request-json-type-changed"],
        &[
            (
                "/components/schemas/new_thing/properties/admin_ids",
                "{type: array, items: {type: integer, x-sdk-type: id}}",
            ),
            (
                "old:/components/schemas/new_thing/properties/admin_ids",
                "{type: array, items: {type: string, x-sdk-type: id}}",
            ),
        ],
    ),
    (&["response-json-type-changed"], &[("/components/schemas/thing/properties/id/type", "integer")]),
    (&["request-field-removed"], &[("/components/schemas/new_thing/properties/comment", "")]),
    (&["request-field-now-required"], &[("/components/schemas/new_thing/required/-", "comment")]),
    (&["request-field-now-optional"], &[("/components/schemas/new_thing/required/0", "")]),
    (&["request-field-now-nullable"], &[("/components/schemas/new_thing/properties/comment/nullable", "true")]),
    (&["required-field-now-nullable"], &[("/components/schemas/new_thing/properties/name/nullable", "true")]),
    (&["request-field-not-nullable"], &[("/components/schemas/new_thing/properties/reason/nullable", "")]),
    (&["request-field-type-widened"], &[("/components/schemas/new_thing/properties/count/type", "number")]),
    (&["request-field-type-changed"], &[("/components/schemas/new_thing/properties/count/type", "boolean")]),
    (&["request-constant-changed"], &[("/components/schemas/new_thing/properties/kind/enum/0", "fancy")]),
    (&["request-constant-freed"], &[("/components/schemas/new_thing/properties/kind/enum", "")]),
    (&["request-constant-freed-optional"], &[("old:/components/schemas/new_thing/properties/comment/enum", "[a]")]),
    (&["request-constant-fixed"], &[("/components/schemas/new_thing/properties/comment/enum", "[a]")]),
    (&["constructor-added"], &[("/components/schemas/source/anyOf/-", "{required: [email, phone]}")]),
    (&["constructor-removed"], &[("/components/schemas/source/anyOf/1", "")]),
    // The rule applies twice: to the type's `new`, and to the operation that takes the body's fields as arguments.
    (
        &["argument-order", "argument-order"],
        &[
            ("/components/schemas/new_thing/properties/first", ""),
            ("/components/schemas/new_thing/properties/first", "{type: integer}"),
        ],
    ),
    // Response fields.
    (&["response-field-added"], &[("/components/schemas/thing/properties/more", "{type: string}")]),
    (&["response-field-removed"], &[("/components/schemas/thing/properties/size", "")]),
    (&["response-field-now-optional"], &[("/components/schemas/thing/x-sdk-required", "")]),
    (&["response-field-now-present"], &[("/components/schemas/thing/x-sdk-required/-", "size")]),
    (&["response-field-presence"], &[("/components/schemas/thing/required", "[size]")]),
    (&["response-field-presence"], &[("/components/schemas/thing/properties/size/nullable", "true")]),
    (&["response-field-type-compatible"], &[("/components/schemas/thing/properties/size/type", "integer")]),
    (&["response-field-type-changed"], &[("/components/schemas/thing/properties/size/type", "string")]),
    (&["response-constant-changed"], &[("/components/schemas/thing/properties/type/enum/0", "object")]),
    // Fields of requests and responses.
    (&["request-field-removed+response-field-removed"], &[("/components/schemas/both/properties/note", "")]),
    (
        &["field-renamed", "response-field-added"],
        &[(
            "/components/schemas/thing/properties",
            "{id: {type: string}, type: {type: string, enum: [thing]}, Size: {type: string}, size: {type: number}, state: {$ref: '#/components/schemas/state'}, owner: {$ref: '#/components/schemas/owner'}, both: {$ref: '#/components/schemas/both'}, tag: {$ref: '#/components/schemas/tag'}, box: {type: object, properties: {width: {type: integer}}}}",
        )],
    ),
    // A cycle of thing, owner and team: the objects in it are boxed, the union is not.
    (
        &["field-boxed", "response-field-added"],
        &[
            ("/components/schemas/team/properties/thing", "{$ref: '#/components/schemas/thing'}"),
            ("/components/schemas/new_thing/properties/target", ""),
            ("old:/components/schemas/new_thing/properties/target", ""),
        ],
    ),
    // A type that was only sent is now also received, so its four required fields become `Option`s.
    (
        &[
            "field-option-changed",
            "field-option-changed",
            "field-option-changed",
            "field-option-changed",
            "response-field-added",
        ],
        &[("/components/schemas/thing/properties/origin", "{$ref: '#/components/schemas/new_thing'}")],
    ),
    (&["field-deprecated"], &[("/components/schemas/thing/properties/size/deprecated", "true")]),
    (&["reverse:field-undeprecated"], &[("/components/schemas/thing/properties/size/deprecated", "true")]),
    // Values and alternatives.
    (&["request-value-added"], &[("/components/schemas/mood/enum/-", "fine")]),
    (
        &["request-value-removed"],
        &[("/components/schemas/mood/enum", "[bad, worse]"), ("old:/components/schemas/mood/enum/-", "worse")],
    ),
    (&["response-value-added"], &[("/components/schemas/state/enum/-", "half")]),
    (&["reverse:response-value-removed"], &[("/components/schemas/state/enum/-", "half")]),
    (&["variant-renamed", "response-value-added"], &[("/components/schemas/state/enum", "[Open, open, closed]")]),
    (
        &["request-alternative-added"],
        &[("/components/schemas/target/oneOf/-", "{$ref: '#/components/schemas/source'}")],
    ),
    (
        &["reverse:request-alternative-removed"],
        &[("/components/schemas/target/oneOf/-", "{$ref: '#/components/schemas/source'}")],
    ),
    (&["response-alternative-added"], &[("/components/schemas/owner/oneOf/-", "{$ref: '#/components/schemas/error'}")]),
    (
        &["reverse:response-alternative-removed"],
        &[("/components/schemas/owner/oneOf/-", "{$ref: '#/components/schemas/error'}")],
    ),
    (
        &["alternative-changed"],
        &[
            ("/components/schemas/target/oneOf/1", "{type: integer, title: team}"),
            ("old:/components/schemas/target/oneOf/1", "{type: boolean, title: team}"),
        ],
    ),
    (
        &["alternative-widened"],
        &[
            ("/components/schemas/target/oneOf/1", "{type: number, title: team}"),
            ("old:/components/schemas/target/oneOf/1", "{type: integer, title: team}"),
        ],
    ),
    (
        &["conversion-removed", "request-alternative-added"],
        &[
            ("old:/components/schemas/target/oneOf/-", "{type: string, title: name}"),
            ("/components/schemas/target/oneOf/-", "{type: string, title: name}"),
            ("/components/schemas/target/oneOf/-", "{type: string, title: mail}"),
        ],
    ),
];
