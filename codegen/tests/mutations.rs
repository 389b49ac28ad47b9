//! Mutations of the project's descriptions: each run of the generator ends in time, with a crate or with an error that has
//! a place and a hint.
//!
//! A version and a seed determine the mutation. To repeat a failure, run the test `repeat_one_mutation` with the value of `MUTATION`
//! that the failure shows:
//! `MUTATION=2.15:7 cargo test --release -p intercom-codegen --test mutations -- --ignored --nocapture repeat_one_mutation`.
//! Each run of the generator is a process of its own.

mod one_crate;
mod project;
mod worker;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use intercom_codegen::overlay::YamlFile;
use intercom_codegen::version::Version;
use intercom_codegen::yaml;
use serde_json::{Map, Value, json};
use worker::{Outcome, Task};

/// The most CPU time that a run may take; unoptimised code is slow.
const LIMIT: Duration = Duration::from_secs(if cfg!(debug_assertions) { 30 } else { 5 });

/// As in xtask.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Does nothing, except in the processes that `worker::run` starts.
#[test]
fn entry_point_of_worker_processes() {
    worker::work();
}

/// The runs that are part of `cargo test`: of the smallest description only, because that build is not optimised.
#[test]
fn mutations_of_the_smallest_description_end_with_a_crate_or_an_error_with_a_place() {
    run(&["2.7".to_owned()], 24, 0);
}

/// All runs: `.ci/run mutations`.
#[test]
#[ignore = "takes minutes; .ci/run mutations runs it, optimised"]
fn mutations_of_all_descriptions_end_with_a_crate_or_an_error_with_a_place() {
    run(&project::versions(), 2_000, 4);
}

/// Repeats one run and prints what is changed and what the outcome is.
#[test]
#[ignore = "repeats the run that MUTATION names"]
fn repeat_one_mutation() {
    let given = std::env::var("MUTATION").expect("MUTATION is a version and a seed, such as `2.15:7`");
    let (version, seed) = given.split_once(':').expect("MUTATION is a version and a seed, such as `2.15:7`");
    let subjects = subjects(&[version.to_owned()]);
    let (subject, text, what) = mutated(&subjects, seed.parse().expect("the seed is a number"));
    println!("{given}: {what}");
    println!("{:?}", worker::run("one", &task(subject, &text, false), LIMIT));
}

/// A description after its overlays, to be mutated.
struct Subject {
    version: Version,
    document: Value,
    /// The places that can be changed, as JSON pointers.
    places: Vec<String>,
    /// The JSON pointers of references.
    references: Vec<String>,
}

fn subjects(versions: &[String]) -> Vec<Subject> {
    let subject = |version: &String| {
        let document = project::document(version);
        let mut places = Vec::new();
        pointers(&document, "", &mut places);
        let references = places.iter().filter(|place| place.ends_with("/$ref")).cloned().collect();
        Subject { version: version.parse().expect("a version"), document, places, references }
    };
    versions.iter().map(subject).collect()
}

fn task<'a>(subject: &Subject, text: &'a str, files: bool) -> Task<'a> {
    const NONE: &[YamlFile] = &[];
    Task { text, crate_name: "mutation", version: subject.version, overlays: NONE, files }
}

/// The outcomes of all runs.
#[derive(Default)]
struct Counts {
    generated: usize,
    refused: usize,
    errors: usize,
    longest: Duration,
    wrong: Vec<String>,
    /// Crates of the sample, by the name of their module.
    sample: BTreeMap<String, BTreeMap<String, String>>,
}

/// Runs mutations, one per processor core at a time, and checks their outcomes; compiles a sample of the crates.
fn run(versions: &[String], runs: u64, sample: usize) {
    let subjects = subjects(versions);
    let (next, counts) = (AtomicU64::new(0), Mutex::new(Counts::default()));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= runs {
                        break;
                    }
                    let (subject, text, what) = mutated(&subjects, seed);
                    // Files are requested for the first seeds only: for eight times as many as the sample needs, because not every
                    // mutation leads to a crate.
                    let wanted = seed < 8 * sample as u64;
                    let start = Instant::now();
                    let outcome = worker::run(&seed.to_string(), &task(subject, &text, wanted), LIMIT);
                    let mut counts = counts.lock().unwrap_or_else(|error| panic!("{error}"));
                    counts.longest = counts.longest.max(start.elapsed());
                    judge(&mut counts, seed, &format!("MUTATION={}:{seed}: {what}", subject.version), outcome, sample);
                }
            });
        }
    });
    let counts = counts.into_inner().unwrap_or_else(|error| panic!("{error}"));
    println!(
        "{runs} mutations: {} generate, {} are rejected with {} errors, {} are wrong; the longest run took {:.1?}",
        counts.generated,
        counts.refused,
        counts.errors,
        counts.wrong.len(),
        counts.longest
    );
    assert!(counts.wrong.is_empty(), "{}", counts.wrong.join("\n"));
    if sample > 0 {
        println!("{} crates of these are compiled", counts.sample.len());
        assert_eq!(counts.sample.len(), sample);
        if let Err(said) = one_crate::check("mutations", &counts.sample, false) {
            panic!("{said}");
        }
    }
}

fn judge(counts: &mut Counts, seed: u64, what: &str, outcome: Outcome, sample: usize) {
    match outcome {
        Outcome::Generated { files, .. } => {
            counts.generated += 1;
            if !files.is_empty() && counts.sample.len() < sample {
                counts.sample.insert(format!("seed_{seed}"), files);
            }
        }
        Outcome::Refused(refusals) => {
            counts.refused += 1;
            counts.errors += refusals.len();
            let odd = refusals.iter().find(|refusal| {
                refusal.line.is_none() || refusal.hint.is_empty() || refusal.message.contains("internal error")
            });
            if let Some(odd) = odd {
                counts.wrong.push(format!("{what}: {odd:?}"));
            }
        }
        Outcome::Aborted(status) => counts.wrong.push(format!("{what}: aborted, {status}")),
        Outcome::TooLong => counts.wrong.push(format!("{what}: computed for longer than {LIMIT:?}")),
    }
}

/// The mutation that a seed determines: its subject, the mutated text, and what was changed.
fn mutated(subjects: &[Subject], seed: u64) -> (&Subject, String, String) {
    let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x1234_5678);
    // This takes one random number even if there is only one subject, so the mutation is the same in a run with more of them.
    let subject = &subjects[random.below(subjects.len())];
    let mut document = subject.document.clone();
    let mut what = Vec::new();
    // Most have one change; some have several, so that the generator finds several errors.
    let changes = if random.below(8) == 0 { 1 + random.below(30) } else { 1 };
    for _ in 0..changes {
        what.push(change(&mut document, subject, &mut random));
    }
    (subject, yaml::write(&document), what.join("; "))
}

/// Makes one change and returns what it was.
fn change(document: &mut Value, subject: &Subject, random: &mut Random) -> String {
    let references = random.below(3) == 0;
    let places = if references { &subject.references } else { &subject.places };
    let place = &places[random.below(places.len())];
    let other = &subject.places[random.below(subject.places.len())];
    if references {
        let target = &subject.references[random.below(subject.references.len())];
        let text = match random.below(6) {
            0 => json!("#/components/schemas/nowhere"),
            // A reference to another schema, which may contain this one.
            1 | 2 => subject.document.pointer(target).cloned().unwrap_or_default(),
            // A reference to the schema that contains the changed one.
            3 | 4 => json!(format!("#/{}", place.split('/').skip(1).take(3).collect::<Vec<_>>().join("/"))),
            _ => json!(format!("#{other}")),
        };
        replace(document, place, text.clone());
        return format!("{place} → {text}");
    }
    let value = match random.below(12) {
        0..=2 => {
            remove(document, place);
            return format!("{place} removed");
        }
        3 => Value::Null,
        4 => json!("a/{b} \"c\" \u{1F600}"),
        5 => json!(-1.5),
        6 => json!([{}]),
        7 => json!({"": {"type": "object"}}),
        8 => json!(true),
        9 => {
            rename(document, place, random);
            return format!("{place} renamed");
        }
        // A value from another place.
        _ => subject.document.pointer(other).cloned().unwrap_or_default(),
    };
    replace(document, place, value.clone());
    let shown: String = value.to_string().chars().take(60).collect();
    format!("{place} = {shown}")
}

fn replace(document: &mut Value, place: &str, value: Value) {
    // An earlier change may have removed the place.
    if let Some(target) = document.pointer_mut(place) {
        *target = value;
    }
}

fn remove(document: &mut Value, place: &str) {
    let Some((parent, key)) = place.rsplit_once('/') else { return };
    match document.pointer_mut(parent) {
        Some(Value::Object(map)) => drop(map.shift_remove(&unescaped(key))),
        Some(Value::Array(list)) => {
            if let Some(index) = key.parse().ok().filter(|index: &usize| *index < list.len()) {
                list.remove(index);
            }
        }
        _ => {}
    }
}

/// Renames a key: to a keyword or another special name, which may be empty, or to the first key of the mapping in upper case.
fn rename(document: &mut Value, place: &str, random: &mut Random) {
    let Some((parent, key)) = place.rsplit_once('/') else { return };
    let Some(Value::Object(map)) = document.pointer_mut(parent) else { return };
    let key = unescaped(key);
    let names = ["self", "mod", "core", "request", "", "Client", "é", "$ref", "x-sdk-name", "type"];
    let first_in_upper_case = map.keys().next().map(|name| name.to_uppercase()).unwrap_or_default();
    let name = if random.below(4) == 0 { first_in_upper_case } else { names[random.below(names.len())].to_owned() };
    let renamed: Map<String, Value> = std::mem::take(map)
        .into_iter()
        .map(|(known, value)| if known == key { (name.clone(), value) } else { (known, value) })
        .collect();
    *map = renamed;
}

fn unescaped(key: &str) -> String {
    key.replace("~1", "/").replace("~0", "~")
}

/// The JSON pointers of the values of a document, without those inside examples, where almost any value is allowed.
fn pointers(value: &Value, pointer: &str, all: &mut Vec<String>) {
    let mut inside = |key: &str, value: &Value| {
        let pointer = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
        all.push(pointer.clone());
        if !matches!(key, "example" | "examples") {
            pointers(value, &pointer, all);
        }
    };
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| inside(key, value)),
        Value::Array(items) => items.iter().enumerate().for_each(|(index, value)| inside(&index.to_string(), value)),
        _ => {}
    }
}

/// Numbers that a seed determines: SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % (bound.max(1) as u64)).unwrap_or_default()
    }
}
