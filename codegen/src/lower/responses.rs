//! Lowers responses: the type of a success, and every declared response.

use openapiv3::{Operation, Response as Source, StatusCode};

use super::body::essence;
use super::schema::TypePlace;
use super::{Lowering, flag};
use crate::diag::{Error, Result, join};
use crate::ir::{Doc, Response, RustName, Success, Ty};
use crate::spec::borrowed;

/// The responses of an operation.
pub(super) struct Responses {
    pub(super) success: Success,
    pub(super) declared: Vec<Response>,
    pub(super) accept: String,
}

impl<'a> Lowering<'a> {
    /// Lowers the responses of an operation.
    pub(super) fn responses(&mut self, source: &'a Operation, place: &TypePlace) -> Result<Responses> {
        let pointer = join(&place.pointer, "responses");
        let mut success: Option<Success> = None;
        let mut declared = Vec::new();
        let numbered = source
            .responses
            .responses
            .iter()
            .map(|(status, response)| (status.to_string(), is_success(status), response));
        let default = source.responses.default.iter().map(|response| ("default".to_owned(), false, response));
        for (status, succeeds, source) in numbered.chain(default) {
            let (source, pointer) = self.spec.response(source, &join(&pointer, &status))?;
            let place = TypePlace { pointer, ..place.clone() };
            let (response, kind) = self.response(status, succeeds, source, &place)?;
            match (&success, kind) {
                _ if !succeeds => {}
                (None | Some(Success::Empty), kind) => success = Some(kind),
                (Some(_), Success::Empty) => {}
                (Some(known), kind) if *known == kind => {}
                (Some(known), kind) => {
                    // A JSON response is preferred to text and files, even if it is declared later.
                    let better = matches!((known, &kind), (Success::Text | Success::Download, Success::Json(_)));
                    let status = &response.status;
                    let message = if better {
                        format!(
                            "the response {status} is JSON, but an earlier success is not; both are decoded as this type"
                        )
                    } else {
                        format!(
                            "the response {status} has another type than an earlier success; it is decoded as the type of the earlier one"
                        )
                    };
                    let media_type = response.media_type.as_deref().unwrap_or_default();
                    let pointer = join(&join(&place.pointer, "content"), media_type);
                    self.warn("several-success-types", &pointer, message);
                    if better {
                        success = Some(kind);
                    }
                }
            }
            declared.push(response);
        }
        if flag(source, "x-sdk-download") {
            success = Some(Success::Download);
        }
        let success = success.unwrap_or_else(|| {
            let message = "no successful response is declared; the body of a success is decoded as any JSON";
            self.warn("no-success-response", &place.pointer, message);
            Success::Json(Ty::Value)
        });
        let accept = accepts(&success, &declared);
        Ok(Responses { success, declared, accept })
    }

    /// Lowers a declared response, and returns how its body is decoded if it is a success.
    fn response(
        &mut self,
        status: String,
        succeeds: bool,
        source: &'a Source,
        place: &TypePlace,
    ) -> Result<(Response, Success)> {
        let mut response = Response {
            status,
            succeeds,
            media_type: None,
            ty: None,
            nullable: false,
            examples: Vec::new(),
            doc: Doc { summary: None, description: Some(source.description.clone()) },
        };
        let Some((media_type, media)) = self.media_type(&source.content, &place.pointer)? else {
            return Ok((response, Success::Empty));
        };
        let suffix = if succeeds { "Response".to_owned() } else { error_suffix(&response.status) };
        let name = RustName(format!("{}{suffix}", place.name.bare()));
        let pointer = join(&join(&place.pointer, "content"), media_type);
        response.media_type = Some(media_type.clone());
        response.examples = self.examples(media.example.as_ref(), &media.examples, &pointer);
        let success = match (&media.schema, essence(media_type)) {
            (Some(schema), json) if is_json(json) => {
                let place = TypePlace { pointer: join(&pointer, "schema"), name, module: place.module.clone() };
                let lowered = self.schema(borrowed(schema), &place)?;
                (response.ty, response.nullable) = (Some(lowered.ty.clone()), lowered.nullable);
                Success::Json(lowered.ty)
            }
            (None, json) if is_json(json) => {
                let message =
                    format!("the response {} has no schema; its body is decoded as any JSON", response.status);
                self.warn("response-without-schema", &pointer, message);
                response.ty = Some(Ty::Value);
                Success::Json(Ty::Value)
            }
            (_, other) if !succeeds => {
                let message = format!("the body of this error is {other}; it is returned as bytes");
                self.warn("error-without-json", &pointer, message);
                Success::Empty
            }
            (_, text) if text.starts_with("text/") => Success::Text,
            (_, "*/*") => {
                return Err(Error::new("", pointer, "a response of any type is not supported")
                    .hint("say which type it has, with an overlay"));
            }
            _ => Success::Download,
        };
        Ok((response, success))
    }
}

/// Whether a media type is JSON, or a format that is written in JSON.
fn is_json(essence: &str) -> bool {
    essence == "application/json" || essence.starts_with("application/") && essence.ends_with("+json")
}

/// The value of the `Accept` header: the media type of the first success of the kind that is decoded, or a default of this kind. If no
/// body is declared, it is JSON.
fn accepts(success: &Success, declared: &[Response]) -> String {
    let media_type = |fits: &dyn Fn(&str) -> bool, otherwise: &str| {
        let successes = declared.iter().filter(|response| response.succeeds);
        let mut types = successes.filter_map(|response| response.media_type.as_deref()).map(essence);
        types.find(|media_type| fits(media_type)).unwrap_or(otherwise).to_owned()
    };
    match success {
        Success::Json(_) | Success::Empty => media_type(&is_json, "application/json"),
        Success::Text => media_type(&|media_type| media_type.starts_with("text/"), "text/plain"),
        Success::Download => {
            media_type(&|other| !is_json(other) && !other.starts_with("text/"), "application/octet-stream")
        }
    }
}

fn is_success(status: &StatusCode) -> bool {
    match status {
        StatusCode::Code(code) => (200..300).contains(code),
        StatusCode::Range(range) => *range == 2,
    }
}

/// The suffix for the name of an inline error body: the reason phrase of a common status code (of 422 the older phrase), `Error` for
/// `default`, otherwise `Status…`.
fn error_suffix(status: &str) -> String {
    let phrase = match status {
        "400" => "BadRequest",
        "401" => "Unauthorized",
        "402" => "PaymentRequired",
        "403" => "Forbidden",
        "404" => "NotFound",
        "409" => "Conflict",
        "410" => "Gone",
        "422" => "UnprocessableEntity",
        "429" => "TooManyRequests",
        "500" => "InternalServerError",
        "503" => "ServiceUnavailable",
        "default" => "Error",
        other => return format!("Status{other}"),
    };
    phrase.to_owned()
}
