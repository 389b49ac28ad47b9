//! Which calls a fault is for.

use crate::server::Server;

/// A fault that waits for its calls: the next call, unless it is told otherwise.
#[derive(Debug)]
pub struct PlannedFault<'a> {
    server: &'a Server,
    index: usize,
}

impl<'a> PlannedFault<'a> {
    pub(crate) fn new(server: &'a Server, index: usize) -> Self {
        Self { server, index }
    }

    /// For this many calls, one after the other.
    pub fn times(self, calls: u32) -> Self {
        self.server.shared.state().faults.times(self.index, Some(calls));
        self
    }

    /// For all calls until [`Server::clear_faults`].
    pub fn always(self) -> Self {
        self.server.shared.state().faults.times(self.index, None);
        self
    }

    /// For calls of this operation only, such as `contacts.update`.
    ///
    /// # Panics
    /// Where the version has no such operation.
    #[track_caller]
    pub fn on(self, operation: &str) -> Self {
        let known = self.server.shared.model.catalog.operation(operation).is_some();
        assert!(known, "version {} has no operation {operation}", self.server.version());
        self.server.shared.state().faults.on(self.index, operation);
        self
    }
}
