//! Tests of overlays and tables on small documents.

use serde_json::{Map, json};

use super::*;

fn overlay(actions: &str) -> YamlFile {
    let text = format!("overlay: 1.1.0\ninfo: {{title: T, version: 1.0.0}}\nactions:\n{actions}\n");
    YamlFile { name: "a.yaml".to_owned(), text }
}

/// Applies actions to a document, as for 2.15.
fn applied(mut document: Value, actions: &str) -> Result<Value> {
    apply(&mut document, &[overlay(actions)], Version::Released(2, 15)).map(|_| document)
}

fn operations() -> Value {
    json!({"paths": {"/b": {"post": {"operationId": "b", "tags": ["x"]}}, "/a": {"get": {"operationId": "a"}}}})
}

#[test]
fn an_update_merges_objects_and_appends_to_lists() {
    let update =
        "- {target: \"$.paths.*[?@.operationId == 'b']\", update: {tags: [y], deprecated: true, operationId: c}}";
    let document = applied(operations(), update).unwrap();
    assert_eq!(document["paths"]["/b"]["post"], json!({"operationId": "c", "tags": ["x", "y"], "deprecated": true}));

    let deep =
        applied(json!({"a": {"b": {"c": 1, "d": 2}}}), "- {target: $.a, update: {b: {c: {e: 3}}, f: 4}}").unwrap();
    assert_eq!(deep, json!({"a": {"b": {"c": {"e": 3}, "d": 2}, "f": 4}}));

    let entry = applied(json!({"a": [1]}), "- {target: $.a, update: {b: 2}}\n- {target: $.a, update: 3}").unwrap();
    assert_eq!(entry, json!({"a": [1, {"b": 2}, 3]}));
}

#[test]
fn a_removal_keeps_the_order_of_the_rest() {
    let document =
        applied(json!({"a": 1, "b/~": 2, "c": 3, "d": 4}), "- {target: \"$['b/~']\", remove: true}").unwrap();
    assert_eq!(document.as_object().unwrap().keys().collect::<Vec<_>>(), ["a", "c", "d"]);

    let list: Vec<_> = (0..12).collect();
    for target in ["$.a[2, 10, 0, 2]", "$.a[?@ == 0 || @ == 2 || @ == 10]"] {
        let document = applied(json!({"a": list}), &format!("- {{target: \"{target}\", remove: true}}")).unwrap();
        assert_eq!(document, json!({"a": [1, 3, 4, 5, 6, 7, 8, 9, 11]}));
    }
    let nested = applied(json!({"a": {"a": {"a": 1}}, "b": 2}), "- {target: $..a, remove: true}").unwrap();
    assert_eq!(nested, json!({"b": 2}));
}

#[test]
fn actions_are_applied_in_order_and_only_to_their_versions() {
    let mut first =
        overlay("- {target: $.a, update: {b: 1}}\n- {target: $.none, x-versions: '..2.14, preview', remove: true}");
    first.text.push_str("x-versions: 2.9..\n");
    let mut never = overlay("- {target: $.a, x-versions: '2.15', update: {b: 3}}");
    never.text.push_str("x-versions: ..2.14\n");
    let overlays = Overlays::parse(&[first, never, overlay("- {target: '$.a[?@ == 1]', update: {}}")]).unwrap();

    let mut document = json!({"a": {}});
    let error = overlays.apply(&mut document, Version::Released(2, 15)).unwrap_err();
    let expected = "a.yaml:4#/actions/0: the target /a/b is a scalar, but the update is not";
    assert!(error.to_string().starts_with(expected), "{error}");
    assert_eq!(document, json!({"a": {"b": 1}}));

    let applied = Overlays { steps: overlays.steps[..3].to_vec(), ..overlays.clone() }
        .apply(&mut document, Version::Released(2, 15))
        .unwrap();
    assert_eq!(applied, Applied { changes: 1, places: 1, unused: 2, ..Applied::default() });
}

#[test]
fn an_action_that_selects_nothing_is_an_error() {
    let error = applied(operations(), "- {target: $.paths, update: {}}\n- {target: $.none, remove: true}").unwrap_err();
    assert_eq!((error.file(), error.pointer()), ("a.yaml", "/actions/1"));
    assert!(error.message().contains("`$.none` selects nothing in 2.15") && !error.hint_text().is_empty(), "{error}");
}

#[test]
fn an_action_that_does_not_fit_its_target_is_an_error() {
    for (action, message) in [
        ("{target: $.o, update: 1}", "but the update is not"),
        ("{target: $.p, update: {}}", "is a scalar"),
        ("{target: $, remove: true}", "the whole document"),
    ] {
        let error = applied(json!({"a": [], "o": {}, "p": 1}), &format!("- {action}")).unwrap_err();
        assert!(error.message().contains(message) && !error.hint_text().is_empty(), "{error}");
    }
}

#[test]
fn an_action_that_fails_at_one_place_changes_none() {
    let document = json!({"things": {"a": {"n": 1}, "b": {"n": 2}, "c": 3, "d": {"n": 4}}});
    let file = overlay("- {target: $.things.*, update: {n: 9}}\n- {target: $.things.a, update: {m: 1}}");
    let mut changed = document.clone();
    let errors = Overlays::parse(&[file]).unwrap().apply_fitting(&mut changed, Version::Released(2, 15));
    assert_eq!(changed, json!({"things": {"a": {"n": 1, "m": 1}, "b": {"n": 2}, "c": 3, "d": {"n": 4}}}), "{errors:?}");
}

#[test]
fn malformed_overlays_are_rejected_with_their_place() {
    let head = "overlay: 1.0.0\ninfo: {title: T, version: 1.0.0}\n";
    for (text, place, message) in [
        ("- a".to_owned(), "", "expected a mapping"),
        ("overlay: [".to_owned(), "", "not valid YAML"),
        ("overlay: 2.0.0".to_owned(), "/overlay", "not an Overlay 1.0"),
        ("overlay: 1.0.0\ninfo: {title: T}".to_owned(), "/info", "`version` is missing"),
        (head.to_owned(), "/actions", "no list of actions"),
        (format!("{head}actions: []"), "/actions", "no list of actions"),
        (format!("{head}action: []"), "/action", "`action` is not allowed"),
        (format!("{head}x-versions: 2.15\nactions: [1]"), "/x-versions", "expected text"),
        (
            "table: names\nx-versions: '2.15'\nentries: []".to_owned(),
            "/x-versions",
            "a table cannot be restricted to versions",
        ),
        (format!("{head}actions: [1]"), "/actions/0", "expected a mapping"),
        (format!("{head}actions: [{{remove: true}}]"), "/actions/0", "the target is missing"),
        (format!("{head}actions: [{{target: $.a, updates: 1}}]"), "/actions/0/updates", "`updates` is not allowed"),
        (format!("{head}actions: [{{target: $.a}}]"), "/actions/0", "does nothing"),
        (format!("{head}actions: [{{target: $.a, remove: false}}]"), "/actions/0/remove", "does nothing"),
        (format!("{head}actions: [{{target: $.a, remove: true, update: {{}}}}]"), "/actions/0", "both"),
        (format!("{head}actions: [{{target: 'a[', remove: true}}]"), "/actions/0/target", "not a JSONPath"),
        (
            format!("{head}actions: [{{target: $.a, remove: true, x-versions: new}}]"),
            "/actions/0/x-versions",
            "not a version",
        ),
    ] {
        let error = Overlays::parse(&[YamlFile { name: "a.yaml".to_owned(), text: text.clone() }]).unwrap_err();
        assert_eq!((error.file(), error.pointer()), ("a.yaml", place), "{error}");
        assert!(error.message().contains(message) && !error.hint_text().is_empty(), "{text}: {error}");
    }
}

#[test]
fn scalars_can_be_selected_only_in_overlay_1_1() {
    let document = json!({"a": [1, 2], "p": 1});
    let actions =
        "- {target: $.p, update: 2}\n- {target: '$.a[?@ == 1]', remove: true}\n- {target: $.a, update: [3, 4]}";
    assert_eq!(applied(document.clone(), actions).unwrap(), json!({"a": [2, 3, 4], "p": 2}));
    for action in actions.lines() {
        let mut older = overlay(action);
        older.text = older.text.replace("overlay: 1.1.0", "overlay: 1.0.0");
        let error = apply(&mut document.clone(), &[older], Version::Released(2, 15)).unwrap_err();
        assert!(error.hint_text().contains("overlay: 1.1.0"), "{action}: {error}");
    }
}

#[test]
fn only_known_overlay_versions_are_accepted() {
    for (version, known) in
        [("1.0", true), ("1.0.0", true), ("1.1.0", true), ("1.10.0", false), ("1.2.0", false), ("1.1.x", false)]
    {
        let text =
            format!("overlay: {version:?}\ninfo: {{title: T, version: 1.0.0}}\nactions: [{{target: $, update: {{}}}}]");
        let parsed = Overlays::parse(&[YamlFile { name: "a.yaml".to_owned(), text }]);
        assert_eq!(parsed.is_ok(), known, "{version}");
    }
}

/// Applies a table to a document.
fn tabulated(mut document: Value, table: &str) -> Result<Value> {
    let table = YamlFile { name: "t.yaml".to_owned(), text: table.to_owned() };
    apply(&mut document, &[table], Version::Released(2, 15)).map(|_| document)
}

#[test]
fn names_are_written_by_operation_id_or_by_method_and_path() {
    let document =
        json!({"paths": {"/a": {"get": {"operationId": "listA"}, "post": {}}, "/b": {"parameters": [], "get": {}}}});
    let table = "table: names\nentries:\n- reason: R\n  names: {listA: a.list, POST /a: a.make, gone: a.gone}\n";
    let named = tabulated(document, table).unwrap();
    assert_eq!(named["paths"]["/a"]["get"]["x-sdk-method"], "list");
    assert_eq!(named["paths"]["/a"]["post"], json!({"x-sdk-group": "a", "x-sdk-method": "make"}));
    assert_eq!(named["paths"]["/b"], json!({"parameters": [], "get": {}}));
}

#[test]
fn malformed_tables_are_rejected_with_their_place() {
    let names = |names: &str| format!("table: names\nentries:\n- {{reason: R, names: {names}}}\n");
    for (text, place, message) in [
        ("table: nouns\nentries: []".to_owned(), "/table", "not a kind of table"),
        ("table: names".to_owned(), "/entries", "no list of entries"),
        ("table: names\nentries: [{names: {a: b.c}}]".to_owned(), "/entries/0", "the reason is missing"),
        ("table: names\nentries: [{reason: ' ', names: {a: b.c}}]".to_owned(), "/entries/0", "the reason is missing"),
        ("table: names\nentries: [{reason: R, name: {a: b.c}}]".to_owned(), "/entries/0/name", "`name` is not allowed"),
        (names("{}"), "/entries/0/names", "at least one"),
        (names("{a: list}"), "/entries/0/names/a", "snake case"),
        (names("{a: Tags.list}"), "/entries/0/names/a", "snake case"),
        (names("{a: b.c}") + "- {reason: R, names: {a: b.d}}", "/entries/1/names/a", "is also at /entries/0"),
        (
            "table: presence\nentries: [{reason: R, schemas: {a: id}}]".to_owned(),
            "/entries/0/schemas/a",
            "list of field",
        ),
    ] {
        let error = Overlays::parse(&[YamlFile { name: "t.yaml".to_owned(), text: text.clone() }]).unwrap_err();
        assert_eq!((error.file(), error.pointer()), ("t.yaml", place), "{error}");
        assert!(error.message().contains(message) && !error.hint_text().is_empty(), "{text}: {error}");
    }
}

/// A description with one response that has these examples.
fn answers(schemas: Value, examples: Value) -> Value {
    let examples: Map<String, Value> = examples
        .as_array()
        .unwrap()
        .iter()
        .enumerate()
        .map(|(index, example)| (index.to_string(), json!({"value": example})))
        .collect();
    let content = json!({"application/json": {"schema": {"$ref": "#/components/schemas/page"}, "examples": examples}});
    let mut schemas = schemas;
    let [a, b] = ["a", "b"].map(|name| json!({"$ref": format!("#/components/schemas/{name}")}));
    let data = json!({"type": "array", "items": {"oneOf": [a, b]}});
    schemas["page"] = json!({"type": "object", "properties": {"first": a, "data": data}});
    json!({
        "paths": {"/a": {"get": {"responses": {"200": {"content": content}}}}},
        "components": {"schemas": schemas},
    })
}

#[test]
fn fields_are_pinned_if_every_example_has_them() {
    let schema = |fields: &[&str]| {
        let properties: Map<String, Value> =
            fields.iter().map(|field| ((*field).to_owned(), json!({"type": "string"}))).collect();
        json!({"type": "object", "properties": properties})
    };
    let mut schemas = json!({
        "a": schema(&["id", "type", "name", "size", "note"]),
        "b": schema(&["id", "type", "color", "shade"]),
        "unseen": schema(&["id", "name"]),
        "part": schema(&["type", "text"]),
    });
    schemas["b"]["properties"]["shade"] = json!({"type": "string", "nullable": true});
    let examples = json!([
        {"data": [{"id": "1", "type": "a", "name": "x", "size": "s", "note": "n"}, {"id": "2", "color": "red", "shade": "z"}]},
        {"first": {"id": "3", "type": "a", "name": "y", "size": null}},
    ]);
    let table = "table: presence\nentries:\n- reason: R\n  schemas:\n    a: [name, size, note, none]\n    b: [color, shade]\n    \
                 unseen: [name]\n";
    let document = tabulated(answers(schemas, examples), table).unwrap();
    let pins = |name: &str| document["components"]["schemas"][name].get("x-sdk-required").cloned();
    assert_eq!(
        pins("a"),
        Some(json!(["name", "id", "type"])),
        "neither size, which is null, nor note, which is absent"
    );
    assert_eq!(pins("b"), Some(json!(["color", "id"])), "neither shade, which is nullable, nor type, which is absent");
    assert_eq!(pins("unseen"), Some(json!(["name"])), "a listed field needs no example, `id` needs one");
    assert_eq!(pins("part"), None, "`type` is pinned only in schemas with an id");
}

#[test]
fn missing_pagination_parameters_are_added() {
    let operation = |paging: Value, parameters: Value| {
        let document = json!({"paths": {"/a": {"get": {"x-sdk-pagination": paging, "parameters": parameters}}}});
        let document = tabulated(document, "table: names\nentries: [{reason: R, names: {a: b.c}}]").unwrap();
        let parameters = document["paths"]["/a"]["get"]["parameters"].as_array().unwrap().clone();
        let text =
            |parameter: &Value| format!("{} {}", parameter["name"], parameter["schema"]["type"]).replace('"', "");
        parameters.iter().map(text).collect::<Vec<_>>()
    };
    let page = json!({"style": "page", "in": "query", "position": "page", "per_page": "per_page"});
    let cursor = json!({"style": "cursor", "in": "query", "position": "after", "per_page": "per_page"});
    let scroll = json!({"style": "scroll", "in": "query", "position": "handle"});
    let body = json!({"style": "cursor", "in": "body", "position": "pagination.after"});
    assert_eq!(operation(page.clone(), json!([])), ["page integer", "per_page integer"]);
    assert_eq!(operation(cursor, json!([])), ["per_page integer", "after string"]);
    assert_eq!(operation(scroll, json!([])), ["handle string"]);
    assert_eq!(operation(body, json!([])), <[&str; 0]>::default());
    let declared = json!([{"name": "page", "in": "query", "schema": {"type": "string"}}]);
    assert_eq!(operation(page, declared), ["page string", "per_page integer"], "a declared parameter is kept");
}

#[test]
fn the_kind_of_a_file_follows_only_from_its_innermost_folders() {
    let folder = |name: &str| folder(&YamlFile { name: name.to_owned(), text: String::new() });
    assert_eq!(folder("descriptions/platform/webhooks.yaml"), Some("platform"));
    assert_eq!(folder("descriptions/docs/fields.yaml"), Some("docs"));
    assert_eq!(folder("/home/docs/platform/descriptions/docs/types/contacts.yaml"), Some("docs/types"));
    assert_eq!(folder("/home/platform/descriptions/overlays/names.yaml"), Some("overlays"));
    assert_eq!(folder("/home/platform/docs/mine/names.yaml"), None);
    assert_eq!(folder("my-docs/names.yaml"), None);
    assert_eq!(folder("names.yaml"), None);
}
