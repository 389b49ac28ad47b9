//! Conformance of Canvas Kit: requests in each form that Intercom sends, decoded with the types of each version, and canvases that
//! are encoded again.

use std::io::Write as _;
use std::path::Path;

use intercom_tests::description::members;
use intercom_tests::mutate::mutations;
use serde_json::{Value, json};

/// The outcome of decoding a request.
struct Read {
    mismatches: Vec<String>,
    /// Whether the request has unknown fields.
    extra: bool,
    /// The number of components that the version knows.
    components: usize,
    /// The canvas, encoded again.
    canvas: Option<Value>,
    /// The canvas as the answer to a request in the Messenger, and its content as the answer of a live canvas.
    answers: Option<[Value; 2]>,
    /// The component that the Inbox would refuse.
    refused: Option<String>,
}

fn fixtures() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/canvas_kit.yaml");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    intercom_codegen::yaml::read(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn run(version: &str, read: impl Fn(&[u8]) -> Result<Read, String>) {
    let fixtures = fixtures();
    let (mut requests, mut mutated) = (0, 0);
    for (name, request) in members(&fixtures["requests"]) {
        let place = format!("{version}: {name}");
        let read = |request: &Value| read(request.to_string().as_bytes());
        let outcome = read(request).unwrap_or_else(|error| panic!("{place}: {error}"));
        // Conversations and contacts have fewer fields than in the REST API, so pinned fields may be absent.
        let unfit = outcome.mismatches.iter().filter(|mismatch| !mismatch.contains("but the field is missing"));
        assert_eq!(unfit.collect::<Vec<_>>(), [""; 0], "{place}");
        assert!(!outcome.extra, "{place}: keys that are not declared");
        let canvas = request.get("current_canvas");
        let count = canvas.map_or(0, |canvas| canvas["content"]["components"].as_array().map_or(0, Vec::len));
        assert_eq!(outcome.components, count, "{place}: components that are known");
        assert_eq!(outcome.canvas.as_ref(), canvas, "{place}: the canvas written again");
        // All requests have the same large canvas, which is mutated once, below.
        let mut request = request.clone();
        request.as_object_mut().and_then(|request| request.remove("current_canvas"));
        for mutation in mutations(&request) {
            read(&mutation.value).unwrap_or_else(|error| panic!("{place}, {mutation}: {error}"));
            mutated += 1;
        }
        requests += 1;
    }
    let canvas = &fixtures["canvas"];
    let read = |request: &Value| read(request.to_string().as_bytes());
    let request = json!({"current_canvas": canvas});
    let outcome = read(&request).unwrap_or_else(|error| panic!("{version}: {error}"));
    for mutation in mutations(&request) {
        read(&mutation.value).unwrap_or_else(|error| panic!("{version}: canvas, {mutation}: {error}"));
        mutated += 1;
    }
    assert_eq!(outcome.components, 12, "{version}: all kinds of components");
    assert_eq!(outcome.answers, Some([json!({"canvas": canvas}), json!({"content": canvas["content"]})]), "{version}");
    assert_eq!(outcome.refused.as_deref(), Some("open"), "{version}: the Inbox has no sheets");
    let _ = writeln!(std::io::stdout(), "{version}: {requests} requests, {mutated} mutations");
    assert!(requests == 10 && mutated > 1_000, "{version}: {requests} requests, {mutated} mutations");
}

/// A test for each version.
macro_rules! canvas_kit {
    ($($(#[$attribute:meta])* $name:ident $version:literal $krate:ident;)*) => {
        $(
            $(#[$attribute])*
            #[test]
            fn $name() {
                use $krate::canvas_kit::{
                    CanvasComponent, CanvasLiveResponse, CanvasRequest, CanvasResponse, Surface, encode_response,
                };

                run($version, |body| {
                    let read = CanvasRequest::from_json(body).map_err(|error| error.to_string())?;
                    let canvas = read.value.current_canvas.as_deref();
                    let content = canvas.and_then(|canvas| canvas.content.as_ref());
                    let components = content.and_then(|content| content.components.as_deref()).unwrap_or_default();
                    let json = |body: &[u8]| serde_json::from_slice::<Value>(body).unwrap_or_default();
                    let response = canvas.map(|canvas| CanvasResponse::new().canvas(canvas.clone()));
                    let live = content.map(|content| CanvasLiveResponse::new(content.clone()));
                    let answers = response.as_ref().zip(live).and_then(|(response, live)| {
                        let written = encode_response(response, Surface::Messenger).ok()?;
                        Some([json(&written), json(&encode_response(&live, Surface::Messenger).ok()?)])
                    });
                    let refused = response.and_then(|response| encode_response(&response, Surface::Inbox).err());
                    Ok(Read {
                        mismatches: read.mismatches.iter().map(ToString::to_string).collect(),
                        extra: !read.value.extra.is_empty(),
                        components: components
                            .iter()
                            .filter(|component| !matches!(component, CanvasComponent::Unknown(_)))
                            .count(),
                        canvas: canvas.map(|canvas| serde_json::to_value(canvas).unwrap_or_default()),
                        answers,
                        refused: refused.map(|error| error.problems()[0].component.clone()),
                    })
                });
            }
        )*
    };
}

intercom_tests::versions!(canvas_kit);

#[test]
fn fields_that_differ_between_requests_are_read_in_each_form() {
    use intercom_v2_15::canvas_kit::{CanvasRequest, decrypt_user};

    let fixtures = fixtures();
    let request = |name: &str| {
        let body = fixtures["requests"][name].to_string();
        CanvasRequest::from_json(body.as_bytes()).unwrap_or_else(|error| panic!("{name}: {error}")).value
    };
    let conversation_id = |name: &str| {
        let context = request(name).context;
        context.and_then(|context| context.conversation_id).map(|id| id.as_str().to_owned())
    };
    // A number from some, text from others.
    assert_eq!(conversation_id("submit_in_the_messenger").as_deref(), Some("215472"));
    assert_eq!(conversation_id("open_sheet").as_deref(), Some("215472"));
    assert_eq!(conversation_id("live_canvas"), conversation_id("open_sheet"));
    // Encrypted where a sheet is opened, an object elsewhere.
    let user = |name: &str| request(name).user.unwrap_or_default();
    let decrypted = user("open_sheet").as_str().map(|user| decrypt_user("secret", user));
    assert_eq!(decrypted, Some(Ok(json!({"id": "42"}))));
    assert_eq!(user("submit_sheet")["id"], "6762f0dd1bb69f9f2193bb83");
    let values = request("configure_again").input_values.unwrap_or_default();
    assert_eq!((values.get("day"), values.get("remind")), (Some(&json!("tue")), Some(&json!(["mail", "text"]))));
}
