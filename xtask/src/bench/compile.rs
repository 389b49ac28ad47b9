//! `cargo xtask bench compile`: measures what compiling a generated crate costs.

use anyhow::Result;
use intercom_codegen::version::Version;

use super::peers::Peer;
use super::program::{Build, Features, GeneratedCrate, Program};
use super::{MeasureArgs, cpu, peers};
use crate::project::Project;

/// Features in addition to the defaults. Left out are `native-tls`, the time crates and the platform features.
const MOST: Features = Features::DefaultAnd(&["blocking", "operations", "tracing"]);
/// Our programs whose size is measured: each with the default features, with only the groups that it uses, and the same without HTTP/2. The
/// differences show what unused groups and HTTP/2 add.
const SIZES: [(&str, &str, Features); 6] = [
    ("one call", "one_call.rs", Features::Default),
    ("one call, only its group", "one_call.rs", Features::Only(&["gzip", "rustls", "http2", "admins"])),
    ("one call, only its group, without HTTP/2", "one_call.rs", Features::Only(&["gzip", "rustls", "admins"])),
    ("five calls", "five_calls.rs", Features::Default),
    ("five calls, only their groups", "five_calls.rs", Features::Only(&FIVE_CALLS)),
    ("five calls, only their groups, without HTTP/2", "five_calls.rs", Features::Only(FIVE_CALLS.split_at(1).1)),
];
/// HTTP/2, gzip, TLS and the groups of the program with five calls. HTTP/2 is the first one, which [`SIZES`] leaves out once.
const FIVE_CALLS: [&str; 8] =
    ["http2", "gzip", "rustls", "admins", "companies", "contacts", "conversations", "tickets"];
/// Two selections of features: TLS with a large and a small group, and TLS with two large groups.
const TWO_GROUPS: [&[&str]; 2] = [&["rustls", "contacts", "tags"], &["rustls", "contacts", "conversations"]];

/// The dependencies of the program written by hand, in the same versions as those of the runtime.
pub const BY_HAND: &str = r#"reqwest = { version = "0.13", default-features = false, features = ["rustls-no-provider"] }
rustls = { version = "0.23", default-features = false, features = ["ring", "std", "tls12"] }
rustls-platform-verifier = "0.7"
serde = { version = "1", features = ["derive"] }
serde_json = "1"
"#;

/// One of our programs.
pub fn ours(source: &str, version: Version, features: Features, project: &Project) -> Result<Program> {
    let used_crate =
        GeneratedCrate { name: Project::crate_name(version), folder: project.crate_path(version), features };
    Program::new(source, Some(used_crate), "", project)
}

/// Prints tables of what compiling costs. The builds of a table are timed in turns, so that other load affects all of them
/// equally.
pub fn run(measured: &MeasureArgs, project: &Project) -> Result<()> {
    let version = measured.version;
    let peers: Vec<(String, Program)> = peers::asked_for(measured, project)?
        .iter()
        .map(|peer| Ok((format!("{} {}", peer.name, peer.version), peer_program(peer, project)?)))
        .collect::<Result<_>>()?;

    eprintln!("measuring `cargo check`, {} runs each", measured.runs);
    let mut checked = vec![("ours, most features".to_owned(), ours("one_call.rs", version, MOST, project)?)];
    for groups in TWO_GROUPS {
        let label = format!("ours, {} only", groups[1..].join(" and "));
        checked.push((label, ours("one_call.rs", version, Features::Only(groups), project)?));
    }
    let mut checks = Vec::new();
    for (label, program) in checked.iter().chain(&peers) {
        checks.push((label.clone(), program.building_the_crate(&["check"])?));
    }
    table("`cargo check` of the crate alone", &checks, measured.runs)?;

    eprintln!("measuring release builds, {} runs each", measured.runs);
    let one = ours("one_call.rs", version, Features::Default, project)?;
    let five = ours("five_calls.rs", version, Features::Default, project)?;
    let mut built = vec![
        ("ours, five calls".to_owned(), five.building(&["build", "--release"])?),
        ("ours, one call".to_owned(), one.building(&["build", "--release"])?),
    ];
    for (label, program) in &peers {
        built.push((format!("{label}, one call"), program.building(&["build", "--release"])?));
    }
    table("release build of the crate and a program", &built, measured.runs)?;

    let by_hand = Program::new("by_hand.rs", None, BY_HAND, project)?;
    println!("| stripped binary | bytes | one call ÷ this | five calls ÷ this |\n|---|---|---|---|");
    for (label, source, features) in SIZES {
        println!("| ours, {label} | {} | | |", ours(source, version, features, project)?.stripped_bytes()?);
    }
    let (bytes, of_five) = (one.stripped_bytes()?, five.stripped_bytes()?);
    let by_hand = ("by hand, reqwest and serde_json".to_owned(), by_hand);
    for (label, program) in std::iter::once(&by_hand).chain(&peers) {
        let its = program.stripped_bytes()?;
        let (one, five) = (bytes as f64 / its as f64, of_five as f64 / its as f64);
        println!("| {label}, one call | {its} | {one:.2} | {five:.2} |");
    }

    println!("\n| dependencies, direct and indirect | all | without procedural macros |\n|---|---|---|");
    for (label, program) in std::iter::once(&("ours".to_owned(), one)).chain(&peers) {
        let (all, without) = program.crates()?;
        println!("| {label} | {all} | {without} |");
    }
    Ok(())
}

/// A program that uses the crate that a peer generates.
fn peer_program(peer: &Peer, project: &Project) -> Result<Program> {
    let used_crate =
        GeneratedCrate { name: "peer".to_owned(), folder: peer.generate(project)?, features: Features::Default };
    Program::new(&format!("peers/{}.rs", peer.name), Some(used_crate), "", project)
}

/// Measures builds in turn, and prints their medians and the ratio of the first one to each.
fn table(title: &str, builds: &[(String, Build<'_>)], runs: usize) -> Result<()> {
    let medians = cpu::medians(runs, builds.len(), |index| builds[index].1.seconds())?;
    println!("| {title} | CPU s | first ÷ this |\n|---|---|---|");
    for ((label, _), seconds) in builds.iter().zip(&medians) {
        println!("| {label} | {seconds:.2} | {:.3} |", medians[0] / seconds);
    }
    println!();
    Ok(())
}
