use serde_json::{Value, json};

use super::*;

fn file(name: &str, text: &str) -> YamlFile {
    YamlFile { name: name.to_owned(), text: text.to_owned() }
}

fn sample() -> Documentation {
    let files = [
        file(
            "docs/operations/contacts.yaml",
            "group: contacts
about: People of a workspace.
operations:
  - operation: POST /contacts/{}/archive
    summary: Archive a contact.
    details: It can be unarchived.
    errors: ['404 when no contact has this id.']
    arguments: {contact_id: Intercom's id.}
    body: {reason.text: Why.}
  - operation: POST /contacts/{}/archive
    versions: '2.14'
    summary: Archive a lead or a user.
",
        ),
        file("docs/fields.yaml", "fields: {created_at: When it was created.}\nself_explaining: [name]\n"),
        file(
            "docs/types/contacts.yaml",
            "types:
  contact:
    about: A person.
    fields: {owner: 'The admin who is responsible.', 'tags.label': 'The text.'}
    values: {role: {user: Identified by an e-mail address.}}
",
        ),
    ];
    Documentation::parse(&files).unwrap()
}

fn document() -> Value {
    json!({
        "paths": {"/contacts/{id}/archive": {
            "parameters": [{"name": "contact_id", "in": "path"}],
            "post": {
                "x-sdk-group": "contacts",
                "requestBody": {"content": {"application/json": {"schema": {
                    "properties": {"reason": {"properties": {"text": {"type": "string"}}}}
                }}}}
            }
        }},
        "components": {"schemas": {"contact": {"properties": {
            "name": {"type": "string"},
            "created_at": {"type": "integer"},
            "owner": {"$ref": "#/components/schemas/admin"},
            "role": {"type": "string", "enum": ["user", "lead"]},
            "tags": {"type": "array", "items": {"properties": {"label": {"type": "string"}}}}
        }}}}
    })
}

#[test]
fn sentences_are_written_to_the_keys_of_openapi() {
    let (mut document, mut used) = (document(), Used::new());
    sample().apply(&mut document.clone(), "2.14".parse().unwrap(), &mut used);
    sample().apply(&mut document, "2.15".parse().unwrap(), &mut used);
    let at = |pointer: &str| document.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
    let post = "/paths/~1contacts~1{id}~1archive/post";
    assert_eq!(at(&format!("{post}/summary")), "Archive a contact.");
    assert_eq!(
        at(&format!("{post}/description")),
        "It can be unarchived.\n\n# Errors\n\n- 404 when no contact has this id."
    );
    assert_eq!(at(&format!("{post}/parameters/0/description")), "Intercom's id.");
    let body =
        format!("{post}/requestBody/content/application~1json/schema/properties/reason/properties/text/description");
    assert_eq!(at(&body), "Why.");
    let contact = "/components/schemas/contact";
    assert_eq!(at(&format!("{contact}/description")), "A person.");
    assert_eq!(at(&format!("{contact}/properties/created_at/description")), "When it was created.");
    assert_eq!(at(&format!("{contact}/properties/owner/description")), "The admin who is responsible.");
    assert_eq!(at(&format!("{contact}/properties/owner/allOf/0/$ref")), "#/components/schemas/admin");
    assert_eq!(at(&format!("{contact}/properties/tags/items/properties/label/description")), "The text.");
    assert_eq!(at(&format!("{contact}/properties/role/x-sdk-values/user")), "Identified by an e-mail address.");
    assert_eq!(at("/x-sdk-groups/contacts"), "People of a workspace.");
    assert!(sample().unused(&used).is_empty());
}

#[test]
fn an_entry_for_a_version_is_preferred_to_the_one_for_all_versions() {
    let mut document = document();
    sample().apply(&mut document, "2.14".parse().unwrap(), &mut Used::new());
    let summary = document.pointer("/paths/~1contacts~1{id}~1archive/post/summary");
    assert_eq!(summary, Some(&json!("Archive a lead or a user.")));
}

#[test]
fn a_sentence_of_the_description_is_kept() {
    let mut document = document();
    document["components"]["schemas"]["contact"]["description"] = json!("Theirs.");
    sample().apply(&mut document, "2.15".parse().unwrap(), &mut Used::new());
    assert_eq!(document["components"]["schemas"]["contact"]["description"], json!("Theirs."));
}

#[test]
fn coverage_lists_what_has_no_sentence() {
    let (mut document, documentation) = (document(), sample());
    documentation.apply(&mut document, "2.15".parse().unwrap(), &mut Used::new());
    let coverage = documentation.coverage(&document);
    let schema = "/paths/~1contacts~1{id}~1archive/post/requestBody/content/application~1json/schema";
    assert_eq!((coverage.operations.len(), coverage.arguments.len()), (0, 0));
    assert_eq!(
        coverage.fields,
        [
            format!("{schema}/properties/reason"),
            "/components/schemas/contact/properties/role".to_owned(),
            "/components/schemas/contact/properties/tags".to_owned(),
        ]
    );
}

#[test]
fn coverage_lists_parameters_of_paths_and_components() {
    let document = json!({
        "paths": {"/tags/{id}": {
            "parameters": [{"name": "id", "in": "path"}, {"$ref": "#/components/parameters/page"}],
            "get": {"summary": "Find.", "parameters": [{"$ref": "#/components/parameters/size"}]},
            "put": {"summary": "Update.", "parameters": [{"name": "id", "in": "path", "description": "Intercom's id."}]},
        }},
        "components": {"parameters": {
            "page": {"name": "page", "in": "query", "description": "The page."},
            "size": {"name": "size", "in": "query"},
        }},
    });
    let arguments = sample().coverage(&document).arguments;
    assert_eq!(arguments, ["/paths/~1tags~1{id}/get/parameters/0", "/paths/~1tags~1{id}/parameters/0"]);
}

#[test]
fn a_group_and_a_type_of_the_same_name_are_two_entries() {
    let documentation = Documentation::parse(&[
        file("docs/operations/tags.yaml", "group: tags\nabout: Labels.\noperations: []\n"),
        file("docs/types/tags.yaml", "types: {tags: {about: A list.}}\n"),
    ]);
    let documentation = documentation.unwrap();
    let mut document = json!({
        "paths": {"/tags": {"get": {"x-sdk-group": "tags"}}},
        "components": {"schemas": {"tag": {}}},
    });
    let mut used = Used::new();
    documentation.apply(&mut document, "2.15".parse().unwrap(), &mut used);
    let unused: Vec<String> = documentation.unused(&used).iter().map(ToString::to_string).collect();
    assert!(matches!(&unused[..], [only] if only.contains("`type tags` applies to no version")), "{unused:?}");
}

/// `default` is a keyword of schemas, and a status of responses.
#[test]
fn an_inline_schema_of_a_default_response_is_documented() {
    let documentation = sample();
    let mut document = json!({
        "paths": {"/tags": {"get": {"responses": {"default": {"content": {"application/json": {"schema": {
            "properties": {"created_at": {"type": "integer", "default": {"properties": {"created_at": {}}}}, "other": {}}
        }}}}}}}},
    });
    documentation.apply(&mut document, "2.15".parse().unwrap(), &mut Used::new());
    let schema = "/paths/~1tags/get/responses/default/content/application~1json/schema/properties";
    let properties = document.pointer(schema).unwrap();
    assert_eq!(properties["created_at"]["description"], json!("When it was created."));
    assert_eq!(properties["created_at"]["default"], json!({"properties": {"created_at": {}}}));
    assert_eq!(documentation.coverage(&document).fields, [format!("{schema}/other")]);
}

#[test]
fn an_entry_that_applies_to_no_version_is_reported() {
    let unused = sample().unused(&Used::new());
    assert_eq!(unused.len(), 10, "{unused:?}");
    assert!(unused[0].to_string().contains("docs/operations/contacts.yaml"), "{}", unused[0]);
}

#[test]
fn the_error_for_a_wrong_key_names_the_file_and_the_line() {
    let error = Documentation::parse(&[file("docs/operations/a.yaml", "group: a\nabout: b\noperation: []\n")]);
    let error = error.unwrap_err().to_string();
    for part in ["docs/operations/a.yaml", "unknown field `operation`", "line 3"] {
        assert!(error.contains(part), "{error}");
    }
}
