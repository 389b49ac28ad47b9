//! Suggests the known word that is closest to a misspelled one.

/// Finds the closest candidate, if it is close enough to be what was meant.
pub(crate) fn nearest<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let near = candidates.map(|candidate| (distance(word, candidate), candidate)).min_by_key(|(distance, _)| *distance);
    let (distance, candidate) = near?;
    (distance <= (candidate.chars().count() / 3).max(1)).then_some(candidate)
}

/// The edit distance of two words: letters added, removed, replaced or swapped with a neighbour, ignoring case.
fn distance(left: &str, right: &str) -> usize {
    let letters = |word: &str| word.chars().flat_map(char::to_lowercase).collect::<Vec<_>>();
    let (left, right) = (letters(left), letters(right));
    // The last two rows of the distance table of both words' prefixes.
    let (mut before, mut last): (Vec<usize>, Vec<usize>) = (Vec::new(), (0..=right.len()).collect());
    for (row, l) in left.iter().enumerate() {
        let mut next = vec![row + 1];
        for (column, r) in right.iter().enumerate() {
            let mut cost = (last[column] + usize::from(l != r)).min(last[column + 1] + 1).min(next[column] + 1);
            if row > 0 && column > 0 && *l == right[column - 1] && left[row - 1] == *r {
                cost = cost.min(before[column - 1] + 1);
            }
            next.push(cost);
        }
        before = std::mem::replace(&mut last, next);
    }
    last[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspelled_words_are_found_and_other_words_are_not() {
        let known = ["x-sdk-safe", "x-sdk-group", "next", "position", "operationId"];
        for (word, expected) in [
            ("x-sdk-saef", Some("x-sdk-safe")),
            ("x-sdk-gruop", Some("x-sdk-group")),
            ("nxt", Some("next")),
            ("positions", Some("position")),
            ("operationid", Some("operationId")),
            ("webhooks", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, known.into_iter()), expected, "{word}");
        }
        assert_eq!((distance("ab", "ba"), distance("", "abc"), distance("kitten", "sitting")), (1, 3, 3));
    }
}
