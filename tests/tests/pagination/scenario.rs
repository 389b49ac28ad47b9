//! The ways in which a server may respond to pagination, and the expected outcome of each.

use intercom_runtime::paging::{End, Paging, PagingStyle};

/// The number of pages.
pub const PAGES: usize = 4;
/// The number of items of a page.
pub const PER: usize = 3;

/// The form of the next position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// The position has its declared form.
    Declared,
    /// The position is an object with the cursor as a member.
    Object,
    /// The position is in a URL.
    Address,
    /// There is no position, only the number of the last page.
    Silent,
}

/// The form of the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Last {
    /// `next` is null.
    Null,
    /// `next` is not there.
    Absent,
    /// `pages` is null.
    PagesNull,
    /// `pages` is not there.
    PagesAbsent,
}

/// What the server does wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quirk {
    None,
    /// The last page has its own cursor.
    RepeatsCursor,
    /// The last page has the cursor of the second page.
    Circles,
    /// Every response is the first page.
    IgnoresPosition,
    /// A page in the middle is empty and has a next page.
    EmptyPage,
    /// The number of pages is one.
    TooFewPages,
    /// The number of pages is too large.
    TooManyPages,
}

/// A way to respond.
#[derive(Clone, Copy, Debug)]
pub struct Scenario {
    pub name: &'static str,
    pub next: Next,
    pub last: Last,
    /// Numbers are strings.
    pub texts: bool,
    /// The index of the place of the items.
    pub place: usize,
    pub quirk: Quirk,
}

const PLAIN: Scenario =
    Scenario { name: "plain", next: Next::Declared, last: Last::Null, texts: false, place: 0, quirk: Quirk::None };

/// The ways that apply to an operation.
pub fn scenarios(paging: &Paging) -> Vec<Scenario> {
    let mut all = vec![
        PLAIN,
        Scenario { name: "texts", texts: true, ..PLAIN },
        Scenario { name: "end absent", last: Last::Absent, ..PLAIN },
    ];
    if paging.next.starts_with("pages.") {
        all.push(Scenario { name: "end without pages", last: Last::PagesAbsent, ..PLAIN });
        all.push(Scenario { name: "end with null pages", last: Last::PagesNull, ..PLAIN });
        all.push(Scenario { name: "next as object", next: Next::Object, ..PLAIN });
        all.push(Scenario { name: "next as address", next: Next::Address, ..PLAIN });
    }
    for place in 1..paging.items.len() {
        all.push(Scenario { name: "other key", place, ..PLAIN });
    }
    match paging.style {
        PagingStyle::Cursor => {
            all.push(Scenario { name: "repeated cursor", quirk: Quirk::RepeatsCursor, ..PLAIN });
            all.push(Scenario { name: "circle of cursors", quirk: Quirk::Circles, ..PLAIN });
            all.push(Scenario { name: "empty page", quirk: Quirk::EmptyPage, ..PLAIN });
            all.push(Scenario { name: "position ignored", quirk: Quirk::IgnoresPosition, ..PLAIN });
        }
        PagingStyle::Page => {
            let last = paging.last.is_some();
            if last {
                all.push(Scenario { name: "last page only", next: Next::Silent, last: Last::Absent, ..PLAIN });
                all.push(Scenario { name: "too many pages", next: Next::Silent, quirk: Quirk::TooManyPages, ..PLAIN });
            }
            if last && !paging.next.is_empty() {
                all.push(Scenario { name: "too few pages", next: Next::Address, quirk: Quirk::TooFewPages, ..PLAIN });
            }
            all.push(Scenario { name: "position ignored", quirk: Quirk::IgnoresPosition, ..PLAIN });
        }
        _ => {
            all.truncate(2);
            all.push(Scenario { name: "position ignored", quirk: Quirk::IgnoresPosition, ..PLAIN });
        }
    }
    all
}

impl Scenario {
    /// The numbers of the delivered items, and the reason of the end. If responses have a total, it decides whether an unusual end is
    /// the end of the list.
    pub fn outcome(&self, paging: &Paging) -> (Vec<usize>, End) {
        let all = 0..PAGES * PER;
        let unless_counted = |end| if paging.total.is_some() { End::Complete } else { end };
        match self.quirk {
            Quirk::IgnoresPosition => ((0..PER).collect(), End::Repeated),
            Quirk::EmptyPage => (all.filter(|number| number / PER != 1).collect(), End::Complete),
            Quirk::RepeatsCursor | Quirk::Circles => (all.collect(), unless_counted(End::Repeated)),
            Quirk::TooManyPages => (all.collect(), unless_counted(End::Empty)),
            Quirk::None | Quirk::TooFewPages => (all.collect(), End::Complete),
        }
    }
}
