//! JSON that is broken, strange or hostile.

use intercom_runtime::data::{Decode, Id};
use intercom_runtime::{Decoding, Error, RequestOptions, Response, Value};
use intercom_tests::scripted::{Reply, Server};

use super::{GET, call, client};

async fn fetch<T: Decode>(body: impl Into<Vec<u8>>) -> Result<Response<T>, Error> {
    let server = Server::start([Reply::json(body)]);
    let result = call(&client(&server), &GET).send_json::<T>().await;
    assert_eq!(server.count(), 1, "a body that does not decode is not a reason to ask again");
    result
}

async fn fails(body: impl Into<Vec<u8>>) {
    let body = body.into();
    let error = fetch::<Value>(body.clone()).await.unwrap_err();
    assert!(error.is_decode() && !error.is_status(), "{error:?}");
    assert_eq!(error.body(), body);
    assert_eq!(error.status().unwrap().as_u16(), 200);
    assert!(std::error::Error::source(&error).is_some());
}

#[tokio::test]
async fn json_cut_off_at_every_byte_is_an_error_with_its_bytes() {
    let whole = r#"{"a":[{"b":"\u00e9\n"},[1.5e3,true,null]],"c":{"d":{"e":[]}}}"#;
    let server = Server::answering(move |seen| {
        let cut: usize = seen.target.rsplit('=').next().unwrap().parse().unwrap();
        Reply::json(&whole.as_bytes()[..cut])
    });
    let client = client(&server);
    for cut in 0..whole.len() {
        let mut call = call(&client, &GET);
        call.query("cut", cut);
        let error = call.send_json::<Value>().await.unwrap_err();
        assert!(error.is_decode(), "{cut}");
        assert_eq!(error.body(), &whole.as_bytes()[..cut]);
    }
    assert_eq!(server.count(), whole.len());
}

#[tokio::test]
async fn json_with_one_byte_changed_at_every_place_never_panics() {
    let whole = br#"{"a":[{"b":"x"},[1.5,true]],"c":{"d":null}}"#;
    let server = Server::answering(move |seen| {
        let place: usize = seen.target.rsplit('=').next().unwrap().parse().unwrap();
        let mut changed = whole.to_vec();
        changed[place] = b'}';
        Reply::json(changed)
    });
    let client = client(&server);
    for place in 0..whole.len() {
        let mut call = call(&client, &GET);
        call.query("place", place);
        if let Err(error) = call.send_json::<Value>().await {
            assert!(error.is_decode(), "{place}");
        }
    }
}

#[tokio::test]
async fn deep_nesting_is_an_error_and_not_a_stack_overflow() {
    for depth in [1_000, 200_000] {
        fails(format!("{}{}", "[".repeat(depth), "]".repeat(depth))).await;
        fails(format!("{}1{}", "{\"a\":".repeat(depth), "}".repeat(depth))).await;
        fails("[".repeat(depth)).await;
    }
}

#[tokio::test]
async fn nesting_that_data_may_have_is_read() {
    let value = fetch::<Value>(format!("{}{}", "[".repeat(100), "]".repeat(100))).await.unwrap();
    assert!(value.is_array());
}

#[tokio::test]
async fn the_last_of_duplicate_keys_counts() {
    let value = fetch::<Value>(r#"{"a":1,"a":2}"#).await.unwrap();
    assert_eq!(value["a"], 2);
}

#[tokio::test]
async fn numbers_beyond_i64_are_read_and_beyond_f64_are_an_error() {
    let value = fetch::<Value>("[18446744073709551615, 123456789012345678901234567890, -9223372036854775809]").await;
    assert_eq!(value.unwrap()[0], u64::MAX);
    fails("1e999999").await;
}

#[tokio::test]
async fn an_id_beyond_i64_is_an_error_with_its_bytes() {
    let error = fetch::<Id>("12345678901234567890").await.unwrap_err();
    assert!(error.is_decode());
    assert_eq!(error.body(), b"12345678901234567890");
}

#[tokio::test]
async fn strings_that_are_not_valid_unicode_are_an_error() {
    fails(r#""\ud800""#).await;
    fails(b"\"\xff\"".to_vec()).await;
    fails("\"a\nb\"").await;
    fails("\"a\0b\"").await;
}

#[tokio::test]
async fn json_with_something_around_it_is_an_error() {
    fails("{} x").await;
    fails("{}{}").await;
    fails("\u{feff}{}").await;
    fails(")]}',\n{}").await;
    fails("callback({})").await;
    fails("{'a':1}").await;
    fails("{\"a\":NaN}").await;
}

#[tokio::test]
async fn html_with_status_200_is_an_error_with_the_page() {
    fails("<!doctype html><title>Maintenance</title>").await;
}

#[tokio::test]
async fn null_is_null() {
    assert_eq!(fetch::<Value>("null").await.unwrap().into_inner(), Value::Null);
    assert_eq!(fetch::<Option<Id>>("null").await.unwrap().into_inner(), None);
}

#[tokio::test]
async fn a_huge_number_of_keys_is_read() {
    let body: Vec<String> = (0..50_000).map(|key| format!("\"k{key}\":{key}")).collect();
    let value = fetch::<Value>(format!("{{{}}}", body.join(","))).await.unwrap();
    assert_eq!(value.as_object().unwrap().len(), 50_000);
}

#[tokio::test]
async fn strict_and_tolerant_differ_only_where_a_value_does_not_fit() {
    let server = Server::answering(|_| Reply::json(r#"["1",{"no":"id"},3]"#));
    let client = client(&server);
    let tolerant = call(&client, &GET).send_json::<Vec<Id>>().await.unwrap();
    assert_eq!(tolerant.len(), 2);
    assert_eq!(tolerant.mismatches()[0].raw(), Some(r#"{"no":"id"}"#));
    let mut call = call(&client, &GET);
    call.options(RequestOptions::new().decoding(Decoding::Strict));
    assert!(call.send_json::<Vec<Id>>().await.unwrap_err().is_decode());
}
