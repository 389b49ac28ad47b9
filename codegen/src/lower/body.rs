//! Request bodies.

use openapiv3::Operation as Source;

use super::Lowering;
use super::schema::Place;
use crate::diag::{Error, Result, join};
use crate::ir::{Body, Content, Doc, RustName};
use crate::spec::{Node, borrowed};

impl<'a> Lowering<'a> {
    /// What an operation sends.
    pub(super) fn body(&mut self, source: &'a Source, place: &Place) -> Result<Option<Body>> {
        let Some(body) = &source.request_body else { return Ok(None) };
        let pointer = join(&place.pointer, "requestBody");
        let body = self.spec.request_body(body, &pointer)?;
        let [(media_type, media)] = body.content.iter().collect::<Vec<_>>()[..] else {
            return Err(Error::new("", pointer, "a request body needs exactly one media type")
                .hint("keep one of them with an overlay"));
        };
        let pointer = join(&join(&pointer, "content"), media_type);
        let name = RustName(format!("{}Request", place.name.bare()));
        let place = Place { pointer: join(&pointer, "schema"), name, module: place.module.clone() };
        let Some(schema) = &media.schema else {
            return Err(
                Error::new("", pointer, "a request body without a schema").hint("add the schema with an overlay")
            );
        };
        let content = match (media_type.as_str(), self.spec.node(borrowed(schema), &place.pointer)?) {
            ("application/json", _) => Content::Json(self.schema(borrowed(schema), &place)?.ty),
            // A form is never JSON, so it makes no type.
            ("multipart/form-data", Node::Inline(view)) if view.properties.is_some() => {
                Content::Multipart(self.object(&view, &place)?.fields)
            }
            ("multipart/form-data", _) => {
                return Err(Error::new("", place.pointer, "a form must be an inline object")
                    .hint("write its properties in place with an overlay"));
            }
            (other, _) => {
                return Err(Error::new("", pointer, format!("a request body of type {other} is not supported"))
                    .hint("application/json and multipart/form-data (with an object) are"));
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
}
