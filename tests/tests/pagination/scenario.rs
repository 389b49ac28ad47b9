//! In which ways a server may answer a walk, and what comes of each.

use intercom_runtime::paging::{End, Paging, PagingStyle};

/// How many pages there are.
pub const PAGES: usize = 4;
/// How many items a page has.
pub const PER: usize = 3;

/// How the next position is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// At its declared place.
    Declared,
    /// As an object with a member of the cursor's name.
    Object,
    /// As an address.
    Address,
    /// Not at all: only the number of the last page is told.
    Silent,
}

/// How the end is written.
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

/// What is wrong with the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quirk {
    None,
    /// On the last page it gives the cursor of that page.
    RepeatsCursor,
    /// On the last page it gives the cursor of the second page.
    Circles,
    /// It gives the first page whatever is asked for.
    IgnoresPosition,
    /// A page in the middle is empty and has a next one.
    EmptyPage,
    /// It says that there is one page.
    TooFewPages,
    /// It says that there are more pages than there are.
    TooManyPages,
}

/// A way to answer.
#[derive(Clone, Copy, Debug)]
pub struct Scenario {
    pub name: &'static str,
    pub next: Next,
    pub last: Last,
    /// Numbers are written as texts.
    pub texts: bool,
    /// Which of the places the items stand at.
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
    /// The numbers of the items that are delivered, and why the walk ends. Where the answers have a total, it tells
    /// whether a strange end came after the last item.
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
