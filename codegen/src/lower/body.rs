//! Lowers request bodies.

use indexmap::IndexMap;
use openapiv3::{MediaType, Operation as Source};

use super::Lowering;
use super::schema::TypePlace;
use crate::diag::{Error, Result, join};
use crate::ir::{Body, Content, Doc, Field, RustName, Ty};
use crate::spec::{SchemaRef, borrowed};

impl<'a> Lowering<'a> {
    /// Lowers the request body of an operation.
    pub(super) fn body(&mut self, source: &'a Source, place: &TypePlace) -> Result<Option<Body>> {
        let Some(body) = &source.request_body else { return Ok(None) };
        let pointer = join(&place.pointer, "requestBody");
        let body = self.spec.request_body(body, &pointer)?;
        let Some((media_type, media)) = self.media_type(&body.content, &pointer)? else {
            return Err(Error::new("", pointer, "the request body has no media type").hint("add one with an overlay"));
        };
        let pointer = join(&join(&pointer, "content"), media_type);
        let name = RustName(format!("{}Request", place.name.bare()));
        let place = TypePlace { pointer: join(&pointer, "schema"), name, module: place.module.clone() };
        let Some(schema) = &media.schema else {
            return Err(
                Error::new("", pointer, "the request body has no schema").hint("add the schema with an overlay")
            );
        };
        if !media.encoding.is_empty() {
            self.warn("encoding", &join(&pointer, "encoding"), "the encoding of parts is ignored");
        }
        let content = match (essence(media_type), self.spec.resolve_schema(borrowed(schema), &place.pointer)?) {
            ("application/json", _) => Content::Json(self.schema(borrowed(schema), &place)?.ty),
            // The object of a form is never JSON, so no type is created for it.
            ("multipart/form-data", SchemaRef::Inline(view)) if view.properties.is_some() => {
                let fields = self.in_form(|lowering| lowering.object(&view, &place))?.fields;
                self.check_parts(&fields, &place)?;
                Content::Multipart(fields)
            }
            ("multipart/form-data", _) => {
                return Err(Error::new("", place.pointer, "a form must be an inline object with properties")
                    .hint("write its properties in place with an overlay"));
            }
            (other, _) => {
                return Err(Error::new("", pointer, format!("a request body of type {other} is not supported"))
                    .hint("supported are application/json, and multipart/form-data with an object"));
            }
        };
        Ok(Some(Body {
            media_type: media_type.clone(),
            required: body.required,
            content,
            examples: self.examples(media.example.as_ref(), &media.examples, &pointer),
            doc: Doc { summary: None, description: body.description.clone() },
        }))
    }

    /// Rejects parts of a form that are not files and have no text form.
    fn check_parts(&self, fields: &[Field], place: &TypePlace) -> Result<()> {
        match fields.iter().find(|field| field.ty != Ty::Bytes && !self.types.has_text_form(&field.ty)) {
            None => Ok(()),
            Some(part) => {
                let pointer = join(&join(&place.pointer, "properties"), &part.wire.0);
                Err(Error::new("", pointer, format!("the values of the part `{}` have no text form", part.wire.0))
                    .hint("a part of a form is a file (`format: binary`), a scalar or a string enum"))
            }
        }
    }

    /// The media type to use: the only one, otherwise JSON, otherwise a form; `None` if there are no media types.
    ///
    /// # Errors
    /// If there are several media types, and neither JSON nor a form is among them.
    pub(super) fn media_type(
        &mut self,
        content: &'a IndexMap<String, MediaType>,
        pointer: &str,
    ) -> Result<Option<(&'a String, &'a MediaType)>> {
        if content.len() < 2 {
            return Ok(content.first());
        }
        let known = ["application/json", "multipart/form-data"];
        let found = known.iter().find_map(|known| content.iter().find(|(media_type, _)| essence(media_type) == *known));
        let Some((used, media)) = found else {
            return Err(Error::new(
                "",
                join(pointer, "content"),
                "there are several media types, and none of them is application/json or multipart/form-data",
            )
            .hint("keep one of them with an overlay"));
        };
        for other in content.keys().filter(|other| *other != used) {
            let message = format!("{used} is used; this media type is ignored");
            self.warn("other-media-type", &join(&join(pointer, "content"), other), message);
        }
        Ok(Some((used, media)))
    }
}

/// A media type without its parameters.
pub(super) fn essence(media_type: &str) -> &str {
    media_type.split(';').next().unwrap_or(media_type).trim()
}
