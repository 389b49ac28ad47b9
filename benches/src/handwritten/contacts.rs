//! A page of contacts.

#![allow(missing_docs)]

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct ContactList {
    pub r#type: Option<String>,
    pub data: Option<Vec<Contact>>,
    pub total_count: Option<i64>,
    pub pages: Option<CursorPages>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Contact {
    pub r#type: Option<String>,
    pub id: Option<String>,
    pub external_id: Option<String>,
    pub workspace_id: Option<String>,
    pub role: Option<String>,
    pub email: Option<String>,
    pub email_domain: Option<String>,
    pub phone: Option<String>,
    pub name: Option<String>,
    pub owner_id: Option<i64>,
    pub has_hard_bounced: Option<bool>,
    pub marked_email_as_spam: Option<bool>,
    pub unsubscribed_from_emails: Option<bool>,
    pub created_at: Option<i64>,
    pub updated_at: Option<i64>,
    pub signed_up_at: Option<i64>,
    pub last_seen_at: Option<i64>,
    pub last_replied_at: Option<i64>,
    pub last_contacted_at: Option<i64>,
    pub last_email_opened_at: Option<i64>,
    pub last_email_clicked_at: Option<i64>,
    pub language_override: Option<String>,
    pub browser: Option<String>,
    pub browser_version: Option<String>,
    pub browser_language: Option<String>,
    pub os: Option<String>,
    pub android_app_name: Option<String>,
    pub android_app_version: Option<String>,
    pub android_device: Option<String>,
    pub android_os_version: Option<String>,
    pub android_sdk_version: Option<String>,
    pub android_last_seen_at: Option<i64>,
    pub ios_app_name: Option<String>,
    pub ios_app_version: Option<String>,
    pub ios_device: Option<String>,
    pub ios_os_version: Option<String>,
    pub ios_sdk_version: Option<String>,
    pub ios_last_seen_at: Option<i64>,
    pub custom_attributes: Option<Map<String, Value>>,
    pub avatar: Option<ContactAvatar>,
    pub tags: Option<ContactTags>,
    pub notes: Option<ContactNotes>,
    pub companies: Option<ContactCompanies>,
    pub location: Option<ContactLocation>,
    pub social_profiles: Option<ContactSocialProfiles>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct ContactAvatar {
    pub r#type: Option<String>,
    pub image_url: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct ContactTags {
    pub data: Option<Vec<AddressableList>>,
    pub url: Option<String>,
    pub total_count: Option<i64>,
    pub has_more: Option<bool>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct AddressableList {
    pub r#type: Option<String>,
    pub id: Option<String>,
    pub url: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct ContactNotes {
    pub data: Option<Vec<AddressableList>>,
    pub url: Option<String>,
    pub total_count: Option<i64>,
    pub has_more: Option<bool>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct ContactCompanies {
    pub data: Option<Vec<CompanyData>>,
    pub url: Option<String>,
    pub total_count: Option<i64>,
    pub has_more: Option<bool>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct CompanyData {
    pub id: Option<String>,
    pub r#type: Option<String>,
    pub url: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct ContactLocation {
    pub r#type: Option<String>,
    pub country: Option<String>,
    pub region: Option<String>,
    pub city: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct ContactSocialProfiles {
    pub data: Option<Vec<SocialProfile>>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct SocialProfile {
    pub r#type: Option<String>,
    pub name: Option<String>,
    pub url: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct CursorPages {
    pub r#type: Option<String>,
    pub page: Option<i64>,
    pub next: Option<StartingAfterPaging>,
    pub per_page: Option<i64>,
    pub total_pages: Option<i64>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct StartingAfterPaging {
    pub per_page: Option<i64>,
    pub starting_after: Option<String>,
}
