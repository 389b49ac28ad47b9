//! Decoding and encoding of typed values: values that fit, mismatches, duplicate keys, unions and nulls.

#![allow(missing_docs, clippy::unwrap_used, reason = "a test panics")]

mod model;

use intercom_data::{DecodeOptions, Decoded, Decoding, Map, Value, from_slice, from_slice_as, to_request, to_vec};
use serde_json::json;

use model::{Page, Shelf, State, Subject, Thing};

/// The JSON of a `Thing` with its required fields, and `more`.
fn thing(more: &str) -> String {
    format!(r#"{{"id":"7","at":1,"open":true{more}}}"#)
}

fn tolerant(json: &str) -> Decoded<Thing> {
    let decoded = Thing::from_json(json.as_bytes()).unwrap_or_else(|error| panic!("{json}: {error}"));
    let strict = from_slice::<Thing>(json.as_bytes(), Decoding::Strict);
    assert_eq!(strict.is_ok(), decoded.mismatches.is_empty(), "{json}: {:?}", decoded.mismatches);
    if let Err(error) = strict {
        assert_eq!(error.path(), decoded.mismatches[0].path(), "{json}");
    }
    decoded
}

/// Decodes a `Thing`, checks that encoding gives the same JSON, and returns the mismatches as texts.
fn mismatches_of(json: &str) -> Vec<String> {
    let decoded = tolerant(json);
    let before: Value = serde_json::from_str(json).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&to_vec(&decoded.value)).unwrap(), before);
    assert_eq!(serde_json::to_value(&decoded.value).unwrap(), before);
    decoded.mismatches.iter().map(ToString::to_string).collect()
}

#[test]
fn values_that_fit_are_encoded_as_they_were_received() {
    for more in [
        "",
        r#","name":null,"count":12,"state":"open","tags":[],"parent":{"id":7,"at":"2024-12-18T15:40:43Z","open":false}"#,
        r#","future":{"a":[1,null,{"b":2.5}]},"ratio":-1.25e3,"any":[{}],"sizes":{"a":1,"b":-2}"#,
        r#","subject":{"type":"person","email":"a\n\u00e9\ud83d\ude00"}"#,
        r#","subject":"text","owner_ids":[1,"2","a-much-longer-id-than-fits-in-place"]"#,
        r#","subject":[1,2]"#,
        r#","state":"brand new""#,
        r#","count":"10","ratio":"2.50""#,
    ] {
        assert_eq!(mismatches_of(&thing(more)), [""; 0], "{more}");
    }
}

#[test]
fn values_that_do_not_fit_are_mismatches_and_are_still_encoded() {
    for (more, expected) in [
        (r#","name":5"#, "name: expected a string, found a number"),
        (r#","count":"ten""#, "count: expected an integer, found a string"),
        (r#","count":1.5"#, "count: expected an integer, found a number"),
        (r#","count":9223372036854775808"#, "count: expected an integer, found a number"),
        (r#","parent":{"at":1,"open":true}"#, "parent.id: expected a value, but the field is missing"),
        (r#","parent":[1]"#, "parent: expected an object (Thing), found an array"),
        (r#","sizes":{"a":1,"b":true}"#, "sizes.b: expected an integer, found a bool"),
        (r#","tags":[{"id":1},null,{"id":2}]"#, "tags[1]: expected an object (Tag), found null"),
        (r#","tags":{"id":1}"#, "tags: expected an array, found an object"),
        (r#","subject":{"type":"person","email":1}"#, "subject.email: expected a string, found a number"),
        (
            r#","subject":7"#,
            "subject: expected Subject, but no alternative fits (Person: different JSON type or tag; \
             Company: different JSON type or tag; Tag: different JSON type or tag; Text: different JSON type or tag; \
             Numbers: different JSON type or tag)",
        ),
    ] {
        assert_eq!(mismatches_of(&thing(more)), [expected], "{more}");
    }
}

#[test]
fn a_required_field_that_is_missing_or_null_has_its_default() {
    let decoded = tolerant("{}");
    assert_eq!((decoded.value.id.as_str(), decoded.value.at.as_seconds(), decoded.value.open), ("", 0, false));
    assert_eq!(decoded.mismatches.len(), 3);
    assert_eq!(mismatches_of("{}").len(), 3);
    assert_eq!(
        mismatches_of(r#"{"id":null,"at":1.5,"open":true}"#),
        [
            "id: expected an id (a string or an integer), found null",
            "at: expected a time (Unix seconds or ISO 8601), found a number"
        ]
    );
}

#[test]
fn items_that_do_not_fit_are_left_out_and_the_others_are_kept() {
    let decoded = tolerant(&thing(r#","tags":[{"id":1},7,{"id":2}]"#));
    assert_eq!(decoded.value.tags.unwrap().len(), 2);
    assert_eq!(decoded.mismatches[0].path(), "tags[1]");
    assert_eq!(decoded.mismatches[0].raw(), Some("7"));
}

#[test]
fn items_that_were_left_out_are_written_back_at_their_positions() {
    for more in
        [r#","tags":[7]"#, r#","tags":[7,{"id":1},null,null,{"id":2},"x"]"#, r#","owner_ids":[1,{"a":[2]},"3",false]"#]
    {
        assert!(!mismatches_of(&thing(more)).is_empty(), "{more}");
    }
    let mut changed = tolerant(&thing(r#","tags":[7,{"id":1}]"#)).value;
    changed.tags.as_mut().unwrap().push(model::Tag::default());
    let json = serde_json::to_value(&changed).unwrap();
    assert_eq!(json["tags"], json!([{"id": 1}, {"id": ""}]), "the positions do not apply to a list that was modified");
    let page = Page::from_json(br#"[1,{"id":"7","at":1,"open":true},2]"#).unwrap().value;
    assert_eq!(to_vec(&page), br#"{"data":[1,{"id":"7","at":1,"open":true},2]}"#);
}

/// The JSON text, in which duplicate keys show.
fn text(thing: &Thing) -> String {
    let text = String::from_utf8(to_vec(thing)).unwrap();
    let sent = String::from_utf8(to_request(thing)).unwrap();
    assert_eq!(sent.replace(r#""id":7"#, r#""id":"7""#), text);
    text
}

#[test]
fn a_field_that_is_cleared_is_written_once_as_null() {
    let mut thing = tolerant(&thing(r#","name":5,"count":"10","tags":[7]"#)).value;
    for (field, name) in [(1, "name"), (2, "count"), (6, "tags")] {
        thing.extra.set_null(field, name);
    }
    (thing.count, thing.tags) = (None, None);
    assert_eq!(text(&thing), r#"{"id":"7","name":null,"count":null,"at":1,"open":true,"tags":null}"#);
    assert_eq!(thing.extra.get("name"), None);
}

#[test]
fn a_value_that_is_inserted_for_a_null_field_is_written_once() {
    let mut thing = tolerant(&thing(r#","name":null"#)).value;
    thing.extra.insert("name", "x");
    assert_eq!(text(&thing), r#"{"id":"7","at":1,"open":true,"name":"x"}"#);
    thing.extra.remove("name");
    assert_eq!(text(&thing), r#"{"id":"7","name":null,"at":1,"open":true}"#);
    let mut thing = tolerant(r#"{"id":null,"at":1,"open":true}"#).value;
    thing.extra.insert("id", "7");
    assert_eq!(text(&thing), r#"{"at":1,"open":true,"id":"7"}"#);
}

#[test]
fn a_duplicate_key_that_was_null_or_did_not_fit_is_written_once() {
    for (json, expected) in [
        (r#"{"id":"7","at":1,"open":true,"name":null,"name":5}"#, r#"{"id":"7","at":1,"open":true,"name":5}"#),
        (r#"{"id":1.5,"id":null,"at":1,"open":true}"#, r#"{"id":null,"at":1,"open":true}"#),
        (r#"{"id":null,"id":1.5,"at":1,"open":true}"#, r#"{"at":1,"open":true,"id":1.5}"#),
        (r#"{"id":"7","at":1,"open":true,"name":5,"name":null}"#, r#"{"id":"7","name":null,"at":1,"open":true}"#),
        (
            r#"{"id":"7","at":1,"open":true,"name":5,"name":"a","name":null,"name":6}"#,
            r#"{"id":"7","at":1,"open":true,"name":6}"#,
        ),
        (r#"{"id":"7","at":1,"open":true,"count":"1","count":2}"#, r#"{"id":"7","count":2,"at":1,"open":true}"#),
    ] {
        assert_eq!(text(&Thing::from_json(json.as_bytes()).unwrap().value), expected, "{json}");
    }
}

#[test]
fn the_last_value_that_fits_wins_for_duplicate_keys() {
    for (more, expected) in [
        (r#","name":"a","name":"b""#, json!({"name": "b"})),
        (r#","name":"a","name":5"#, json!({"name": "a"})),
        (r#","name":5,"name":"a""#, json!({"name": "a"})),
        (r#","name":"a","name":null"#, json!({"name": null})),
        (r#","name":null,"name":"a""#, json!({"name": "a"})),
        (r#","tags":[{"id":1},{"id":2}],"tags":[{"id":3}]"#, json!({"tags": [{"id": 3}]})),
        (r#","tags":[{"id":1}],"tags":7"#, json!({"tags": [{"id": 1}]})),
        (r#","sizes":{"a":1},"sizes":{"b":2}"#, json!({"sizes": {"b": 2}})),
        (r#","sizes":{"a":1,"a":2}"#, json!({"sizes": {"a": 2}})),
        (r#","future":1,"future":2"#, json!({"future": 2})),
        (
            r#","parent":{"id":1,"at":1,"open":true,"name":"x","y":1},"parent":{"id":2,"at":1,"open":true}"#,
            json!({"parent": {"id": 2, "at": 1, "open": true}}),
        ),
    ] {
        let json = thing(more);
        let decoded = Thing::from_json(json.as_bytes()).unwrap();
        let mut back = serde_json::to_value(&decoded.value).unwrap();
        for key in ["id", "at", "open"] {
            back.as_object_mut().unwrap().remove(key);
        }
        assert_eq!(back, expected, "{more}");
    }
}

/// A field that was marked as missing is not written while it has its default, as `open` has here.
#[test]
fn a_duplicate_key_with_a_required_object_gives_the_same_value_as_a_single_key() {
    let holder = r#""holder":{"thing":{"id":"7","at":0,"open":false}}"#;
    let (once, twice) = (format!("{{{holder}}}"), format!("{{{holder},{holder}}}"));
    let [once, twice] = [once, twice].map(|json| Shelf::from_json(json.as_bytes()).unwrap().value);
    assert_eq!(String::from_utf8(to_vec(&twice)).unwrap(), format!("{{{holder}}}"));
    assert_eq!(twice, once);
}

/// A search of all unknown keys for each duplicate key would take more than ten seconds.
#[test]
fn many_duplicate_keys_beside_many_unknown_ones_are_decoded() {
    let unknown: String = (0..40_000).map(|number| format!(r#","k{number}":"{}""#, "x".repeat(100))).collect();
    let json = thing(&format!("{unknown}{}", r#","name":5,"name":"a""#.repeat(20_000)));
    let begun = std::time::Instant::now();
    let thing = Thing::from_json(json.as_bytes()).unwrap().value;
    println!("20,000 duplicates beside 40,000 unknown keys in {:?}", begun.elapsed());
    assert_eq!((thing.name.as_deref(), thing.extra.len()), (Some("a"), 40_000));
}

#[test]
fn a_union_is_decoded_as_the_tagged_or_best_fitting_alternative() {
    let subject = |json: &str| tolerant(&thing(&format!(r#","subject":{json}"#))).value.subject.unwrap();
    assert!(matches!(subject(r#"{"type":"person"}"#), Subject::Person(_)));
    assert!(matches!(subject(r#"{"email":1,"type":"company","size":1}"#), Subject::Company(_)));
    assert!(matches!(subject(r#"{"kind":"label","email":"x"}"#), Subject::Tag(_)));
    assert!(matches!(subject(r#"{"id":1,"label":"x"}"#), Subject::Tag(_)));
    assert!(matches!(subject(r#"{"size":1}"#), Subject::Company(_)));
    assert!(matches!(subject("[]"), Subject::Numbers(_)));
    assert!(matches!(subject("true"), Subject::Unknown(Value::Bool(true))));
}

#[test]
fn an_array_in_place_of_an_object_is_read_as_its_list_field() {
    let json = format!("[{}]", thing(""));
    let page = Page::from_json(json.as_bytes()).unwrap();
    assert_eq!((page.value.data.len(), page.mismatches.len()), (1, 1));
    assert_eq!(
        page.mismatches[0].to_string(),
        "(body): expected an object (Page), found an array, which was read as its field `data`"
    );
    assert!(from_slice::<Page>(json.as_bytes(), Decoding::Strict).is_err());
}

#[test]
fn a_syntax_error_is_reported_with_its_position() {
    for (json, position) in [
        ("", (1, 1)),
        ("{\"id\":1,\n \"name\":}", (2, 9)),
        ("{\"name\":5,\"id\":tru}", (1, 16)),
        ("{\"future\":[1,2}", (1, 15)),
        ("{} x", (1, 4)),
        ("\u{feff}{}", (1, 1)),
        ("{\"name\":\"a\nb\"}", (1, 11)),
        ("{\"name\":\"\\x\"}", (1, 11)),
        ("{\"count\":01}", (1, 11)),
    ] {
        for decoding in [Decoding::Tolerant, Decoding::Strict] {
            let error = from_slice::<Thing>(json.as_bytes(), decoding).map(|_| ()).unwrap_err();
            assert_eq!(error.position(), Some(position), "{json}: {error}");
        }
    }
    let error = Thing::from_json(b"{\"name\":\"\xff\"}").map(|_| ()).unwrap_err();
    assert_eq!(error.to_string(), "the text is not UTF-8 at line 1 column 10");
}

#[test]
fn a_body_may_be_null_if_its_type_is_nullable() {
    let tag = from_slice::<model::Tag>(b" null ", Decoding::Strict).unwrap().value;
    assert!(tag.extra.is_null_body() && tag.id.is_empty());
    assert_eq!(to_vec(&tag), b"null");
    let mut labelled = tag.clone();
    labelled.label = Some("x".to_owned());
    assert_eq!(to_vec(&labelled), br#"{"label":"x"}"#, "a field that is set is written");
    assert_eq!(serde_json::to_value(&tag).unwrap(), Value::Null);
    assert_eq!(mismatches_of(&thing(r#","tags":[null]"#)).len(), 1, "null is a mismatch if it is not the whole body");
}

#[test]
fn a_body_of_another_json_type_is_an_error() {
    let error = Thing::from_json(b" null").map(|_| ()).unwrap_err();
    assert_eq!(error.to_string(), "expected an object (Thing), found null");
    assert!(from_slice::<Option<Thing>>(b"null", Decoding::Strict).unwrap().value.is_none());
}

#[test]
fn unpaired_surrogates_deep_nesting_and_huge_numbers_are_mismatches() {
    let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
    for (more, path) in [
        (r#","name":"a\ud800""#.to_owned(), "name"),
        (r#","future":"a\udc00b""#.to_owned(), "future"),
        (format!(r#","future":{deep}"#), "future"),
        (format!(r#","any":{deep}"#), "any"),
        (r#","\ud800":1"#.to_owned(), ""),
        (r#","future":1e999"#.to_owned(), "future"),
    ] {
        let decoded = tolerant(&thing(&more));
        assert_eq!(decoded.mismatches.len(), 1, "{more}");
        assert_eq!(decoded.mismatches[0].path(), path, "{more}");
        assert_eq!(decoded.value.id, "7");
    }
    let mut deep = thing("");
    for _ in 0..150 {
        deep = thing(&format!(r#","parent":{deep}"#));
    }
    assert_eq!(tolerant(&deep).mismatches.len(), 1);
}

#[test]
fn mismatches_are_kept_up_to_a_limit_and_then_counted() {
    let items = vec!["7"; 1_000].join(",");
    let json = thing(&format!(r#","tags":[{items}]"#));
    let options = DecodeOptions::default().max_mismatches(5);
    let decoded = from_slice::<Thing>(json.as_bytes(), options).unwrap();
    assert_eq!((decoded.mismatches.len(), decoded.omitted_mismatches), (5, 995));
    assert_eq!(decoded.mismatches[4].path(), "tags[4]");
    let decoded = tolerant(&json);
    assert_eq!((decoded.mismatches.len(), decoded.omitted_mismatches), (100, 900));
}

#[test]
fn requests_contain_ids_in_their_declared_form() {
    let mut thing = tolerant(r#"{"id":"127","at":1,"open":true,"owner_ids":[1,"2","x"]}"#).value;
    let sent = |thing: &Thing| String::from_utf8(to_request(thing)).unwrap();
    assert_eq!(sent(&thing), r#"{"id":127,"at":1,"open":true,"owner_ids":["1","2","x"]}"#);
    for odd in ["x", "007", "+7", "99999999999999999999"] {
        thing.id = odd.into();
        assert!(sent(&thing).starts_with(&format!(r#"{{"id":"{odd}""#)), "{odd}");
    }
}

#[test]
fn a_field_that_is_set_takes_precedence_over_the_kept_value() {
    let mut thing = tolerant(&thing(r#","name":5,"count":"10","tags":[null]"#)).value;
    thing.name = Some("x".to_owned());
    thing.count = Some(11);
    thing.tags = Some(vec![model::Tag::default()]);
    let json = serde_json::to_value(&thing).unwrap();
    assert_eq!(json["name"], "x");
    assert_eq!(json["count"], 11);
    assert_eq!(json["tags"], json!([{"id": ""}]));
    thing.state = Some(State::Closed);
    thing.extra.set_null(5, "state");
    assert_eq!(serde_json::to_value(&thing).unwrap()["state"], "closed");
    thing.state = None;
    assert_eq!(serde_json::to_value(&thing).unwrap()["state"], Value::Null);
}

#[test]
fn types_implement_serde_traits() {
    let before = tolerant(&thing(r#","tags":[{"id":1}],"sizes":{"a":1},"ratio":0.5,"future":[null,true]"#)).value;
    let value = serde_json::to_value(&before).unwrap();
    assert_eq!(serde_json::from_value::<Thing>(value).unwrap(), before);
    let error = serde_json::from_str::<Thing>(&thing(r#","name":5"#)).unwrap_err();
    assert!(error.to_string().starts_with("name: expected a string, found a number"), "{error}");
    assert_eq!(serde_json::from_str::<Map<i64>>(r#"{"a":1}"#).unwrap()["a"], 1);
}

#[test]
fn from_slice_as_decodes_types_of_the_api_tolerantly() {
    let json = format!("[{},{}]", thing(r#","name":5"#), thing(""));
    let decoded = from_slice_as::<Vec<Thing>>(json.as_bytes(), Decoding::Tolerant).unwrap();
    assert_eq!((decoded.value.len(), decoded.mismatches.len()), (2, 1));
    assert_eq!(decoded.mismatches[0].path(), "name");
    assert!(from_slice_as::<Vec<Thing>>(json.as_bytes(), Decoding::Strict).is_err());
    assert!(from_slice_as::<Vec<Thing>>(b"{}", Decoding::Tolerant).is_err());
    assert!(serde_json::from_str::<Vec<Thing>>(&json).is_err(), "serde_json alone decodes strictly");
}

#[test]
fn decoding_is_strict_again_after_a_panic_in_from_slice_as() {
    struct Panics;
    impl<'de> serde::Deserialize<'de> for Panics {
        fn deserialize<D: serde::Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
            panic!("a Deserialize of an application")
        }
    }
    let decode = || from_slice_as::<Panics>(b"1", Decoding::Tolerant).map(|_| ());
    assert!(std::panic::catch_unwind(decode).is_err());
    assert!(serde_json::from_str::<Thing>(&thing(r#","name":5"#)).is_err());
}

#[test]
fn debug_prints_json() {
    let thing = tolerant(&thing("")).value;
    assert_eq!(format!("{thing:?}"), r#"Thing {"id":"7","at":1,"open":true}"#);
    assert_eq!(format!("{thing:#?}"), "Thing {\n  \"id\": \"7\",\n  \"at\": 1,\n  \"open\": true\n}");
}

#[test]
fn memory_is_limited_to_a_multiple_of_the_size_of_the_text() {
    let contacts = format!(r#"{{"data":[{}]}}"#, vec!["{}"; 350_000].join(","));
    let page = Page::from_json(contacts.as_bytes()).unwrap();
    let memory = page.value.data.capacity() * size_of::<Thing>();
    assert!(memory < 8 * contacts.len(), "{memory} for {}", contacts.len());
    assert!(page.omitted_mismatches > 300_000, "{}", page.omitted_mismatches);
}
