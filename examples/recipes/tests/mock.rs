//! A test of code that calls Intercom, against a server that remembers.

use intercom_mock::Server;
use intercom_v2_15::Client;
use serde_json::json;

#[tokio::test]
async fn a_contact_is_tagged_although_the_server_fails_at_first() {
    let intercom = Server::start("2.15").await;
    let client = intercom.configure(Client::builder()).build().expect("the settings are complete");
    let joe = intercom.seed("contacts", json!({"email": "joe@example.com"}))["id"].to_string();
    let vip = intercom.seed("tags", json!({"name": "vip"}))["id"].to_string();
    intercom.fail_next(429);
    client.tags().tag_contact(joe.trim_matches('"'), vip.trim_matches('"')).await.expect("the contact is tagged");
    intercom.assert_called("tags.tag_contact", 2).with_body(json!({"id": vip.trim_matches('"')}));
    intercom.assert_no_unexpected();
}
