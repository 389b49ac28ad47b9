//! Edits of operations, their parameters, bodies, responses, pagination and search fields.

use super::Case;

/// Three ids, of which the last two become fields of a struct.
const THREE_IDS: &str = "[{name: id, in: path, required: true, schema: {type: string}}, {name: user_id, in: query, required: true, schema: {type: string}}, {name: admin_id, in: query, required: true, schema: {type: string}}]";

/// The properties of a body with three ids, which a shorthand takes.
const THREE_ID_FIELDS: &str = "{thing_id: {type: string}, user_id: {type: string}, admin_id: {type: string}, mood: {$ref: '#/components/schemas/mood'}, target: {$ref: '#/components/schemas/target'}, both: {$ref: '#/components/schemas/both'}, source: {$ref: '#/components/schemas/source'}}";

/// A shorthand of the operation that creates a thing.
const NAME_IT: &str = "[{method: name_it, summary: S., takes: {called: name, first: first, second: second}}]";

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
    (&["reverse:shorthand-removed"], &[("/paths/~1things/post/x-sdk-shorthands", NAME_IT)]),
    (
        &["shorthand-changed"],
        &[
            ("old:/paths/~1things/post/x-sdk-shorthands", NAME_IT),
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
            ("old:/paths/~1things/post/x-sdk-shorthands", NAME_IT),
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
                "old:/paths/~1things/post/x-sdk-shorthands",
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
                "old:/paths/~1things/post/x-sdk-shorthands",
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
                "old:/paths/~1things/post/x-sdk-shorthands",
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
            ("old:/components/schemas/new_thing/properties", THREE_ID_FIELDS),
            ("/components/schemas/new_thing/properties", THREE_ID_FIELDS),
            ("old:/components/schemas/new_thing/required", ""),
            ("/components/schemas/new_thing/required", ""),
            (
                "old:/paths/~1things/post/x-sdk-shorthands",
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
            ("old:/paths/~1things~1{id}/delete/parameters", THREE_IDS),
            ("/paths/~1things~1{id}/delete/parameters", THREE_IDS),
            ("/paths/~1things~1{id}/delete/x-sdk-arguments", "[thing_id, contact_id]"),
        ],
    ),
    (&["alias-added"], &[("/paths/~1things~1{id}/delete/x-sdk-aliases", "[things.destroy]")]),
    (&["reverse:alias-removed"], &[("/paths/~1things~1{id}/delete/x-sdk-aliases", "[things.destroy]")]),
    (&["operation-id-changed"], &[("/paths/~1things~1{id}/delete/operationId", "destroyThing")]),
    (&["operation-deprecated"], &[("/paths/~1things~1{id}/delete/deprecated", "true")]),
    (&["reverse:operation-undeprecated"], &[("/paths/~1things~1{id}/delete/deprecated", "true")]),
    (&["operation-retry-changed"], &[("/paths/~1things~1search/post/x-sdk-safe", "true")]),
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
        &["parameter-constant-freed"],
        &[("/paths/~1things/get/parameters/4/schema/enum", ""), ("/paths/~1things/get/parameters/4/required", "true")],
    ),
    (&["parameter-constant-freed-optional"], &[("/paths/~1things/get/parameters/4/schema/enum", "")]),
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
        &["response-compatible"],
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
        &["reverse:paging-added"],
        &[
            ("/paths/~1things/get/x-sdk-pagination", ""),
            ("/paths/~1things/get/parameters/6", ""),
            ("old:/paths/~1things/get/parameters/6", ""),
        ],
    ),
    // A parameter `page` has the setter `set_page` with pagination, and `page` without it.
    (&["reverse:paging-added", "reverse:setter-renamed"], &[("/paths/~1things/get/x-sdk-pagination", "")]),
    // Where pages have numbers, `starting_at` replaces the setter of the page.
    (
        &["paging-added", "setter-renamed"],
        &[
            ("/paths/~1things/get/x-sdk-pagination/style", "page"),
            ("/paths/~1things/get/x-sdk-pagination/position", "page"),
            ("old:/paths/~1things/get/x-sdk-pagination", ""),
        ],
    ),
    // `per_page` replaces the setter of the size.
    (
        &["paging-added", "setter-renamed"],
        &[
            ("/paths/~1things/get/parameters/6", ""),
            ("old:/paths/~1things/get/parameters/6", ""),
            ("/paths/~1things/get/parameters/5/name", "limit"),
            ("old:/paths/~1things/get/parameters/5/name", "limit"),
            ("/paths/~1things/get/x-sdk-pagination/per_page", "limit"),
            ("old:/paths/~1things/get/x-sdk-pagination", ""),
        ],
    ),
    // The size is no longer set by `limit`, but by `per_page`.
    (
        &["paging-limit-changed", "setter-renamed"],
        &[
            ("/paths/~1things/get/parameters/7/name", "limit"),
            ("old:/paths/~1things/get/parameters/7/name", "limit"),
            ("/paths/~1things/get/parameters/5", ""),
            ("old:/paths/~1things/get/parameters/5", ""),
            ("/paths/~1things/get/x-sdk-pagination/per_page", "limit"),
            ("old:/paths/~1things/get/x-sdk-pagination/per_page", ""),
        ],
    ),
    (&["paging-removed", "setter-renamed"], &[("/paths/~1things/get/x-sdk-pagination", "")]),
    (&["paging-changed"], &[("/paths/~1things/get/x-sdk-pagination/position", "after")]),
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
    (&["search-operator-added"], &[("/paths/~1things~1search/post/x-sdk-search/fields/0/operators", "")]),
    (&["reverse:search-operator-removed"], &[("/paths/~1things~1search/post/x-sdk-search/fields/0/operators", "")]),
];
