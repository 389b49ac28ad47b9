//! Which calls a fault is for.

use crate::server::Server;

/// A fault that is planned for the next call. Its methods choose other calls, or several.
#[derive(Debug)]
pub struct PlannedFault<'a> {
    server: &'a Server,
    index: usize,
}

impl<'a> PlannedFault<'a> {
    pub(crate) fn new(server: &'a Server, index: usize) -> Self {
        Self { server, index }
    }

    /// Plans it for this many calls, one after the other.
    pub fn times(self, calls: u32) -> Self {
        self.server.shared.state().faults.times(self.index, Some(calls));
        self
    }

    /// Plans it for all calls until [`Server::clear_faults`].
    pub fn always(self) -> Self {
        self.server.shared.state().faults.times(self.index, None);
        self
    }

    /// Plans it for calls of this operation only, named by its id or an alias, such as `contacts.update`.
    ///
    /// # Panics
    /// Where the version has no such operation.
    #[track_caller]
    pub fn on(self, operation: &str) -> Self {
        let id = self.server.operation_id(operation);
        self.server.shared.state().faults.on(self.index, id);
        self
    }
}
