//! The codes of the API's error entries.

use std::fmt;

/// Declares the enum, its text form and the way back in one list.
macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $text:literal,)*) => {
        /// A code of an error entry. Open: the API adds codes, and one that is not listed is kept as text.
        ///
        /// Several codes may mean what one predicate of [`Error`](crate::Error) asks; match on a code only where the
        /// difference matters.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ErrorCode {
            $($(#[$doc])* $variant,)*
            /// A code that this version of the crate does not list, as the API sent it.
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
    /// No admin has that id.
    AdminNotFound = "admin_not_found",
    /// The workspace's plan does not include this.
    ApiPlanRestricted = "api_plan_restricted",
    /// No article has that id.
    ArticleNotFound = "article_not_found",
    /// The admin or team to assign to does not exist.
    AssigneeNotFound = "assignee_not_found",
    /// The request is malformed.
    BadRequest = "bad_request",
    /// The request is at fault, without detail.
    ClientError = "client_error",
    /// No company has that id.
    CompanyNotFound = "company_not_found",
    /// The object changed, or exists already.
    Conflict = "conflict",
    /// The contact belongs to as many companies as one may.
    ContactCompanyLimitExceeded = "contact_company_limit_exceeded",
    /// The contact was merged into another.
    ContactMerged = "contact_merged",
    /// No conversation has that id.
    ConversationNotFound = "conversation_not_found",
    /// A value of the body is not valid.
    DataInvalid = "data_invalid",
    /// A field that was named does not exist.
    FieldNotFound = "field_not_found",
    /// The token may not do this.
    Forbidden = "forbidden",
    /// The server failed.
    InternalError = "internal_error",
    /// There is no API version of that name.
    IntercomVersionInvalid = "intercom_version_invalid",
    /// The body is not a document that the API can read.
    InvalidDocument = "invalid_document",
    /// A field's value is not valid.
    InvalidField = "invalid_field",
    /// The job has ended or expired.
    JobClosed = "job_closed",
    /// No job has that id.
    JobNotFound = "job_not_found",
    /// The two objects cannot be merged.
    MergeFailed = "merge_failed",
    /// There is no `Authorization` header.
    MissingAuthorization = "missing_authorization",
    /// A parameter that the call needs is missing.
    MissingParameter = "missing_parameter",
    /// Nothing was found at that address.
    NotFound = "not_found",
    /// The object cannot be restored.
    NotRestorable = "not_restorable",
    /// A parameter's value is not valid.
    ParameterInvalid = "parameter_invalid",
    /// Parameters contradict each other.
    ParameterMismatch = "parameter_mismatch",
    /// A parameter that the call needs was not found.
    ParameterNotFound = "parameter_not_found",
    /// The body is larger than the API takes.
    PayloadTooLarge = "payload_too_large",
    /// More calls than the rate limit allows.
    RateLimitExceeded = "rate_limit_exceeded",
    /// Another object stands in the way.
    ResourceConflict = "resource_conflict",
    /// The server failed.
    ServerError = "server_error",
    /// The service is not available for the moment.
    ServiceUnavailable = "service_unavailable",
    /// A synchronisation is under way.
    SyncInProgress = "sync_in_progress",
    /// No tag has that id.
    TagNotFound = "tag_not_found",
    /// No team has that id.
    TeamNotFound = "team_not_found",
    /// The team cannot take this.
    TeamUnavailable = "team_unavailable",
    /// No ticket has that id.
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
    /// Another user has that id or address.
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
    fn every_code_goes_back_to_its_text() {
        for text in LISTED {
            let code = ErrorCode::from(*text);
            assert!(!matches!(code, ErrorCode::Other(_)), "{text}");
            assert_eq!(code, *text);
        }
        assert_eq!(ErrorCode::from("brand_new"), ErrorCode::Other("brand_new".into()));
    }
}
