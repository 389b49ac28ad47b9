//! Errors have a place: a line of the description, or the overlay action that caused them.

use intercom_codegen::diag::{Error, Errors};
use intercom_codegen::overlay::YamlFile;
use intercom_codegen::version::Version;
use intercom_codegen::{read, read_lenient, yaml};
use serde_json::json;

const SOUND: &str = "openapi: 3.0.1
info: {title: T, version: '1'}
paths:
  /things:
    get:
      operationId: things
      tags: [things]
      responses:
        '200':
          description: OK
          content:
            application/json:
              schema:
                type: array
                items: {$ref: '#/components/schemas/thing'}
components:
  schemas:
    thing:
      type: object
      properties:
        id: {type: string}
    other:
      type: object
";

fn version() -> Version {
    Version::Released(2, 15)
}

fn overlay(actions: &str) -> Vec<YamlFile> {
    let text = format!("overlay: 1.1.0\ninfo: {{title: T, version: 1.0.0}}\nactions:\n{actions}\n");
    vec![YamlFile { name: "o.yaml".to_owned(), text }]
}

fn errors(text: &str) -> Errors {
    read(text, &[], version()).unwrap_err()
}

/// An error as a test compares it.
fn seen(error: &Error) -> (&str, usize, &str, &str) {
    (error.file(), error.line().unwrap(), error.pointer(), error.message())
}

#[test]
fn several_errors_are_found_in_one_run() {
    // The two mistakes inside the response are not found, because the check does not enter a response whose status is wrong.
    let text = SOUND
        .replace("version: '1'", "version: 1")
        .replace("'200'", "'20'")
        .replace("type: array", "type: list")
        .replace("/schemas/thing'", "/schemas/none'")
        .replace("      properties", "      propertys");
    let errors = errors(&text);
    let all: Vec<_> = errors.iter().map(seen).collect();
    assert_eq!(
        all,
        [
            ("", 2, "/info/version", "expected text, found the number 1"),
            ("", 9, "/paths/~1things/get/responses/20", "`20` is not a status code"),
            ("", 20, "/components/schemas/thing/propertys", "`propertys` is not a key of a schema"),
        ]
    );
    assert_eq!(errors.first().hint_text(), "quote it");
    assert_eq!(errors.iter().last().unwrap().hint_text(), "did you mean `properties`?");
}

#[test]
fn an_error_caused_by_an_action_names_the_action() {
    for (actions, line, message) in [
        (
            "- {target: $.components.schemas, update: {new: {$ref: '#/components/schemas/none'}}}",
            4,
            "`$.components.schemas` causes an error at /components/schemas/new/$ref: the reference",
        ),
        (
            "- {target: $.info, update: {}}\n- {target: $.components.schemas.thing.properties.id, update: {typ: string}}",
            5,
            "causes an error at /components/schemas/thing/properties/id/typ: `typ` is not a key of a schema",
        ),
        ("- {target: $.info.title, remove: true}", 4, "causes an error at /info: the info of a document needs `title`"),
        (
            "- {target: \"$.paths['/things'].get.tags\", update: 1}",
            4,
            "causes an error at /paths/~1things/get/tags/1: expected text, found the number 1",
        ),
        (
            "- {target: $.paths.*.get, update: {x-sdk-pagination: {style: cursor, in: query, position: c, items: [data]}}}",
            4,
            "causes an error at /paths/~1things/get/x-sdk-pagination: the response has no list at data",
        ),
    ] {
        let errors = read(SOUND, &overlay(actions), version()).unwrap_err();
        let (file, at, pointer, said) = seen(errors.first());
        assert_eq!((file, at, pointer), ("o.yaml", line, &*format!("/actions/{}", line - 4)), "{errors}");
        assert!(said.contains(message), "{errors}");
    }
}

#[test]
fn line_numbers_are_right_after_an_action_shifts_a_list() {
    let text = SOUND.replace("tags: [things]", "tags:\n      - a\n      - 1\n      - b");
    let errors = read(&text, &overlay("- {target: \"$.paths.*.get.tags[0]\", remove: true}"), version()).unwrap_err();
    let expected = ("", 9, "/paths/~1things/get/tags/0", "expected text, found the number 1");
    assert_eq!(errors.iter().map(seen).collect::<Vec<_>>(), [expected]);
}

#[test]
fn actions_that_do_not_apply_to_a_users_description_are_left_out() {
    let overlays = overlay(
        "- {target: $.components.schemas, update: {new: {$ref: '#/components/schemas/none'}}}
- {target: $.components.schemas.new, update: {x-sdk-name: Newer}}
- {target: $.nothing, remove: true}
- {target: $.components.schemas.thing, remove: true}
- {target: $.components.schemas.other, remove: true}",
    );
    let read = read_lenient(SOUND, &overlays, version()).unwrap();
    let left_out: Vec<_> = read.left_out.iter().map(|error| (error.pointer(), error.line())).collect();
    assert_eq!(
        left_out,
        [("/actions/0", Some(4)), ("/actions/1", Some(5)), ("/actions/2", Some(6)), ("/actions/3", Some(7))]
    );
    assert_eq!(read.api.types.len(), 1);

    // An error of the file itself is not attributed to an overlay.
    let errors = read_lenient(&SOUND.replace("type: array", "type: list"), &overlays, version()).unwrap_err();
    assert_eq!(
        seen(errors.first()),
        (
            "",
            14,
            "/paths/~1things/get/responses/200/content/application~1json/schema/type",
            "the value `list` is not allowed here"
        )
    );
}

#[test]
fn json_is_read_by_the_rules_of_json() {
    let text = "\u{feff}{\"a\": \"\\ud83d\\ude0c\", \"b\\/\": [1e400, 1.50, -0, 18446744073709551616]}";
    assert!(yaml::read(text).unwrap_err().message().contains("number out of range"));
    let value = yaml::read(&text.replace("1e400", "1e40")).unwrap();
    assert_eq!(value, json!({"a": "😌", "b/": [1e40, 1.5, -0.0, 18_446_744_073_709_551_616_f64]}));
    assert_eq!(yaml::read("{\"a\": {\"b\": 1, \"b\": 2}}").unwrap_err().pointer(), "/a/b");
    assert_eq!(yaml::read("{\"a\": b}").unwrap(), json!({"a": "b"}));

    let error = errors(
        "{\"openapi\": \"3.0.1\",\n\t\"info\": {\"title\": \"\\uD83D\\ude0c\",\n\"version\": 1}, \"paths\": {}}",
    );
    assert_eq!(seen(error.first()), ("", 3, "/info/version", "expected text, found the number 1"));
}

#[test]
fn input_that_would_take_forever_is_rejected() {
    let nested = |open: &str, close: &str| format!("{}{}", open.repeat(100_000), close.repeat(100_000));
    let laughs = (1..9).fold("a0: &a0 [lol]\n".to_owned(), |text, level| {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        text + &format!("a{level}: &a{level} [{aliases}]\n")
    });
    let wide = format!("a: &a [{}]\nb: [{}]", "1, ".repeat(5_000), "*a, ".repeat(5_000));
    let long = format!("a: &a '{}'\nb: [{}]", "long ".repeat(5_000), "*a, ".repeat(5_000));
    for (what, text, message, line) in [
        ("brackets", nested("[", "]"), "nested more than", Some(1)),
        ("braces", format!("a:\n  {}", nested("{a: ", "}")), "nested more than", Some(2)),
        ("mappings", nested("{\"a\":", "}"), "nested more than", Some(1)),
        ("brackets beside brackets", "[\"]\", ".repeat(100_000), "nested more than", Some(1)),
        ("lists", "- ".repeat(100_000), "nested more than", None),
        ("aliases", laughs, "aliases expand", None),
        ("a long list", wide, "aliases expand", None),
        ("a long text", long, "aliases expand", None),
        ("an alias of itself", "a: &a [*a, *a]".to_owned(), "nested more than", None),
    ] {
        let error = yaml::read(&text).unwrap_err();
        assert!(error.message().contains(message) && !error.hint_text().is_empty(), "{what}: {error}");
        assert!(error.line().is_some() && line.is_none_or(|line| error.line() == Some(line)), "{what}: {error}");
    }
}

#[test]
fn brackets_in_text_are_not_rejected_as_nesting() {
    let text = format!("a: |\n{}b: don't [\n", "  [ { in a text\n".repeat(500));
    assert!(yaml::read(&text).is_ok());
}
