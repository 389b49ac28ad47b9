//! Searches with typed fields: what is sent, what is refused before it is sent, and queries in other forms.

use intercom_mock::Server;
use intercom_runtime::retry::RetryPolicy;
use intercom_tests::description::Description;
use intercom_v2_15::search::{Query, contacts, conversations, tickets};
use intercom_v2_15::types::{SearchRequestQuery, SingleFilterSearchRequest, SingleFilterSearchRequestOperator};
use intercom_v2_15::{Client, Id, Timestamp};
use serde_json::{Value, json};

/// A server that checks requests against the description of 2.15, and a client that talks to it.
fn start() -> (Server, Client) {
    let server = Server::start_blocking("2.15");
    let client = server.configure(Client::builder()).retry(RetryPolicy::never()).build().unwrap();
    (server, client)
}

/// The body of the last request, after checking that it was correct.
fn sent(server: &Server) -> Value {
    server.assert_no_unexpected();
    server.calls().pop().unwrap().body.unwrap()
}

/// The bodies that the description gives as examples for a search.
fn examples(version: &str, path: &str) -> Vec<Value> {
    let description = Description::of(version);
    let operations = description.operations();
    let operation = operations.iter().find(|operation| operation.path == path && operation.method == "POST").unwrap();
    operation.body.iter().flat_map(|media| &media.examples).map(|(_, example)| (*example).clone()).collect()
}

fn filter(field: &str, operator: &str, value: impl Into<Value>) -> Value {
    json!({"field": field, "operator": operator, "value": value.into()})
}

#[tokio::test]
async fn the_documented_examples_are_sent_as_documented() {
    let (server, client) = start();
    let since: Timestamp = "1306054154".parse().unwrap();
    client.contacts().search(Query::all([contacts::created_at().gt(since.clone())])).per_page(5).await.unwrap();
    assert_eq!(vec![sent(&server)], examples("2.15", "/contacts/search"));
    client
        .conversations()
        .search(Query::all([conversations::created_at().gt(since.clone())]))
        .per_page(5)
        .await
        .unwrap();
    assert_eq!(vec![sent(&server)], examples("2.15", "/conversations/search"));
    client.tickets().search(Query::all([tickets::created_at().gt(since)])).per_page(5).await.unwrap();
    assert_eq!(vec![sent(&server)], examples("2.15", "/tickets/search"));
}

#[tokio::test]
async fn one_filter_stands_alone() {
    let (server, client) = start();
    client.contacts().search(contacts::email().eq("joe@example.com")).await.unwrap();
    assert_eq!(sent(&server), json!({"query": filter("email", "=", "joe@example.com")}));
    client.conversations().search(conversations::open().eq(true)).await.unwrap();
    assert_eq!(sent(&server), json!({"query": filter("open", "=", true)}));
    client.contacts().search(contacts::external_id().is_null()).await.unwrap();
    assert_eq!(sent(&server), json!({"query": filter("external_id", "=", Value::Null)}));
}

#[tokio::test]
async fn filters_are_joined_in_groups() {
    let (server, client) = start();
    let query = contacts::created_at().gt(1_306_054_154)
        & (contacts::email().eq("x@example.com") | contacts::custom_attribute("plan").eq("pro"));
    client.contacts().search(query).await.unwrap();
    assert_eq!(
        sent(&server),
        json!({"query": {"operator": "AND", "value": [
            filter("created_at", ">", 1_306_054_154),
            {"operator": "OR", "value": [filter("email", "=", "x@example.com"), filter("custom_attributes.plan", "=", "pro")]},
        ]}})
    );

    let either = |a: &str, b: &str| contacts::name().contains(a) | contacts::name().contains(b);
    client.contacts().search(either("Ann", "Bea") & either("Smith", "Jones")).await.unwrap();
    let group = |a: &str, b: &str| json!({"operator": "OR", "value": [filter("name", "~", a), filter("name", "~", b)]});
    assert_eq!(
        sent(&server),
        json!({"query": {"operator": "AND", "value": [group("Ann", "Bea"), group("Smith", "Jones")]}})
    );
}

#[tokio::test]
async fn every_kind_of_field_has_its_operators() {
    let (server, client) = start();
    let id = Id::from("667d61c68a68186f43bafe0d");
    let time = Timestamp::from_seconds(1_700_000_000);
    for (query, expected) in [
        (conversations::id().is_in(["1", "2"]), filter("id", "IN", json!(["1", "2"]))),
        (conversations::contact_ids().eq(&id), filter("contact_ids", "=", id.as_str())),
        (conversations::tag_ids().not_in([&id]), filter("tag_ids", "NIN", json!([id.as_str()]))),
        (conversations::source_subject().starts_with("Re:"), filter("source.subject", "^", "Re:")),
        (conversations::source_subject().ends_with("!"), filter("source.subject", "$", "!")),
        (conversations::source_body().not_contains("spam"), filter("source.body", "!~", "spam")),
        (conversations::state().ne("closed"), filter("state", "!=", "closed")),
        (conversations::admin_assignee_id().eq(0), filter("admin_assignee_id", "=", 0)),
        (conversations::team_assignee_id().is_in([5, 6]), filter("team_assignee_id", "IN", json!([5, 6]))),
        (conversations::statistics_count_reopens().ge(2), filter("statistics.count_reopens", ">=", 2)),
        (conversations::waiting_since().lt(time.clone()), filter("waiting_since", "<", 1_700_000_000)),
        (conversations::updated_at().le(time.to_system_time().unwrap()), filter("updated_at", "<=", 1_700_000_000)),
        (conversations::read().ne(true), filter("read", "!=", true)),
        (conversations::snoozed_until().is_not_null(), filter("snoozed_until", "!=", Value::Null)),
    ] {
        client.conversations().search(query).await.unwrap();
        assert_eq!(sent(&server)["query"], expected);
    }
    client.tickets().search(tickets::ticket_attribute(123).contains("printer")).await.unwrap();
    assert_eq!(sent(&server)["query"], filter("ticket_attribute.123", "~", "printer"));
    client.contacts().search(contacts::custom_attribute("score").gt(7.5)).await.unwrap();
    assert_eq!(sent(&server)["query"], filter("custom_attributes.score", ">", 7.5));
}

#[tokio::test]
async fn a_query_over_the_known_limits_is_not_sent() {
    let (server, client) = start();
    let name = || contacts::name().eq("x");
    for (query, expected) in [
        (Query::all(vec![name(); 16]), "AND group of 16 filters; at most 15 are allowed"),
        ((0..15).fold(name(), |query, _| query | name()), "OR group of 16 filters"),
        (Query::all([Query::any([Query::all([name()])])]), "deeper than 2 levels"),
        ((name() & name() | name()) & name() | name(), "deeper than 2 levels"),
        (Query::all(Vec::<Query>::new()), "AND group without filters"),
        (name() | Query::all(Vec::<Query>::new()), "AND group without filters"),
        (contacts::id().is_in(Vec::<String>::new()), "`IN` needs at least one value"),
        (name() & contacts::created_at().ge(1), "`created_at`: it does not support `>=`; it supports `=`, `<`, `>`"),
        (contacts::tag_id().contains("7"), "`tag_id`: it does not support `~`; it supports `=`, `!=`"),
        (contacts::custom_attribute("paid").lt(true), "`custom_attributes.paid`: true is not ordered"),
    ] {
        let error = client.contacts().search(query.clone()).await.unwrap_err();
        assert!(error.is_request() && error.to_string().contains(expected), "{error}");
        assert_eq!(error.operation(), Some("contacts.search"));
        let error = client.contacts().search(&query).items().next().await.unwrap().unwrap_err();
        assert!(error.is_request() && error.to_string().contains(expected), "{error}");
    }
    assert!(server.calls().is_empty());
    client.contacts().search(Query::all(vec![name(); 15])).await.unwrap();
    client.contacts().search(Query::all(vec![Query::any(vec![name(); 15]); 15])).await.unwrap();
    assert_eq!(server.calls().len(), 2);
}

#[tokio::test]
async fn json_and_the_types_of_the_description_are_queries_too() {
    let (server, client) = start();
    let json = json!({"operator": "AND", "value": [filter("email", "=", "joe@example.com")]});
    client.contacts().search(json.clone()).await.unwrap();
    assert_eq!(sent(&server)["query"], json);

    let single =
        SingleFilterSearchRequest::new().field("email").operator(SingleFilterSearchRequestOperator::Equals).value("x");
    let expected = filter("email", "=", "x");
    client.contacts().search(single.clone()).await.unwrap();
    assert_eq!(sent(&server)["query"], expected);
    client.contacts().search(SearchRequestQuery::from(single.clone())).await.unwrap();
    assert_eq!(sent(&server)["query"], expected);
    // Both kinds in one query.
    client.contacts().search(contacts::name().eq("y") & single.into()).await.unwrap();
    assert_eq!(sent(&server)["query"], json!({"operator": "AND", "value": [filter("name", "=", "y"), expected]}));
}

#[test]
fn a_query_can_be_stored() {
    let query = contacts::name().eq("x") & contacts::role().eq("user");
    let stored = serde_json::to_string(&query).unwrap();
    assert_eq!(Query::raw(serde_json::from_str::<Value>(&stored).unwrap()).to_json(), query.to_json());
}

/// The other versions differ in a few fields, and in what the companies of Preview can do.
#[cfg(feature = "all-versions")]
mod versions {
    use super::*;

    #[test]
    fn owners_are_found_by_the_type_of_the_version() {
        assert_eq!(contacts::owner_id().eq(7).to_json(), filter("owner_id", "=", 7));
        assert_eq!(intercom_v2_16::search::contacts::owner_id().eq("7").to_json(), filter("owner_id", "=", "7"));
        assert_eq!(intercom_preview::search::contacts::owner_id().eq(7).to_json(), filter("owner_id", "=", 7));
        assert_eq!(intercom_v2_16::search::tickets::admin_assignee_id().eq("7").validation_error(), None);
        assert_eq!(intercom_preview::search::tickets::admin_assignee_id().eq(7).validation_error(), None);
    }

    #[test]
    fn contacts_of_preview_compare_dates_in_more_ways() {
        assert!(contacts::created_at().ge(1).validation_error().is_some());
        assert_eq!(intercom_preview::search::contacts::created_at().ge(1).validation_error(), None);
    }

    #[tokio::test]
    async fn companies_are_searched_in_preview() {
        use intercom_preview::search::companies;
        let server = Server::start("preview").await;
        let client = server.configure(intercom_preview::Client::builder()).build().unwrap();
        let query = Query::all([companies::name().eq("my-company")]);
        client.companies().search(query).per_page(5).await.unwrap();
        let mut documented = examples("preview", "/companies/search").remove(0);
        documented.as_object_mut().unwrap().remove("sort");
        assert_eq!(sent(&server), documented);
        let query = companies::monthly_spend().gt(100) | companies::custom_attribute("tier").is_in(["gold", "silver"]);
        client.companies().search(query).await.unwrap();
        assert_eq!(sent(&server)["query"]["operator"], "OR");
    }

    #[tokio::test]
    async fn the_oldest_version_has_the_same_search_methods() {
        let server = Server::start("2.7").await;
        let client = server.configure(intercom_v2_7::Client::builder()).build().unwrap();
        let since: Timestamp = "1306054154".parse().unwrap();
        let query = Query::all([intercom_v2_7::search::contacts::created_at().gt(since)]);
        client.contacts().search(query).per_page(5).await.unwrap();
        assert_eq!(vec![sent(&server)], examples("2.7", "/contacts/search"));
    }
}
