//! The IR keeps the metadata of a description (limits, examples, security, …) as data, so that an emitter need not read OpenAPI.

use intercom_codegen::ir::{Api, Operation, SecurityKind, Struct, TypeKind};
use serde_json::{Number, Value, json};

const DESCRIPTION: &str = r"
openapi: 3.0.1
info: {title: Case, version: '2.15'}
servers: [{url: 'https://api.example'}]
security: [{token: []}]
paths:
  /pets/{id}:
    put:
      tags: [pets]
      operationId: update
      summary: Update
      description: Changes a pet.
      deprecated: true
      security: [{token: []}, {login: [write], key: []}]
      parameters:
      - {name: id, in: path, required: true, schema: {type: integer, minimum: 1}, example: 7}
      - {name: sort, in: query, deprecated: true, schema: {type: string, enum: [up, down], default: up}, examples: {up: {value: up}}}
      requestBody:
        required: true
        description: The pet.
        content:
          application/json; charset=utf-8:
            schema: {$ref: '#/components/schemas/pet'}
            examples: {rex: {value: {kind: dog}}, tom: {$ref: '#/components/examples/tom'}}
      responses:
        '200': {description: OK, content: {application/json: {schema: {$ref: '#/components/schemas/any_pet'}, example: {kind: cat}}}}
        4XX: {description: Wrong, content: {text/plain: {schema: {type: string}}}}
components:
  examples: {tom: {value: {kind: cat}}}
  securitySchemes:
    token: {type: http, scheme: Bearer}
    key: {type: apiKey, in: header, name: X-Key}
    login: {type: oauth2, flows: {clientCredentials: {tokenUrl: 'https://a.example', scopes: {write: Write}}}}
  schemas:
    any_pet:
      nullable: true
      oneOf: [{$ref: '#/components/schemas/pet'}, {$ref: '#/components/schemas/fish'}]
      discriminator: {propertyName: kind, mapping: {cat: '#/components/schemas/pet', dog: pet, fish: '#/components/schemas/fish'}}
    fish: {type: object, properties: {kind: {type: string}}}
    pet:
      type: object
      title: A pet
      properties:
        kind: {type: string, enum: [cat, dog], example: dog}
        name: {type: string, minLength: 1, maxLength: 40, pattern: '^[a-z]+$', nullable: true}
        legs: {type: integer, enum: [2, 4], default: 4}
        weight: {type: number, minimum: 0, exclusiveMinimum: true, multipleOf: 0.5}
        tags: {type: array, maxItems: 9, uniqueItems: true, items: {type: string, format: uuid}}
        created_at: {type: integer, readOnly: true}
";

fn api() -> Api {
    intercom_codegen::read(DESCRIPTION, &[], "2.15".parse().unwrap()).unwrap().0
}

fn operation(api: &Api) -> &Operation {
    &api.groups[0].operations[0]
}

fn structure<'a>(api: &'a Api, name: &str) -> &'a Struct {
    let def = api.types.iter().find(|def| def.name.0 == name).unwrap();
    match &def.kind {
        TypeKind::Struct(structure) => structure,
        other => panic!("{name} is {other:?}"),
    }
}

#[test]
fn fields_have_the_metadata_of_their_schemas() {
    let api = api();
    let field = |name: &str| structure(&api, "Pet").fields.iter().find(|field| field.wire.0 == name).unwrap();
    assert_eq!(field("kind").metadata.values, [json!("cat"), json!("dog")]);
    assert_eq!(field("kind").metadata.example, Some(json!("dog")));
    let name = field("name");
    assert_eq!((name.metadata.limits.min_length, name.metadata.limits.max_length), (Some(1), Some(40)));
    assert_eq!((name.metadata.pattern.as_deref(), name.nullable), (Some("^[a-z]+$"), true));
    let legs = &field("legs").metadata;
    assert_eq!((&legs.values[..], &legs.default), (&[json!(2), json!(4)][..], &Some(json!(4))));
    let weight = &field("weight").metadata.limits;
    assert_eq!((&weight.minimum, weight.exclusive_minimum), (&Number::from_f64(0.0), true));
    assert_eq!(weight.multiple_of, Number::from_f64(0.5));
    let tags = &field("tags").metadata;
    assert_eq!((tags.limits.max_items, tags.limits.unique_items), (Some(9), true));
    assert_eq!(tags.items.as_ref().unwrap().format.as_deref(), Some("uuid"));
    assert!(field("created_at").metadata.read_only);
    assert_eq!(field("created_at").id_or_time_json_type(), Some("integer"));
}

#[test]
fn unions_have_the_tags_of_their_alternatives() {
    let api = api();
    let def = api.types.iter().find(|def| def.name.0 == "AnyPet").unwrap();
    let TypeKind::Union(union) = &def.kind else { panic!("{def:?}") };
    assert_eq!(union.tag.as_ref().unwrap().0, "kind");
    let tags: Vec<&[String]> = union.members.iter().map(|member| &member.tags[..]).collect();
    assert_eq!(tags, [&["cat".to_owned(), "dog".to_owned()][..], &["fish".to_owned()][..]]);
    assert!(def.nullable);
}

#[test]
fn operations_have_texts_examples_and_media_types() {
    let api = api();
    let operation = operation(&api);
    assert_eq!(
        (operation.doc.summary.as_deref(), operation.doc.description.as_deref()),
        (Some("Update"), Some("Changes a pet."))
    );
    let [id, sort] = &operation.params[..] else { panic!("{:?}", operation.params) };
    assert_eq!((id.examples[0].name.as_deref(), &id.examples[0].value), (None, &json!(7)));
    assert_eq!(id.metadata.limits.minimum, Some(Number::from(1)));
    assert_eq!((sort.metadata.default.as_ref(), sort.deprecated), (Some(&json!("up")), true));
    assert_eq!(sort.examples[0].name.as_deref(), Some("up"));

    let body = operation.body.as_ref().unwrap();
    assert_eq!((&body.media_type[..], body.required), ("application/json; charset=utf-8", true));
    let examples: Vec<(Option<&str>, &Value)> =
        body.examples.iter().map(|example| (example.name.as_deref(), &example.value)).collect();
    assert_eq!(examples, [(Some("rex"), &json!({"kind": "dog"})), (Some("tom"), &json!({"kind": "cat"}))]);
    assert_eq!(body.doc.description.as_deref(), Some("The pet."));

    let [success, failure] = &operation.responses[..] else { panic!("{:?}", operation.responses) };
    assert_eq!((&success.status[..], success.succeeds, success.nullable), ("200", true, true));
    assert_eq!(success.examples[0].value, json!({"kind": "cat"}));
    assert_eq!((&failure.status[..], failure.media_type.as_deref()), ("4XX", Some("text/plain")));
    assert!(failure.ty.is_none());
}

#[test]
fn security_and_servers_are_in_the_ir() {
    let api = api();
    assert_eq!(api.servers[0].url, "https://api.example");
    let kinds: Vec<&SecurityKind> = api.security_schemes.iter().map(|scheme| &scheme.kind).collect();
    let key = SecurityKind::ApiKey { location: "header".to_owned(), name: "X-Key".to_owned() };
    assert_eq!(kinds, [&SecurityKind::Http("bearer".to_owned()), &key, &SecurityKind::OAuth2]);
    assert_eq!(api.security, [vec![("token".to_owned(), Vec::new())]]);
    let own = operation(&api).security.as_ref().unwrap();
    assert_eq!(own[1], [("login".to_owned(), vec!["write".to_owned()]), ("key".to_owned(), Vec::new())]);
}
