//! One fixed piece of work, to be counted in instructions: `fixed decode-ours`, `decode-handwritten`, `encode-ours`,
//! `encode-handwritten` or `nothing`, which is what the others cost before and after.

use std::hint::black_box;

use intercom_benches::{conversation_page, handwritten};
use intercom_runtime::data::{self, Decoding};
use intercom_v2_15::types;

const TIMES: usize = 20;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let page = conversation_page(150);
    let work = std::env::args().nth(1).unwrap_or_default();
    let ours: types::ConversationList = serde_json::from_slice(&page)?;
    let theirs: handwritten::ConversationList = serde_json::from_slice(&page)?;
    for _ in 0..TIMES {
        match work.as_str() {
            "decode-ours" => {
                drop(black_box(data::from_slice::<types::ConversationList>(black_box(&page), Decoding::Tolerant)?))
            }
            "decode-handwritten" => {
                drop(black_box(serde_json::from_slice::<handwritten::ConversationList>(black_box(&page))?))
            }
            "encode-ours" => drop(black_box(serde_json::to_vec(black_box(&ours))?)),
            "encode-handwritten" => drop(black_box(serde_json::to_vec(black_box(&theirs))?)),
            "nothing" => {}
            other => return Err(format!("no work is called {other}").into()),
        }
    }
    Ok(())
}
