//! A page of tickets.

#![allow(missing_docs)]

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct TicketList {
    pub r#type: Option<String>,
    pub tickets: Option<Vec<Ticket>>,
    pub total_count: Option<i64>,
    pub pages: Option<CursorPages>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Ticket {
    pub r#type: Option<String>,
    pub id: Option<String>,
    pub ticket_id: Option<String>,
    pub category: Option<String>,
    pub ticket_attributes: Option<Map<String, Value>>,
    pub ticket_state: Option<TicketState>,
    pub ticket_type: Option<TicketType>,
    pub contacts: Option<TicketContacts>,
    pub admin_assignee_id: Option<String>,
    pub team_assignee_id: Option<String>,
    pub created_at: Option<i64>,
    pub updated_at: Option<i64>,
    pub open: Option<bool>,
    pub snoozed_until: Option<i64>,
    pub linked_objects: Option<LinkedObjectList>,
    pub ticket_parts: Option<TicketParts>,
    pub is_shared: Option<bool>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct TicketState {
    pub r#type: Option<String>,
    pub id: Option<String>,
    pub category: Option<String>,
    pub internal_label: Option<String>,
    pub external_label: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct TicketType {
    pub r#type: Option<String>,
    pub id: Option<String>,
    pub category: Option<String>,
    pub name: Option<String>,
    pub description: Option<String>,
    pub icon: Option<String>,
    pub workspace_id: Option<String>,
    pub ticket_type_attributes: Option<TicketTypeAttributeList>,
    pub ticket_states: Option<TicketTypeTicketStates>,
    pub archived: Option<bool>,
    pub created_at: Option<i64>,
    pub updated_at: Option<i64>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct TicketTypeAttributeList {
    pub r#type: Option<String>,
    pub ticket_type_attributes: Option<Vec<TicketTypeAttribute>>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct TicketTypeAttribute {
    pub r#type: Option<String>,
    pub id: Option<String>,
    pub workspace_id: Option<String>,
    pub name: Option<String>,
    pub description: Option<String>,
    pub data_type: Option<String>,
    pub input_options: Option<Map<String, Value>>,
    pub order: Option<i64>,
    pub required_to_create: Option<bool>,
    pub required_to_create_for_contacts: Option<bool>,
    pub visible_on_create: Option<bool>,
    pub visible_to_contacts: Option<bool>,
    pub r#default: Option<bool>,
    pub ticket_type_id: Option<i64>,
    pub archived: Option<bool>,
    pub created_at: Option<i64>,
    pub updated_at: Option<i64>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct TicketTypeTicketStates {
    pub r#type: Option<String>,
    pub data: Option<Vec<TicketState>>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct TicketContacts {
    pub r#type: Option<String>,
    pub contacts: Option<Vec<ContactReference>>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct ContactReference {
    pub r#type: Option<String>,
    pub id: Option<String>,
    pub external_id: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct LinkedObjectList {
    pub r#type: Option<String>,
    pub total_count: Option<i64>,
    pub has_more: Option<bool>,
    pub data: Option<Vec<LinkedObject>>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct LinkedObject {
    pub r#type: Option<String>,
    pub id: Option<String>,
    pub category: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct TicketParts {
    pub r#type: Option<String>,
    pub ticket_parts: Option<Vec<TicketPart>>,
    pub total_count: Option<i64>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct TicketPart {
    pub r#type: Option<String>,
    pub id: Option<String>,
    pub part_type: Option<String>,
    pub body: Option<String>,
    pub previous_ticket_state: Option<String>,
    pub ticket_state: Option<String>,
    pub created_at: Option<i64>,
    pub updated_at: Option<i64>,
    pub assigned_to: Option<Reference>,
    pub author: Option<TicketPartAuthor>,
    pub attachments: Option<Vec<PartAttachment>>,
    pub external_id: Option<String>,
    pub redacted: Option<bool>,
    pub app_package_code: Option<String>,
    pub updated_attribute_data: Option<TicketPartUpdatedAttributeData>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Reference {
    pub r#type: Option<String>,
    pub id: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct TicketPartAuthor {
    pub r#type: Option<String>,
    pub id: Option<String>,
    pub name: Option<String>,
    pub email: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct PartAttachment {
    pub r#type: Option<String>,
    pub name: Option<String>,
    pub url: Option<String>,
    pub content_type: Option<String>,
    pub filesize: Option<i64>,
    pub width: Option<i64>,
    pub height: Option<i64>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct TicketPartUpdatedAttributeData {
    pub attribute: Option<TicketPartUpdatedAttributeDataAttribute>,
    pub value: Option<TicketPartUpdatedAttributeDataValue>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct TicketPartUpdatedAttributeDataAttribute {
    pub r#type: Option<String>,
    pub id: Option<String>,
    pub label: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct TicketPartUpdatedAttributeDataValue {
    pub r#type: Option<String>,
    pub id: Option<Value>,
    pub label: Option<Value>,
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
