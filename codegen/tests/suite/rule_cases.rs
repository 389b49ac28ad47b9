//! Edits of `base.yaml` for every rule of `diff`.

use intercom_codegen::yaml;

use crate::edit::{Edit, edit};

/// The description that is edited.
pub const BASE: &str = include_str!("base.yaml");

/// The expected changes and the edits. A change is written as its rules, joined by `+`. The edits change the second of two copies of
/// [`BASE`]; those whose pointer begins with `-` change the first. The diff is from the first copy to the second; if the first expected
/// change begins with `-`, it is from the second to the first.
pub type Case = (&'static [&'static str], &'static [Edit]);

/// Three ids, of which the last two become fields of a struct.
const THREE_IDS: &str = "[{name: id, in: path, required: true, schema: {type: string}}, {name: user_id, in: query, required: true, schema: {type: string}}, {name: admin_id, in: query, required: true, schema: {type: string}}]";

/// The properties of a body with three ids, which a shorthand takes.
const THREE_ID_FIELDS: &str = "{thing_id: {type: string}, user_id: {type: string}, admin_id: {type: string}, mood: {$ref: '#/components/schemas/mood'}, target: {$ref: '#/components/schemas/target'}, both: {$ref: '#/components/schemas/both'}, source: {$ref: '#/components/schemas/source'}}";

/// A shorthand of the operation that creates a thing.
const NAME_IT: &str = "[{method: name_it, summary: S., takes: {called: name, first: first, second: second}}]";

/// One or more cases for each rule.
pub const CASES: &[Case] = &[
    // Operations.
    (
        &["operation-added"],
        &[(
            "/paths/~1things~1{id}/put",
            "{operationId: a, x-sdk-group: things, x-sdk-method: update, parameters: [{name: id, in: path, required: true, schema: {type: string}}], responses: {'204': {description: D}}}",
        )],
    ),
    (&["operation-removed"], &[("/paths/~1things~1{id}/delete", "")]),
    (&["operation-renamed"], &[("/paths/~1things~1{id}/delete/x-sdk-method", "destroy")]),
    (
        &["operation-renamed-aliased"],
        &[
            ("/paths/~1things~1{id}/delete/x-sdk-method", "destroy"),
            ("/paths/~1things~1{id}/delete/x-sdk-aliases", "[things.delete]"),
        ],
    ),
    (&["shorthand-added"], &[("/paths/~1things/post/x-sdk-shorthands", NAME_IT)]),
    (&["-shorthand-removed"], &[("/paths/~1things/post/x-sdk-shorthands", NAME_IT)]),
    (
        &["shorthand-changed"],
        &[
            ("-/paths/~1things/post/x-sdk-shorthands", NAME_IT),
            (
                "/paths/~1things/post/x-sdk-shorthands",
                "[{method: name_it, summary: S., takes: {called: name, second: second, first: first, comment: comment}}]",
            ),
        ],
    ),
    // Another name of an argument is not a change: the position matters.
    (
        &[],
        &[
            ("-/paths/~1things/post/x-sdk-shorthands", NAME_IT),
            (
                "/paths/~1things/post/x-sdk-shorthands",
                "[{method: name_it, summary: S., takes: {named: name, first: first, second: second}}]",
            ),
        ],
    ),
    // An argument goes to another field.
    (
        &["shorthand-changed"],
        &[
            (
                "-/paths/~1things/post/x-sdk-shorthands",
                "[{method: name_it, summary: S., takes: {called: name, first: first, second: second, text: comment}}]",
            ),
            (
                "/paths/~1things/post/x-sdk-shorthands",
                "[{method: name_it, summary: S., takes: {called: name, first: first, second: second, number: count}}]",
            ),
        ],
    ),
    (
        &["request-field-type-changed"],
        &[
            (
                "-/paths/~1things/post/x-sdk-shorthands",
                "[{method: count_it, summary: S., takes: {called: name, first: first, second: second, count: count}}]",
            ),
            (
                "/paths/~1things/post/x-sdk-shorthands",
                "[{method: count_it, summary: S., takes: {called: name, first: first, second: second, count: count}}]",
            ),
            ("/components/schemas/new_thing/properties/count/type", "boolean"),
        ],
    ),
    (
        &["shorthand-values-changed"],
        &[
            (
                "-/paths/~1things/post/x-sdk-shorthands",
                "[{method: name_it, summary: S., sets: {mood: good}, takes: {called: name, first: first, second: second}}]",
            ),
            (
                "/paths/~1things/post/x-sdk-shorthands",
                "[{method: name_it, summary: S., sets: {mood: bad}, takes: {called: name, first: first, second: second}}]",
            ),
        ],
    ),
    // The names of the ids that a shorthand takes as a struct. The next case has those of a method.
    (
        &["ids-changed"],
        &[
            ("-/components/schemas/new_thing/properties", THREE_ID_FIELDS),
            ("/components/schemas/new_thing/properties", THREE_ID_FIELDS),
            ("-/components/schemas/new_thing/required", ""),
            ("/components/schemas/new_thing/required", ""),
            (
                "-/paths/~1things/post/x-sdk-shorthands",
                "[{method: assign, summary: S., takes: {thing_id: thing_id, user_id: user_id, admin_id: admin_id}}]",
            ),
            (
                "/paths/~1things/post/x-sdk-shorthands",
                "[{method: assign, summary: S., takes: {thing_id: thing_id, user_id: user_id, owner_id: admin_id}}]",
            ),
        ],
    ),
    (
        &["ids-changed"],
        &[
            ("-/paths/~1things~1{id}/delete/parameters", THREE_IDS),
            ("/paths/~1things~1{id}/delete/parameters", THREE_IDS),
            ("/paths/~1things~1{id}/delete/x-sdk-arguments", "[thing_id, contact_id]"),
        ],
    ),
    (&["alias-added"], &[("/paths/~1things~1{id}/delete/x-sdk-aliases", "[things.destroy]")]),
    (&["-alias-removed"], &[("/paths/~1things~1{id}/delete/x-sdk-aliases", "[things.destroy]")]),
    (&["operation-id-changed"], &[("/paths/~1things~1{id}/delete/operationId", "destroyThing")]),
    (&["operation-deprecated"], &[("/paths/~1things~1{id}/delete/deprecated", "true")]),
    (&["-operation-undeprecated"], &[("/paths/~1things~1{id}/delete/deprecated", "true")]),
    (&["operation-retry-changed"], &[("/paths/~1things~1search/post/x-sdk-idempotent", "true")]),
    (&["group-added", "group-removed", "operation-renamed"], &[("/paths/~1files/post/x-sdk-group", "uploads")]),
    // Parameters.
    (
        &["path-parameter-renamed"],
        &[
            ("/paths/~1things~1{id}", ""),
            (
                "/paths/~1things~1{thing_id}/delete",
                "{operationId: deleteThing, x-sdk-group: things, x-sdk-method: delete, parameters: [{name: thing_id, in: path, required: true, schema: {type: string}}], responses: {'204': {description: D}}}",
            ),
        ],
    ),
    (&["parameter-added"], &[("/paths/~1things/get/parameters/-", "{name: more, in: query, schema: {type: string}}")]),
    (
        &["parameter-added-required"],
        &[("/paths/~1things/get/parameters/-", "{name: more, in: query, required: true, schema: {type: string}}")],
    ),
    (
        &["parameter-constant-added"],
        &[("/paths/~1things/get/parameters/-", "{name: X-More, in: header, schema: {type: string, enum: [a]}}")],
    ),
    (
        &["parameter-constant-required"],
        &[(
            "/paths/~1things/get/parameters/-",
            "{name: X-More, in: header, required: true, schema: {type: string, enum: [a]}}",
        )],
    ),
    (&["parameter-constant-removed"], &[("/paths/~1things/get/parameters/4", "")]),
    // The crate sends the fixed value before and after.
    (&[], &[("/paths/~1things/get/parameters/4/required", "true")]),
    (&["parameter-removed"], &[("/paths/~1things/get/parameters/3", "")]),
    (&["parameter-now-required"], &[("/paths/~1things/get/parameters/0/required", "true")]),
    (&["parameter-now-optional"], &[("/paths/~1things/get/parameters/1/required", "")]),
    (&["parameter-type-widened"], &[("/paths/~1things/get/parameters/1/schema/type", "number")]),
    (&["parameter-type-changed"], &[("/paths/~1things/get/parameters/1/schema/type", "boolean")]),
    (&["parameter-moved"], &[("/paths/~1things/get/parameters/3/explode", "false")]),
    (&["parameter-constant-changed"], &[("/paths/~1things/get/parameters/4/schema/enum/0", "slow")]),
    (
        &["argument-order"],
        &[("/paths/~1things/get/parameters/2/name", "kind"), ("/paths/~1things/get/parameters/1/name", "color")],
    ),
    // Bodies.
    (
        &["request-body-added", "type-added"],
        &[(
            "/paths/~1things~1{id}/delete/requestBody",
            "{content: {application/json: {schema: {type: object, properties: {a: {type: string}}}}}}",
        )],
    ),
    (
        &["request-body-added-required", "type-added"],
        &[(
            "/paths/~1things~1{id}/delete/requestBody",
            "{content: {application/json: {schema: {type: object, required: [a], properties: {a: {type: string}}}}}}",
        )],
    ),
    (&["request-body-removed", "type-no-longer-sent"], &[("/paths/~1things~1search/post/requestBody", "")]),
    (
        &["request-body-widened", "type-no-longer-sent", "type-added"],
        &[
            ("/components/schemas/query2", "{type: object, properties: {text: {type: string}, more: {type: string}}}"),
            (
                "/paths/~1things~1search/post/requestBody/content/application~1json/schema/$ref",
                "'#/components/schemas/query2'",
            ),
        ],
    ),
    (
        &["request-body-changed", "type-no-longer-sent", "type-now-sent"],
        &[(
            "/paths/~1things~1search/post/requestBody/content/application~1json/schema/$ref",
            "'#/components/schemas/error'",
        )],
    ),
    (
        &["part-added"],
        &[("/paths/~1files/post/requestBody/content/multipart~1form-data/schema/properties/note", "{type: string}")],
    ),
    (
        &["part-added-required"],
        &[(
            "/paths/~1files/post/requestBody/content/multipart~1form-data/schema",
            "{type: object, required: [file, note], properties: {file: {type: string, format: binary}, name: {type: string}, note: {type: string}}}",
        )],
    ),
    (&["part-removed"], &[("/paths/~1files/post/requestBody/content/multipart~1form-data/schema/properties/name", "")]),
    (
        &["part-now-required"],
        &[("/paths/~1files/post/requestBody/content/multipart~1form-data/schema/required/-", "name")],
    ),
    (&["part-now-optional"], &[("/paths/~1files/post/requestBody/content/multipart~1form-data/schema/required", "")]),
    (
        &["part-type-changed"],
        &[("/paths/~1files/post/requestBody/content/multipart~1form-data/schema/properties/name/type", "integer")],
    ),
    // Responses.
    (
        &["response-narrowed"],
        &[(
            "/paths/~1things~1{id}/delete/responses/200",
            "{description: D, content: {application/json: {schema: {$ref: '#/components/schemas/thing'}}}}",
        )],
    ),
    (
        &["response-changed"],
        &[("/paths/~1things/post/responses/200/content/application~1json/schema/$ref", "'#/components/schemas/error'")],
    ),
    (&["error-response-changed"], &[("/paths/~1things/get/responses/404", "")]),
    // Paging and searches.
    (
        &["-paging-added"],
        &[
            ("/paths/~1things/get/x-sdk-pagination", ""),
            ("/paths/~1things/get/parameters/6", ""),
            ("-/paths/~1things/get/parameters/6", ""),
        ],
    ),
    (&["-paging-added-page"], &[("/paths/~1things/get/x-sdk-pagination", "")]),
    (
        &["paging-added-page"],
        &[
            ("/paths/~1things/get/x-sdk-pagination/style", "page"),
            ("/paths/~1things/get/x-sdk-pagination/cursor", "page"),
            ("-/paths/~1things/get/x-sdk-pagination", ""),
        ],
    ),
    (&["paging-removed"], &[("/paths/~1things/get/x-sdk-pagination", "")]),
    (&["paging-changed"], &[("/paths/~1things/get/x-sdk-pagination/cursor", "after")]),
    (&["paging-changed"], &[("/paths/~1things/get/x-sdk-pagination/max_per_page", "20")]),
    (&["paging-changed"], &[("/paths/~1things/get/x-sdk-pagination/last", "pages.last")]),
    (&["paging-limit-changed"], &[("/paths/~1things/get/x-sdk-pagination/max_per_page", "100")]),
    (
        &["paging-item-changed", "response-field-type-changed"],
        &[("/components/schemas/thing_list/properties/data/items/$ref", "'#/components/schemas/error'")],
    ),
    (&["search-field-added"], &[("/paths/~1things~1search/post/x-sdk-search/fields/-", "{name: size, type: integer}")]),
    (&["search-field-removed"], &[("/paths/~1things~1search/post/x-sdk-search", "")]),
    (&["search-field-changed"], &[("/paths/~1things~1search/post/x-sdk-search/fields/0/type", "integer")]),
    (&["search-operator-added"], &[("/paths/~1things~1search/post/x-sdk-search/fields/0/operators/-", "'~'")]),
    (&["search-operator-removed"], &[("/paths/~1things~1search/post/x-sdk-search/fields/0/operators/1", "")]),
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
            ("-/components/schemas/new_thing/properties/admin_id", "{type: string}"),
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
                "-/components/schemas/new_thing/properties/admin_ids",
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
    (&["response-field-type-narrowed"], &[("/components/schemas/thing/properties/size/type", "integer")]),
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
            ("-/components/schemas/new_thing/properties/target", ""),
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
    (&["-field-undeprecated"], &[("/components/schemas/thing/properties/size/deprecated", "true")]),
    // Values and alternatives.
    (&["request-value-added"], &[("/components/schemas/mood/enum/-", "fine")]),
    (
        &["request-value-removed"],
        &[("/components/schemas/mood/enum", "[bad, worse]"), ("-/components/schemas/mood/enum/-", "worse")],
    ),
    (&["response-value-added"], &[("/components/schemas/state/enum/-", "half")]),
    (&["-response-value-removed"], &[("/components/schemas/state/enum/-", "half")]),
    (&["variant-renamed", "response-value-added"], &[("/components/schemas/state/enum", "[Open, open, closed]")]),
    (
        &["request-alternative-added"],
        &[("/components/schemas/target/oneOf/-", "{$ref: '#/components/schemas/source'}")],
    ),
    (
        &["-request-alternative-removed"],
        &[("/components/schemas/target/oneOf/-", "{$ref: '#/components/schemas/source'}")],
    ),
    (&["response-alternative-added"], &[("/components/schemas/owner/oneOf/-", "{$ref: '#/components/schemas/error'}")]),
    (
        &["-response-alternative-removed"],
        &[("/components/schemas/owner/oneOf/-", "{$ref: '#/components/schemas/error'}")],
    ),
    (
        &["alternative-changed"],
        &[
            ("/components/schemas/target/oneOf/1", "{type: integer, title: team}"),
            ("-/components/schemas/target/oneOf/1", "{type: boolean, title: team}"),
        ],
    ),
    (
        &["alternative-widened"],
        &[
            ("/components/schemas/target/oneOf/1", "{type: number, title: team}"),
            ("-/components/schemas/target/oneOf/1", "{type: integer, title: team}"),
        ],
    ),
    (
        &["conversion-removed", "request-alternative-added"],
        &[
            ("-/components/schemas/target/oneOf/-", "{type: string, title: name}"),
            ("/components/schemas/target/oneOf/-", "{type: string, title: name}"),
            ("/components/schemas/target/oneOf/-", "{type: string, title: mail}"),
        ],
    ),
];

/// Two copies of a description after the edits: those whose pointer begins with `-` change the first, all others the second.
pub fn edited(text: &str, edits: &[Edit]) -> (String, String) {
    let (mut before, mut after) = (yaml::read(text).unwrap(), yaml::read(text).unwrap());
    for (pointer, value) in edits {
        match pointer.strip_prefix('-') {
            Some(pointer) => edit(&mut before, pointer, value),
            None => edit(&mut after, pointer, value),
        }
    }
    (yaml::write(&before), yaml::write(&after))
}
