use intercom_catalog::load;
use serde_json::{Value, json};

use super::{parse, text};

fn of(operation: &str, query: &str) -> Result<Value, String> {
    let catalog = load(crate::command::default_version()).expect("the default version is compiled in");
    let operation = catalog.operation(operation).expect("the API has searches");
    parse(query, &operation.search).map_err(|failure| failure.message)
}

fn conversations(query: &str) -> Result<Value, String> {
    of("conversations.search", query)
}

#[test]
fn comparisons_have_the_types_of_their_fields() {
    for (query, field, operator, value) in [
        ("open = true", "open", "=", json!(true)),
        ("created_at > 2026-11-01", "created_at", ">", json!(1_793_491_200)),
        ("source.subject contains 'a \\'b\\''", "source.subject", "~", json!("a 'b'")),
        ("source.subject not contains x", "source.subject", "!~", json!("x")),
        ("source.body ^ \"Re: \"", "source.body", "^", json!("Re: ")),
        ("source.author.email ends_with @x.y", "source.author.email", "$", json!("@x.y")),
        ("state in (open, snoozed)", "state", "IN", json!(["open", "snoozed"])),
        ("statistics.count_reopens NOT IN (1,2)", "statistics.count_reopens", "NIN", json!([1, 2])),
        ("source.url is not null", "source.url", "!=", json!(null)),
        ("source.url is null", "source.url", "=", json!(null)),
    ] {
        let expected = json!({"field": field, "operator": operator, "value": value});
        assert_eq!(conversations(query), Ok(expected), "{query}");
    }
    let any = of("contacts.search", "custom_attributes.seats >= 5 and custom_attributes.zip = '05'").unwrap();
    assert_eq!(any["value"][0]["value"], json!(5));
    assert_eq!(any["value"][1]["value"], json!("05"));
}

#[test]
fn and_binds_closer_than_or_and_parentheses_closer_than_both() {
    let filter = |field: &str| json!({"field": field, "operator": "=", "value": true});
    let query = conversations("open = true and read = true or open = true").unwrap();
    let expected = json!({"operator": "OR", "value": [
        {"operator": "AND", "value": [filter("open"), filter("read")]}, filter("open"),
    ]});
    assert_eq!(query, expected);
    let query = conversations("open = true and (read = true or open = true)").unwrap();
    let expected = json!({"operator": "AND", "value": [
        filter("open"), {"operator": "OR", "value": [filter("read"), filter("open")]},
    ]});
    assert_eq!(query, expected);
}

#[test]
fn mistakes_are_shown_with_a_caret() {
    let mut shown = String::new();
    for query in [
        "",
        "opne = true",
        "open = yes",
        "open > true",
        "open true",
        "open =",
        "open = true adn read = true",
        "(open = true",
        "open = true)",
        "created_at > soon",
        "created_at contains 2026",
        "state in ()",
        "state in (a b)",
        "state is open",
        "source.subject = 'never ends",
        "é = 1 and ! = 2",
        "statistics.count_reopens > many",
        "open = true and and read = true",
        "state not = x",
        "created_at > null",
    ] {
        shown.push_str(&conversations(query).expect_err(query));
        shown.push_str("\n\n");
    }
    shown.push_str(&of("contacts.search", "created_at >= 2026-01-01").unwrap_err());
    insta::assert_snapshot!(shown);
}

#[test]
fn limits_of_the_api_are_kept() {
    let many = vec!["open = true"; 16].join(" or ");
    assert!(conversations(&many).unwrap_err().contains("16 filters"));
    let deep = "open = true or (read = true and (open = true or read = true))";
    assert!(conversations(deep).unwrap_err().contains("deeper than 2 levels"));
    assert!(conversations(&"(".repeat(100_000)).unwrap_err().contains("too deep"));
}

#[test]
fn a_query_of_the_api_is_written_in_the_search_language() {
    for query in [
        "open = true and (state in (open, snoozed) or source.subject contains \"a b\")",
        "source.author.email ends_with @example.com",
    ] {
        assert_eq!(text(&conversations(query).unwrap()).as_deref(), Some(query));
    }
    assert_eq!(text(&json!({"a": 1})), None);
}
