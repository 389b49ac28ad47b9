//! Requests of Canvas Kit in each form in which Intercom sends them, read with the types of 2.15, and written back.

use std::io::Write as _;
use std::path::Path;

use intercom_tests::description::members;
use intercom_tests::mutate::mutations;
use intercom_v2_15::canvas_kit::{
    Canvas, CanvasComponent, CanvasLiveResponse, CanvasRequest, CanvasResponse, Surface, answer, decrypt_user,
};
use intercom_v2_15::data::Decoded;
use serde_json::{Value, json};

fn fixtures() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/canvas_kit.yaml");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    intercom_codegen::yaml::read(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn read(request: &Value) -> Decoded<CanvasRequest> {
    CanvasRequest::from_json(request.to_string().as_bytes()).unwrap_or_else(|error| panic!("{request}: {error}"))
}

fn components(canvas: Option<&Canvas>) -> &[CanvasComponent] {
    canvas.and_then(|canvas| canvas.content.as_ref()?.components.as_deref()).unwrap_or_default()
}

#[test]
fn every_request_is_read_without_a_mismatch() {
    let fixtures = fixtures();
    let (mut requests, mut mutated) = (0, 0);
    for (name, request) in members(&fixtures["requests"]) {
        let Decoded { value, mismatches, .. } = read(request);
        // Requests bring less of a conversation or contact than the REST API: a pinned field that is absent is noted.
        let unfit: Vec<String> = mismatches
            .iter()
            .map(ToString::to_string)
            .filter(|mismatch| !mismatch.contains("missing, though always present"))
            .collect();
        assert_eq!(unfit, [""; 0], "{name}");
        assert!(value.extra.is_empty(), "{name}: {:?}", value.extra);
        let shown = components(value.current_canvas.as_deref());
        assert!(!shown.iter().any(|component| matches!(component, CanvasComponent::Unknown(_))), "{name}");
        assert_eq!(shown.len(), request["current_canvas"]["content"]["components"].as_array().map_or(0, Vec::len));
        for mutation in mutations(request) {
            read(&mutation.value);
            mutated += 1;
        }
        requests += 1;
    }
    let _ = writeln!(std::io::stdout(), "{requests} requests, {mutated} mutations");
    assert!(requests == 10 && mutated > 2_000, "{requests} requests, {mutated} mutations");
}

#[test]
fn all_components_are_written_back_as_they_came() {
    let fixtures = fixtures();
    let canvas = &fixtures["canvas"];
    let request = read(&json!({"current_canvas": canvas})).value;
    let kinds = canvas["content"]["components"].as_array().map_or(0, Vec::len);
    assert_eq!((kinds, components(request.current_canvas.as_deref()).len()), (12, 12));
    let read = *request.current_canvas.unwrap_or_else(|| panic!("no canvas"));
    assert_eq!(serde_json::to_value(&read).unwrap_or_default(), *canvas);

    let response = CanvasResponse::new().canvas(read.clone());
    let sent = answer(&response, Surface::Messenger).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(serde_json::from_slice::<Value>(&sent).unwrap_or_default(), json!({"canvas": canvas}));
    let live = CanvasLiveResponse::new(read.content.unwrap_or_default());
    let sent = answer(&live, Surface::Messenger).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(serde_json::from_slice::<Value>(&sent).unwrap_or_default(), json!({"content": canvas["content"]}));
    // The Inbox has no sheets.
    let refused = answer(&response, Surface::Inbox).err().map(|error| error.problems()[0].component.clone());
    assert_eq!(refused.as_deref(), Some("open"));
}

#[test]
fn what_the_forms_differ_in_is_read_in_each() {
    let fixtures = fixtures();
    let request = |name: &str| read(&fixtures["requests"][name]).value;
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
