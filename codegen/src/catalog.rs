//! Converts the IR into the catalog of a version: the API as data, for tools that handle every operation alike.

use std::collections::BTreeSet;

use intercom_catalog as catalog;
use serde_json::Value;

use crate::doc_comments;
use crate::ir::{
    Alias, Api, Body, Content, Doc, Example, Field, Limits, Location, Operation, Paging, Param, Response,
    SchemaMetadata, Shorthand, Success, Ty, TypeDef, TypeId, TypeKind, TypeTable, WireName, dotted,
};

/// The catalog of an API.
pub fn catalog(api: &Api) -> catalog::Catalog {
    let mut operations: Vec<_> = api.operations().map(|it| operation(api, it)).collect();
    operations.sort_by(|a, b| a.id.cmp(&b.id));
    let used = api.types.reached(api.operations().flat_map(roots));
    let mut types: Vec<_> =
        api.types.iter().filter(|def| used.contains(&def.id)).map(|def| type_of(&api.types, def)).collect();
    types.sort_by(|a, b| a.name.cmp(&b.name));
    // A group that has only aliases of other groups' operations has no operation to list.
    let groups = api.groups_with_operations();
    let groups = groups.map(|group| catalog::Group { name: group.name.clone(), doc: group.doc.clone() });
    catalog::Catalog {
        version: api.version.clone(),
        title: api.title.clone(),
        groups: groups.collect(),
        operations,
        types,
    }
}

/// The types that an operation refers to directly.
fn roots(operation: &Operation) -> BTreeSet<TypeId> {
    let body = operation.body.iter().flat_map(|body| {
        let parts = body.parts().iter().map(|part| &part.ty);
        body.json().into_iter().chain(parts)
    });
    let parameters = operation.params.iter().map(|param| &param.ty);
    let responses = operation.responses.iter().filter_map(|response| response.ty.as_ref());
    let items = operation.paging.iter().map(|paging| &paging.item);
    parameters.chain(body).chain(responses).chain(items).filter_map(Ty::named).collect()
}

fn operation(api: &Api, operation: &Operation) -> catalog::Operation {
    let types = &api.types;
    catalog::Operation {
        id: operation.id.clone(),
        operation_id: operation.operation_id.clone(),
        group: operation.group.clone(),
        method: operation.method.bare().to_owned(),
        aliases: operation.aliases.iter().map(Alias::id).collect(),
        http_method: operation.http_method.clone(),
        path: operation.path.clone(),
        summary: operation.doc.summary.clone(),
        description: operation.doc.description.clone(),
        reference: doc_comments::reference_url(&api.version, operation),
        deprecated: operation.deprecated,
        idempotent: operation.idempotent,
        deletes: operation.deletes,
        destructive: operation.destructive,
        version: operation.version.clone(),
        accept: operation.accept.clone(),
        download: operation.success == Success::Download,
        parameters: operation.params.iter().map(|it| parameter(types, it)).collect(),
        body: operation.body.as_ref().map(|it| body(types, it)),
        responses: operation.responses.iter().map(|it| response(types, it)).collect(),
        pagination: operation.paging.as_ref().map(|it| pagination(types, it)),
        search: operation
            .search
            .iter()
            .map(|field| catalog::SearchField {
                name: field.wire.0.clone(),
                kind: field.kind.clone(),
                operators: field.operators.clone(),
            })
            .collect(),
        shorthands: operation.shorthands.iter().map(|it| shorthand(types, it)).collect(),
        resource: operation.resource.clone().map(Box::new),
    }
}

fn shorthand(types: &TypeTable, shorthand: &Shorthand) -> catalog::Shorthand {
    let value = |path: &[WireName], text: &str| {
        let is_flag = types.field_at(shorthand.body, path).is_some_and(|field| *types.resolve(&field.ty) == Ty::Bool);
        if is_flag { Value::from(text == "true") } else { Value::from(text) }
    };
    catalog::Shorthand {
        method: shorthand.method.bare().to_owned(),
        summary: shorthand.doc.summary.clone().unwrap_or_default(),
        description: shorthand.doc.description.clone(),
        body: types[shorthand.body].name.bare().to_owned(),
        sets: shorthand.sets.iter().map(|(path, text)| (dotted(path), value(path, text))).collect(),
        takes: shorthand
            .takes
            .iter()
            .map(|(name, path)| catalog::Argument { name: name.bare().to_owned(), field: dotted(path) })
            .collect(),
    }
}

fn parameter(types: &TypeTable, param: &Param) -> catalog::Parameter {
    let given = param.examples.first().map(|example| &example.value).or(param.metadata.example.as_ref());
    catalog::Parameter {
        name: param.wire.0.clone(),
        location: match param.location {
            Location::Path => catalog::Location::Path,
            Location::Query => catalog::Location::Query,
            Location::QueryCommaList => catalog::Location::QueryCommaList,
            Location::QueryRepeated => catalog::Location::QueryRepeated,
            Location::QueryExploded => catalog::Location::QueryExploded,
            Location::Header => catalog::Location::Header,
        },
        required: param.required,
        schema: schema(types, &param.ty, &param.metadata),
        constant: param.constant.clone(),
        deprecated: param.deprecated,
        doc: doc_text(&param.doc),
        example: given.cloned(),
    }
}

fn body(types: &TypeTable, body: &Body) -> catalog::Body {
    let (schema, parts) = match &body.content {
        Content::Json(ty) => (Some(schema(types, ty, &SchemaMetadata::default())), Vec::new()),
        Content::Multipart(parts) => (None, parts.iter().map(|part| property(types, part)).collect()),
    };
    catalog::Body {
        media_type: body.media_type.clone(),
        required: body.required,
        schema,
        parts,
        examples: examples(&body.examples),
        doc: doc_text(&body.doc),
    }
}

fn response(types: &TypeTable, response: &Response) -> catalog::Response {
    catalog::Response {
        status: response.status.clone(),
        succeeds: response.succeeds,
        media_type: response.media_type.clone(),
        schema: response.ty.as_ref().map(|ty| schema(types, ty, &SchemaMetadata::default())),
        nullable: response.nullable,
        examples: examples(&response.examples),
        doc: doc_text(&response.doc),
    }
}

fn examples(examples: &[Example]) -> Vec<catalog::Example> {
    let examples = examples.iter();
    examples
        .map(|example| catalog::Example { name: example.name.clone(), value: example.value.clone().into() })
        .collect()
}

fn pagination(types: &TypeTable, paging: &Paging) -> catalog::Pagination {
    catalog::Pagination {
        style: paging.style.clone(),
        in_body: paging.in_body,
        position: paging.position.clone(),
        per_page: paging.per_page.clone(),
        max_per_page: paging.max_per_page,
        items: paging.items.clone(),
        next: paging.next.clone(),
        last: paging.last.clone(),
        more: paging.more.clone(),
        total: paging.total.clone(),
        item: types.definition(&paging.item).map(|def| def.name.bare().to_owned()),
    }
}

fn type_of(types: &TypeTable, def: &TypeDef) -> catalog::Type {
    let definition = match &def.kind {
        TypeKind::Struct(structure) => catalog::Definition::Object {
            properties: structure.fields.iter().map(|field| property(types, field)).collect(),
            alternatives: structure
                .required_sets
                .iter()
                .map(|alternative| alternative.required.iter().map(|name| name.0.clone()).collect())
                .collect(),
        },
        TypeKind::TextEnum(variants) => catalog::Definition::Enum(
            variants
                .iter()
                .map(|variant| catalog::EnumValue { value: variant.wire.0.clone(), doc: variant.doc.clone() })
                .collect(),
        ),
        TypeKind::Union(union) => catalog::Definition::Union {
            tag: union.tag.as_ref().map(|tag| tag.0.clone()),
            alternatives: union
                .members
                .iter()
                .map(|member| catalog::Alternative {
                    schema: schema(types, &member.ty, &member.metadata),
                    tags: member.tags.clone(),
                })
                .collect(),
        },
        TypeKind::Alias(ty) => catalog::Definition::Alias(Box::new(schema(types, ty, &def.metadata))),
    };
    catalog::Type {
        name: def.name.bare().to_owned(),
        schema_name: def.wire.as_ref().map(|name| name.0.clone()),
        nullable: def.nullable,
        definition,
        doc: doc_text(&def.doc),
        example: def.metadata.example.clone(),
    }
}

fn property(types: &TypeTable, field: &Field) -> catalog::Property {
    catalog::Property {
        name: field.wire.0.clone(),
        schema: schema(types, &field.ty, &field.metadata),
        required: field.required,
        nullable: field.nullable,
        always_present: field.pinned,
        constant: field.constant.clone(),
        read_only: field.metadata.read_only,
        write_only: field.metadata.write_only,
        deprecated: field.deprecated,
        doc: doc_text(&field.doc),
    }
}

fn schema(types: &TypeTable, ty: &Ty, metadata: &SchemaMetadata) -> catalog::Schema {
    let none = SchemaMetadata::default();
    let items = metadata.items.as_deref().unwrap_or(&none);
    let shape = match ty {
        Ty::String => catalog::Shape::String,
        Ty::Bool => catalog::Shape::Boolean,
        Ty::I64 => catalog::Shape::Integer,
        Ty::F64 => catalog::Shape::Number,
        Ty::Id => catalog::Shape::Id,
        Ty::Timestamp => catalog::Shape::Timestamp,
        Ty::Value => catalog::Shape::Any,
        Ty::Attributes => catalog::Shape::Object,
        Ty::Bytes => catalog::Shape::File,
        Ty::List(item) => catalog::Shape::List(Box::new(schema(types, item, items))),
        Ty::Map(value) => catalog::Shape::Map(Box::new(schema(types, value, items))),
        Ty::Nullable(inner) => {
            // The JSON type (of an id or a time) and the items describe the inner schema; limits, default and example stay with the
            // nullable one.
            let (json_type, items) = (metadata.json_type.clone(), metadata.items.clone());
            let inner_metadata = SchemaMetadata { json_type, items, ..SchemaMetadata::default() };
            catalog::Shape::Nullable(Box::new(schema(types, inner, &inner_metadata)))
        }
        Ty::Boxed(inner) => return schema(types, inner, metadata),
        Ty::Named(id) => catalog::Shape::Type(types[*id].name.bare().to_owned()),
    };
    let two_forms = matches!(shape, catalog::Shape::Id | catalog::Shape::Timestamp);
    let text_enum = types.definition(ty).is_some_and(|def| matches!(def.kind, TypeKind::TextEnum(_)));
    catalog::Schema {
        shape,
        json_type: metadata.json_type.clone().filter(|_| two_forms),
        format: metadata.format.clone(),
        pattern: metadata.pattern.clone(),
        // The values of an enum are listed at its type.
        values: if text_enum { Vec::new() } else { metadata.values.clone() },
        limits: limits(&metadata.limits),
        default: metadata.default.clone(),
        example: metadata.example.clone(),
    }
}

fn limits(limits: &Limits) -> catalog::Limits {
    catalog::Limits {
        min_length: limits.min_length,
        max_length: limits.max_length,
        minimum: limits.minimum.clone(),
        maximum: limits.maximum.clone(),
        exclusive_minimum: limits.exclusive_minimum,
        exclusive_maximum: limits.exclusive_maximum,
        multiple_of: limits.multiple_of.clone(),
        min_properties: limits.min_properties,
        max_properties: limits.max_properties,
        min_items: limits.min_items,
        max_items: limits.max_items,
        unique_items: limits.unique_items,
    }
}

/// Summary and description as one Markdown text; `None` if there is neither.
fn doc_text(doc: &Doc) -> Option<String> {
    let parts: Vec<&str> = doc.summary.iter().chain(&doc.description).map(|text| text.trim()).collect();
    let text = parts.join("\n\n");
    (!text.is_empty()).then_some(text)
}
