//! What becomes of JSON that fits, and of JSON that does not.

#![allow(missing_docs, clippy::unwrap_used, reason = "a test panics")]

mod model;

use intercom_data::{DecodeOptions, Decoded, Decoding, Map, Value, from_slice, from_slice_as, to_request, to_vec};
use serde_json::json;

use model::{Page, State, Subject, Thing};

/// A thing that has what is always there, and more.
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

/// What was set aside, a line each, and that nothing was lost.
fn said(json: &str) -> Vec<String> {
    let decoded = tolerant(json);
    let before: Value = serde_json::from_str(json).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(&to_vec(&decoded.value)).unwrap(), before);
    assert_eq!(serde_json::to_value(&decoded.value).unwrap(), before);
    decoded.mismatches.iter().map(ToString::to_string).collect()
}

#[test]
fn what_fits_comes_back_as_it_was() {
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
        assert_eq!(said(&thing(more)), [""; 0], "{more}");
    }
}

#[test]
fn what_does_not_fit_is_set_aside_in_place() {
    for (more, expected) in [
        (r#","name":5"#, "name: expected a string, found a number"),
        (r#","count":"ten""#, "count: expected an integer, found a string"),
        (r#","count":1.5"#, "count: expected an integer, found a number"),
        (r#","count":9223372036854775808"#, "count: expected an integer, found a number"),
        (r#","parent":{"at":1,"open":true}"#, "parent.id: missing, though always present by declaration"),
        (r#","parent":[1]"#, "parent: expected an object (Thing), found an array"),
        (r#","sizes":{"a":1,"b":true}"#, "sizes.b: expected an integer, found a bool"),
        (r#","tags":[{"id":1},null,{"id":2}]"#, "tags[1]: expected an object (Tag), found null"),
        (r#","tags":{"id":1}"#, "tags: expected an array, found an object"),
        (r#","subject":{"type":"person","email":1}"#, "subject.email: expected a string, found a number"),
        (
            r#","subject":7"#,
            "subject: fits no member of Subject (Person: another kind or tag; Company: another kind or tag; \
             Tag: another kind or tag; Text: another kind or tag; Numbers: another kind or tag)",
        ),
    ] {
        assert_eq!(said(&thing(more)), [expected], "{more}");
    }
}

#[test]
fn a_missing_or_null_value_of_a_field_that_is_always_there_is_the_default() {
    let decoded = tolerant("{}");
    assert_eq!((decoded.value.id.as_str(), decoded.value.at.as_seconds(), decoded.value.open), ("", 0, false));
    assert_eq!(decoded.mismatches.len(), 3);
    assert_eq!(said("{}").len(), 3);
    assert_eq!(
        said(r#"{"id":null,"at":1.5,"open":true}"#),
        [
            "id: expected an id (a string or an integer), found null",
            "at: expected a time (Unix seconds or ISO 8601), found a number"
        ]
    );
}

#[test]
fn items_that_do_not_fit_are_left_out_and_the_rest_stays() {
    let decoded = tolerant(&thing(r#","tags":[{"id":1},7,{"id":2}]"#));
    assert_eq!(decoded.value.tags.unwrap().len(), 2);
    assert_eq!(decoded.mismatches[0].path(), "tags[1]");
    assert_eq!(decoded.mismatches[0].raw(), Some("7"));
}

#[test]
fn of_a_key_that_comes_twice_the_last_that_fits_counts() {
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

#[test]
fn unions_take_what_the_tag_names_or_what_fits_best() {
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
fn a_bare_array_is_the_list_of_the_object_around_it() {
    let json = format!("[{}]", thing(""));
    let page = Page::from_json(json.as_bytes()).unwrap();
    assert_eq!((page.value.data.len(), page.mismatches.len()), (1, 1));
    assert_eq!(
        page.mismatches[0].to_string(),
        "(body): a bare array where an object (Page) is declared; taken as its `data`"
    );
    assert!(from_slice::<Page>(json.as_bytes(), Decoding::Strict).is_err());
}

#[test]
fn broken_text_is_an_error_wherever_it_is() {
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
fn a_body_may_be_null_where_the_type_may() {
    let tag = from_slice::<model::Tag>(b" null ", Decoding::Strict).unwrap().value;
    assert!(tag.extra.is_null_body() && tag.id.is_empty());
    assert_eq!(to_vec(&tag), b"null");
    let mut labelled = tag.clone();
    labelled.label = Some("x".to_owned());
    assert_eq!(to_vec(&labelled), br#"{"label":"x"}"#, "what is set is written");
    assert_eq!(serde_json::to_value(&tag).unwrap(), Value::Null);
    assert_eq!(said(&thing(r#","tags":[null]"#)).len(), 1, "in other places null is the place's affair");
}

#[test]
fn another_kind_of_body_is_an_error() {
    let error = Thing::from_json(b" null").map(|_| ()).unwrap_err();
    assert_eq!(error.to_string(), "expected an object (Thing), found null");
    assert!(from_slice::<Option<Thing>>(b"null", Decoding::Strict).unwrap().value.is_none());
}

#[test]
fn half_characters_and_depth_set_a_value_aside() {
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
    assert_eq!((decoded.mismatches.len(), decoded.further), (5, 995));
    assert_eq!(decoded.mismatches[4].path(), "tags[4]");
    let decoded = tolerant(&json);
    assert_eq!((decoded.mismatches.len(), decoded.further), (100, 900));
}

#[test]
fn ids_go_out_in_the_declared_form() {
    let mut thing = tolerant(r#"{"id":"127","at":1,"open":true,"owner_ids":[1,"2","x"]}"#).value;
    let sent = |thing: &Thing| String::from_utf8(to_request(thing)).unwrap();
    assert_eq!(sent(&thing), r#"{"id":127,"at":1,"open":true,"owner_ids":["1","2","x"]}"#);
    for odd in ["x", "007", "+7", "99999999999999999999"] {
        thing.id = odd.into();
        assert!(sent(&thing).starts_with(&format!(r#"{{"id":"{odd}""#)), "{odd}");
    }
}

#[test]
fn setting_a_field_wins_over_what_was_kept() {
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
fn other_formats_read_and_write_by_serde() {
    let before = tolerant(&thing(r#","tags":[{"id":1}],"sizes":{"a":1},"ratio":0.5,"future":[null,true]"#)).value;
    let value = serde_json::to_value(&before).unwrap();
    assert_eq!(serde_json::from_value::<Thing>(value).unwrap(), before);
    let error = serde_json::from_str::<Thing>(&thing(r#","name":5"#)).unwrap_err();
    assert!(error.to_string().starts_with("name: expected a string, found a number"), "{error}");
    assert_eq!(serde_json::from_str::<Map<i64>>(r#"{"a":1}"#).unwrap()["a"], 1);
}

#[test]
fn a_type_of_the_api_is_tolerant_inside_of_a_type_by_serde() {
    let json = format!("[{},{}]", thing(r#","name":5"#), thing(""));
    let decoded = from_slice_as::<Vec<Thing>>(json.as_bytes(), Decoding::Tolerant).unwrap();
    assert_eq!((decoded.value.len(), decoded.mismatches.len()), (2, 1));
    assert_eq!(decoded.mismatches[0].path(), "name");
    assert!(from_slice_as::<Vec<Thing>>(json.as_bytes(), Decoding::Strict).is_err());
    assert!(from_slice_as::<Vec<Thing>>(b"{}", Decoding::Tolerant).is_err());
    assert!(serde_json::from_str::<Vec<Thing>>(&json).is_err(), "outside of such a decoding serde's traits are strict");
}

#[test]
fn debug_prints_json() {
    let thing = tolerant(&thing("")).value;
    assert_eq!(format!("{thing:?}"), r#"Thing {"id":"7","at":1,"open":true}"#);
    assert_eq!(format!("{thing:#?}"), "Thing {\n  \"id\": \"7\",\n  \"at\": 1,\n  \"open\": true\n}");
}

#[test]
fn values_of_hostile_text_take_a_few_times_its_memory() {
    let contacts = format!(r#"{{"data":[{}]}}"#, vec!["{}"; 350_000].join(","));
    let page = Page::from_json(contacts.as_bytes()).unwrap();
    let memory = page.value.data.capacity() * size_of::<Thing>();
    assert!(memory < 8 * contacts.len(), "{memory} for {}", contacts.len());
    assert!(page.further > 300_000, "{}", page.further);
}
