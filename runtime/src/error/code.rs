//! The codes of the API's error entries.

use std::fmt;

/// Declares the enum and its conversions from and to text, from one list.
macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $text:literal,)*) => {
        /// The code of an error entry. The API may add codes; a code that is not listed is kept as text in [`Other`](Self::Other).
        ///
        /// A predicate of [`Error`](crate::Error) often covers several codes. Match on a code only if the difference matters.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorCode {
            $($(#[$doc])* $variant,)*
            /// A code that this version of the crate does not list.
            Other(Box<str>),
        }

        impl ErrorCode {
            /// The code as the API writes it.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Other(text) => text,
                }
            }
        }

        impl From<&str> for ErrorCode {
            fn from(text: &str) -> Self {
                match text {
                    $($text => Self::$variant,)*
                    other => Self::Other(other.into()),
                }
            }
        }

        #[cfg(test)]
        const LISTED: &[&str] = &[$($text),*];
    };
}

codes! {
    /// The action is not allowed for this app or object.
    ActionForbidden = "action_forbidden",
    /// There is no admin with this id.
    AdminNotFound = "admin_not_found",
    /// The workspace's plan does not include this.
    ApiPlanRestricted = "api_plan_restricted",
    /// There is no article with this id.
    ArticleNotFound = "article_not_found",
    /// The admin or team to assign to does not exist.
    AssigneeNotFound = "assignee_not_found",
    /// The request is malformed.
    BadRequest = "bad_request",
    /// The request is not valid; the API gives no details.
    ClientError = "client_error",
    /// There is no company with this id.
    CompanyNotFound = "company_not_found",
    /// The object has changed, or exists already.
    Conflict = "conflict",
    /// The contact belongs to the maximum number of companies already.
    ContactCompanyLimitExceeded = "contact_company_limit_exceeded",
    /// The contact was merged into another.
    ContactMerged = "contact_merged",
    /// There is no conversation with this id.
    ConversationNotFound = "conversation_not_found",
    /// A value of the body is not valid.
    DataInvalid = "data_invalid",
    /// There is no field of this name.
    FieldNotFound = "field_not_found",
    /// The token does not allow this.
    Forbidden = "forbidden",
    /// The server failed.
    InternalError = "internal_error",
    /// There is no such API version.
    IntercomVersionInvalid = "intercom_version_invalid",
    /// The API cannot read the body.
    InvalidDocument = "invalid_document",
    /// A field's value is not valid.
    InvalidField = "invalid_field",
    /// The job has ended or expired.
    JobClosed = "job_closed",
    /// There is no job with this id.
    JobNotFound = "job_not_found",
    /// The two objects cannot be merged.
    MergeFailed = "merge_failed",
    /// There is no `Authorization` header.
    MissingAuthorization = "missing_authorization",
    /// A required parameter is missing.
    MissingParameter = "missing_parameter",
    /// The resource was not found.
    NotFound = "not_found",
    /// The object cannot be restored.
    NotRestorable = "not_restorable",
    /// A parameter's value is not valid.
    ParameterInvalid = "parameter_invalid",
    /// Parameters contradict each other.
    ParameterMismatch = "parameter_mismatch",
    /// A required parameter was not found.
    ParameterNotFound = "parameter_not_found",
    /// The body is too large.
    PayloadTooLarge = "payload_too_large",
    /// The rate limit is exceeded.
    RateLimitExceeded = "rate_limit_exceeded",
    /// The operation conflicts with another object.
    ResourceConflict = "resource_conflict",
    /// The server failed.
    ServerError = "server_error",
    /// The service is not available at the moment.
    ServiceUnavailable = "service_unavailable",
    /// A synchronization is in progress.
    SyncInProgress = "sync_in_progress",
    /// There is no tag with this id.
    TagNotFound = "tag_not_found",
    /// There is no team with this id.
    TeamNotFound = "team_not_found",
    /// The team is not available.
    TeamUnavailable = "team_unavailable",
    /// There is no ticket with this id.
    TicketNotFound = "ticket_not_found",
    /// The token was blocked.
    TokenBlocked = "token_blocked",
    /// The token has expired.
    TokenExpired = "token_expired",
    /// There is no such token.
    TokenNotFound = "token_not_found",
    /// The token was revoked.
    TokenRevoked = "token_revoked",
    /// The token lacks the permission.
    TokenUnauthorized = "token_unauthorized",
    /// A value has the wrong JSON type.
    TypeMismatch = "type_mismatch",
    /// The call is not authenticated.
    Unauthorized = "unauthorized",
    /// Another user has this id or email address.
    UniqueUserConstraint = "unique_user_constraint",
    /// The API does not support this.
    Unsupported = "unsupported",
    /// A value of the body is not valid.
    ValidationError = "validation_error",
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl PartialEq<str> for ErrorCode {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for ErrorCode {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_round_trips_through_its_text() {
        for text in LISTED {
            let code = ErrorCode::from(*text);
            assert!(!matches!(code, ErrorCode::Other(_)), "{text}");
            assert_eq!(code, *text);
        }
        assert_eq!(ErrorCode::from("brand_new"), ErrorCode::Other("brand_new".into()));
    }
}
