use serde_json::{Value, json};

use super::*;

/// Imports a description with these paths and components; returns the imported document.
fn rewritten(text: &str) -> Value {
    let text = format!("openapi: 3.0.1\ninfo: {{title: A, version: '1'}}\n{text}");
    let imported = import(&text).unwrap();
    let again = import(&imported.yaml).unwrap();
    assert_eq!(again.yaml, imported.yaml, "a second import changes something");
    yaml::read(&imported.yaml).unwrap()
}

/// Imports a value as the example of a schema.
fn example(subject: &str, schema: &str, value: Value) -> Value {
    let text = format!(
        "paths: {{}}\ncomponents: {{schemas: {{it: {{properties: {{{subject}: {{{schema}example: {value}}}}}}}, \
         level: {{type: string, enum: [very low, very high]}}}}}}"
    );
    rewritten(&text).pointer(&format!("/components/schemas/it/properties/{subject}/example")).unwrap().clone()
}

#[test]
fn prose_is_removed_and_properties_of_the_same_name_are_kept() {
    let rewritten = rewritten(
        "
paths:
  /x/{id}:
    summary: prose
    x-extension: prose
    get:
      summary: prose
      description: prose
      operationId: getX
      responses:
        200:
          description: prose
          content:
            application/json:
              schema:
                description: prose
                properties:
                  description: {type: string, description: prose}
                  summary: {type: string}
                  x-ray: {type: integer}
              examples:
                found:
                  summary: prose
                  value: {description: d, summary: s, x-ray: 1}
",
    );
    assert_eq!(
        rewritten["paths"],
        json!({"/x/{id}": {"get": {"operationId": "getX", "responses": {"200": {
            "description": "OK",
            "content": {"application/json": {
                "schema": {"properties": {
                    "description": {"type": "string"}, "summary": {"type": "string"}, "x-ray": {"type": "integer"},
                }},
                "examples": {"found": {"value": {"description": "d", "summary": "s", "x-ray": 1}}},
            }},
        }}}}})
    );
}

#[test]
fn descriptions_of_responses_are_replaced() {
    let rewritten = rewritten(
        "
paths:
  /x:
    get:
      responses:
        '404': {$ref: '#/components/responses/Gone'}
        '599': {description: a}
        default: {description: b}
        4XX: {}
components:
  responses:
    Gone: {description: c}
    BadRequest: {description: d}
    Other: {description: e}
    x-name: {description: f}
",
    );
    let responses = json!({"404": {"$ref": "#/components/responses/Gone"}, "599": {"description": "Unassigned"},
        "default": {"description": "Any other status"}, "4XX": {"description": "Client error"}});
    assert_eq!(rewritten["paths"]["/x"]["get"]["responses"], responses);
    assert_eq!(
        rewritten["components"]["responses"],
        json!({"Gone": {"description": "Not Found"}, "BadRequest": {"description": "Bad Request"},
            "Other": {"description": "Response"}, "x-name": {"description": "Response"}})
    );
}

#[test]
fn text_in_examples_becomes_neutral_text_of_the_same_kind() {
    for (subject, before, after) in [
        ("body", "some words", "Example text"),
        ("name", "Ada Lovelace", "Example Name"),
        ("team_name", "The Team", "Example Name"),
        ("body", "<p class=\"a\">some words</p>", "<p>Example text</p>"),
        ("body", "say <b>it</b>", "<p>Example text</p>"),
        ("body", "a < b and c", "Example text"),
        ("body_markdown", "some words", "# Example text\n"),
        ("text", "# some\n\nwords", "# Example text\n"),
        ("id", "123 or more", "123"),
        ("next", "https://example.com/a?b c", "https://example.com/a?b"),
        ("body", "{\"a\": \"some words\"}", "{\"a\":\"Example text\"}"),
        ("url", "https://example.com/how-to-make-tea/x-y-z", "https://example.com/example/x-y-z"),
    ] {
        assert_eq!(example(subject, "", before.into()), after, "{before}");
    }
}

#[test]
fn values_that_are_not_prose_are_kept() {
    for value in [
        json!("word"),
        json!("2014-01-16 23:12:21 UTC"),
        json!("16 Jan 2014"),
        json!("+1 555 0100"),
        json!("{\"a\": \"word\"}"),
        json!({"a": [1, null, true, 1.5, "word"]}),
        json!(["", " "]),
    ] {
        assert_eq!(example("it", "", value.clone()), value);
    }
}

#[test]
fn text_that_a_schema_fixes_is_kept() {
    assert_eq!(example("a", "enum: [not yet, done], ", "not yet".into()), "not yet");
    assert_eq!(example("a", "enum: [not yet, done], ", "not now".into()), "Example text");
    assert_eq!(example("a", "$ref: '#/components/schemas/level', ", "very low".into()), "very low");
    assert_eq!(
        example("a", "items: {anyOf: [{$ref: '#/components/schemas/level'}]}, ", json!(["very low"])),
        json!(["very low"])
    );
    assert_eq!(example("a", "format: byte, ", "aGVs bG8=".into()), "aGVs bG8=");
    assert_eq!(example("a", "format: date-time, ", "some words".into()), "Example text");
    let inside = "properties: {b: {enum: [not yet]}}, additionalProperties: {enum: [or now]}, ";
    let value = json!({"b": "not yet", "c": "or now", "d": {"name": "some words"}});
    assert_eq!(example("a", inside, value), json!({"b": "not yet", "c": "or now", "d": {"name": "Example Name"}}));
}

#[test]
fn examples_of_headers_are_kept() {
    let rewritten = rewritten(
        "
paths:
  /x:
    get:
      responses:
        '200':
          headers: {Link: {description: prose, schema: {type: string, example: 'attachment; more words'}}}
",
    );
    let headers = rewritten.pointer("/paths/~1x/get/responses/200/headers").unwrap();
    assert_eq!(*headers, json!({"Link": {"schema": {"type": "string", "example": "attachment; more words"}}}));
}

#[test]
fn names_of_examples_are_shortened_and_stay_unique() {
    let rewritten = rewritten(
        "
paths:
  /x:
    get:
      requestBody:
        content:
          application/json:
            schema: {title: 'one two three four five six, seven', type: object}
            examples:
              one two three four five six seven: {value: 1}
              one two three four five six: {value: 2}
              one two three four five six eight: {value: 3}
              one_two-three_four_five_six_seven: {value: 4}
      responses: {}
",
    );
    let media = rewritten.pointer("/paths/~1x/get/requestBody/content/application~1json").unwrap();
    assert_eq!(media["schema"]["title"], "one two three four five six");
    let names: Vec<_> =
        media["examples"].as_object().unwrap().iter().map(|(name, e)| (name.as_str(), &e["value"])).collect();
    assert_eq!(
        names,
        [
            ("one two three four five six 2", &json!(1)),
            ("one two three four five six", &json!(2)),
            ("one two three four five six 3", &json!(3)),
            ("one_two-three_four_five_six", &json!(4)),
        ]
    );
}

#[test]
fn an_unknown_field_is_left_out_with_a_warning() {
    let imported = import("openapi: 3.0.3\ninfo: {title: A, version: '1'}\npaths: {}\nwebhooks: {}\n").unwrap();
    assert!(!imported.yaml.contains("webhooks"));
    assert_eq!(imported.warnings.len(), 1);
    assert_eq!((imported.warnings[0].code, imported.warnings[0].pointer.as_str()), ("unknown-field", "/webhooks"));
}

#[test]
fn an_operation_in_an_unknown_place_is_an_error() {
    let error = import("openapi: 3.0.1\ninfo: {title: A, version: '1'}\npaths: {/x: {x-y: {}, parameters: [{name: a, in: query, schema: {enum: [1]}}]}, x-z: {get: {}}}\n").unwrap_err();
    assert!(error.message().contains("operations 1 → 0"), "{error}");
}

#[test]
fn a_document_that_is_not_a_description_is_rejected_with_its_place() {
    for (text, place, message) in [
        ("", "", "the document is not a mapping"),
        ("- a", "", "the document is not a mapping"),
        ("a: b", "", "it has no `openapi`"),
        ("swagger: '2.0'", "", "it has no `openapi`"),
        ("openapi: 3.1.0", "/openapi", "`openapi` is \"3.1.0\""),
        ("openapi: 3.0", "/openapi", "`openapi` is 3.0"),
        ("openapi: 3.0.1", "", "`info` is missing"),
        ("openapi: 3.0.1\ninfo: {}", "", "`paths` is missing"),
        ("openapi: 3.0.1\ninfo: {}\npaths: {/x: []}", "/paths/~1x", "expected a mapping, found a list"),
        ("openapi: 3.0.1\ninfo: {}\npaths: {}\ntags: {}", "/tags", "expected a list, found a mapping"),
        ("openapi: [", "", "line 2"),
    ] {
        let error = import(text).unwrap_err();
        assert_eq!(error.pointer(), place, "{error}");
        assert!(error.message().contains(message) && !error.hint_text().is_empty(), "{error}");
    }
}
