//! Measures the CPU time of a command and its child processes, with the shell's `times`.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail};

/// The seconds of user and system time that a command takes: the mean of `repeat` runs, which must succeed. A short command has
/// to be repeated, because the clock of some shells has a resolution of a hundredth of a second.
pub fn seconds(program: &Path, arguments: &[String], folder: &Path, repeat: u32) -> Result<f64> {
    let shown = || format!("{} {}", program.display(), arguments.join(" "));
    let output = Command::new("sh")
        .args([
            "-c",
            r#"n=$1; shift; while [ "$n" -gt 0 ]; do "$@" >/dev/null || exit; n=$((n - 1)); done; times"#,
            "sh",
        ])
        .arg(repeat.to_string())
        .arg(program)
        .args(arguments)
        .current_dir(folder)
        .env("CARGO_INCREMENTAL", "0")
        .stdin(Stdio::null())
        .output()
        .context("cannot run sh")?;
    if !output.status.success() {
        bail!("`{}` failed\n{}", shown(), String::from_utf8_lossy(&output.stderr));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let children = text.lines().last().unwrap_or_default();
    let times: Option<Vec<f64>> = children.split_whitespace().map(parse).collect();
    match times {
        Some(times) if times.len() == 2 => Ok(times.iter().sum::<f64>() / f64::from(repeat.max(1))),
        _ => bail!("the shell's `times` printed {children:?} instead of user and system time"),
    }
}

/// The seconds of a time such as `1m2.5s`.
fn parse(time: &str) -> Option<f64> {
    let (minutes, seconds) = time.strip_suffix('s')?.split_once('m')?;
    Some(minutes.parse::<f64>().ok()? * 60.0 + seconds.parse::<f64>().ok()?)
}

/// The medians of several measurements that are repeated in turns.
pub fn medians(runs: usize, count: usize, measure: impl Fn(usize) -> Result<f64>) -> Result<Vec<f64>> {
    let mut seen = vec![Vec::new(); count];
    for _ in 0..runs.max(1) {
        for (index, times) in seen.iter_mut().enumerate() {
            times.push(measure(index)?);
        }
    }
    let median = |mut times: Vec<f64>| {
        times.sort_by(f64::total_cmp);
        times[times.len() / 2]
    };
    Ok(seen.into_iter().map(median).collect())
}

/// Sets the modification time of a file, so that cargo builds its crate again.
pub fn touch(path: &Path) -> Result<()> {
    let file = std::fs::File::options().append(true).open(path);
    file.and_then(|file| file.set_modified(std::time::SystemTime::now()))
        .with_context(|| format!("cannot touch {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read() {
        assert_eq!(parse("0m0.000s"), Some(0.0));
        assert_eq!(parse("1m2.5s"), Some(62.5));
        assert_eq!(parse("1.5"), None);
    }

    #[test]
    fn a_failing_command_is_an_error_with_the_command() {
        let error =
            seconds(Path::new("ls"), &["/no such folder".to_owned()], Path::new("."), 1).unwrap_err().to_string();
        assert!(error.contains("/no such folder"), "{error}");
    }

    #[test]
    fn measurements_take_turns_and_the_median_is_returned() {
        let turns = std::cell::RefCell::new(Vec::new());
        let measure = |index: usize| {
            turns.borrow_mut().push(index);
            Ok([3.0, 1.0, 2.0][turns.borrow().len() / 2 % 3])
        };
        assert_eq!(medians(3, 2, measure).unwrap(), [2.0, 2.0]);
        assert_eq!(*turns.borrow(), [0, 1, 0, 1, 0, 1]);
    }
}
