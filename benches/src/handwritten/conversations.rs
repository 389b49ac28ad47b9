//! A page of conversations.

#![allow(missing_docs)]

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct ConversationList {
    pub r#type: Option<String>,
    pub conversations: Option<Vec<ConversationListItem>>,
    pub total_count: Option<i64>,
    pub pages: Option<CursorPages>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct ConversationListItem {
    pub r#type: Option<String>,
    pub id: Option<String>,
    pub title: Option<String>,
    pub created_at: Option<i64>,
    pub updated_at: Option<i64>,
    pub waiting_since: Option<i64>,
    pub snoozed_until: Option<i64>,
    pub open: Option<bool>,
    pub state: Option<String>,
    pub read: Option<bool>,
    pub priority: Option<String>,
    pub admin_assignee_id: Option<i64>,
    pub team_assignee_id: Option<i64>,
    pub company: Option<Company>,
    pub tags: Option<Tags>,
    pub conversation_rating: Option<ConversationRating>,
    pub source: Option<ConversationSource>,
    pub contacts: Option<ConversationContacts>,
    pub teammates: Option<ConversationTeammates>,
    pub custom_attributes: Option<Map<String, Value>>,
    pub first_contact_reply: Option<ConversationFirstContactReply>,
    pub sla_applied: Option<SlaApplied>,
    pub statistics: Option<ConversationStatistics>,
    pub linked_objects: Option<LinkedObjectList>,
    pub ai_agent_participated: Option<bool>,
    pub ai_agent: Option<AiAgent>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Company {
    pub r#type: Option<String>,
    pub id: Option<String>,
    pub name: Option<String>,
    pub app_id: Option<String>,
    pub plan: Option<CompanyPlan>,
    pub company_id: Option<String>,
    pub remote_created_at: Option<i64>,
    pub created_at: Option<i64>,
    pub updated_at: Option<i64>,
    pub last_request_at: Option<i64>,
    pub size: Option<i64>,
    pub website: Option<String>,
    pub industry: Option<String>,
    pub monthly_spend: Option<i64>,
    pub session_count: Option<i64>,
    pub user_count: Option<i64>,
    pub custom_attributes: Option<Map<String, Value>>,
    pub tags: Option<CompanyTags>,
    pub segments: Option<CompanySegments>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct CompanyPlan {
    pub r#type: Option<String>,
    pub id: Option<String>,
    pub name: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct CompanyTags {
    pub r#type: Option<String>,
    pub tags: Option<Vec<TagBasic>>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct TagBasic {
    pub r#type: Option<String>,
    pub id: Option<String>,
    pub name: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct CompanySegments {
    pub r#type: Option<String>,
    pub segments: Option<Vec<Segment>>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Segment {
    pub r#type: Option<String>,
    pub id: Option<String>,
    pub name: Option<String>,
    pub created_at: Option<i64>,
    pub updated_at: Option<i64>,
    pub person_type: Option<String>,
    pub count: Option<i64>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Tags {
    pub r#type: Option<String>,
    pub tags: Option<Vec<Tag>>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Tag {
    pub r#type: Option<String>,
    pub id: Option<String>,
    pub name: Option<String>,
    pub applied_at: Option<i64>,
    pub applied_by: Option<TagAppliedBy>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct TagAppliedBy {
    pub r#type: Option<String>,
    pub id: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct ConversationRating {
    pub rating: Option<i64>,
    pub remark: Option<String>,
    pub created_at: Option<i64>,
    pub updated_at: Option<i64>,
    pub contact: Option<ContactReference>,
    pub teammate: Option<Reference>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct ContactReference {
    pub r#type: Option<String>,
    pub id: Option<String>,
    pub external_id: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Reference {
    pub r#type: Option<String>,
    pub id: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct ConversationSource {
    pub r#type: Option<String>,
    pub id: Option<String>,
    pub delivered_as: Option<String>,
    pub subject: Option<String>,
    pub body: Option<String>,
    pub author: Option<ConversationPartAuthor>,
    pub attachments: Option<Vec<PartAttachment>>,
    pub url: Option<String>,
    pub redacted: Option<bool>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct ConversationPartAuthor {
    pub r#type: Option<String>,
    pub id: Option<String>,
    pub name: Option<String>,
    pub email: Option<String>,
    pub from_ai_agent: Option<bool>,
    pub is_ai_answer: Option<bool>,
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
pub struct ConversationContacts {
    pub r#type: Option<String>,
    pub contacts: Option<Vec<ContactReference>>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct ConversationTeammates {
    pub r#type: Option<String>,
    pub teammates: Option<Vec<Reference>>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct ConversationFirstContactReply {
    pub created_at: Option<i64>,
    pub r#type: Option<String>,
    pub url: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct SlaApplied {
    pub r#type: Option<String>,
    pub sla_name: Option<String>,
    pub sla_status: Option<String>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct ConversationStatistics {
    pub r#type: Option<String>,
    pub time_to_assignment: Option<i64>,
    pub time_to_admin_reply: Option<i64>,
    pub time_to_first_close: Option<i64>,
    pub time_to_last_close: Option<i64>,
    pub median_time_to_reply: Option<i64>,
    pub first_contact_reply_at: Option<i64>,
    pub first_assignment_at: Option<i64>,
    pub first_admin_reply_at: Option<i64>,
    pub first_close_at: Option<i64>,
    pub last_assignment_at: Option<i64>,
    pub last_assignment_admin_reply_at: Option<i64>,
    pub last_contact_reply_at: Option<i64>,
    pub last_admin_reply_at: Option<i64>,
    pub last_close_at: Option<i64>,
    pub last_closed_by_id: Option<String>,
    pub count_reopens: Option<i64>,
    pub count_assignments: Option<i64>,
    pub count_conversation_parts: Option<i64>,
    pub assigned_team_first_response_time: Option<Vec<ConversationResponseTime>>,
    pub assigned_team_first_response_time_in_office_hours: Option<Vec<ConversationResponseTime>>,
    pub handling_time: Option<i64>,
    pub adjusted_handling_time: Option<i64>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct ConversationResponseTime {
    pub team_id: Option<i64>,
    pub team_name: Option<String>,
    pub response_time: Option<i64>,
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
pub struct AiAgent {
    pub source_type: Option<String>,
    pub source_title: Option<String>,
    pub last_answer_type: Option<String>,
    pub resolution_state: Option<String>,
    pub rating: Option<i64>,
    pub rating_remark: Option<String>,
    pub created_at: Option<i64>,
    pub updated_at: Option<i64>,
    pub content_sources: Option<ContentSourcesList>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct ContentSourcesList {
    pub r#type: Option<String>,
    pub total_count: Option<i64>,
    pub content_sources: Option<Vec<ContentSource>>,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct ContentSource {
    pub content_type: Option<String>,
    pub url: Option<String>,
    pub title: Option<String>,
    pub locale: Option<String>,
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
