//! The baseline: pages as someone would write them by hand, with serde's derive and without anything that keeps unknown keys,
//! explicit nulls or unknown enum values.

pub mod contacts;
pub mod conversations;
pub mod tickets;

pub use contacts::ContactList;
pub use conversations::ConversationList;
pub use tickets::TicketList;
