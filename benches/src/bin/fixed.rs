//! One fixed piece of work, to be counted in instructions or timed alone in a process: `fixed WORK [KIND] [DEVIATION]`.
//!
//! The work is `decode-ours`, `decode-handwritten`, `decode-value`, `encode-ours`, `encode-handwritten` or `nothing`, which
//! measures only the setup that all have in common; `time-…` repeats the work for a second and prints the median in
//! microseconds; `body` prints the page. The kind is `conversations` (or `contacts`, `tickets`), the deviation `none` (or `one`,
//! `each`).

use std::error::Error;
use std::hint::black_box;
use std::io::Write as _;
use std::time::{Duration, Instant};

use intercom_benches::handwritten::{ContactList, ConversationList, TicketList};
use intercom_benches::{Deviation, ITEMS, Kind, page};
use intercom_runtime::data::{Decode, Decoding, from_slice, to_vec};
use intercom_v2_15::types;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// How often the work is repeated if it is not timed.
const TIMES: usize = 20;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let argument = |index: usize, default: &str| arguments.get(index).map_or(default.to_owned(), Clone::clone);
    let kind = Kind::named(&argument(2, "conversations")).ok_or("no kind of page is called that")?;
    let deviation = Deviation::named(&argument(3, "none")).ok_or("no deviation is called that")?;
    let body = page(kind, ITEMS, deviation);
    let work = argument(1, "");
    if work == "body" {
        return Ok(std::io::stdout().write_all(&body)?);
    }
    match kind {
        Kind::Conversations => run::<types::ConversationList, ConversationList>(&work, &body),
        Kind::Contacts => run::<types::ContactList, ContactList>(&work, &body),
        Kind::Tickets => run::<types::TicketList, TicketList>(&work, &body),
    }
}

fn run<O: Decode, H: DeserializeOwned + Serialize>(work: &str, body: &[u8]) -> Result<(), Box<dyn Error>> {
    let ours = from_slice::<O>(body, Decoding::Tolerant)?.value;
    let theirs = serde_json::from_slice::<H>(body).ok();
    let (timed, name) = work.strip_prefix("time-").map_or((false, work), |name| (true, name));
    let step: Box<dyn Fn()> = match (name, theirs) {
        ("decode-ours", _) => Box::new(|| drop(black_box(from_slice::<O>(black_box(body), Decoding::Tolerant)))),
        ("decode-handwritten", _) => Box::new(|| drop(black_box(serde_json::from_slice::<H>(black_box(body))))),
        ("decode-value", _) => Box::new(|| drop(black_box(serde_json::from_slice::<Value>(black_box(body))))),
        ("encode-ours", _) => Box::new(|| drop(black_box(to_vec(black_box(&ours))))),
        ("encode-handwritten", Some(theirs)) => {
            Box::new(move || drop(black_box(serde_json::to_vec(black_box(&theirs)))))
        }
        ("nothing", _) => Box::new(|| {}),
        _ => return Err(format!("no work is called {work}").into()),
    };
    if timed {
        println!("{name} {:.1}", median(&step));
    } else {
        (0..TIMES).for_each(|_| step());
    }
    Ok(())
}

/// Repeats the work for a second. Returns the median time in microseconds.
fn median(step: &dyn Fn()) -> f64 {
    let (begin, mut times) = (Instant::now(), Vec::new());
    while begin.elapsed() < Duration::from_secs(1) {
        let start = Instant::now();
        step();
        times.push(start.elapsed());
    }
    times.sort_unstable();
    times[times.len() / 2].as_secs_f64() * 1e6
}
