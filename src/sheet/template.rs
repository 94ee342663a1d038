//! A table to fill in.

use super::COLUMNS;

/// A table with every column that is read and two made-up rows to be replaced; with a byte order mark, so that
/// Excel takes it for UTF-8.
#[must_use]
pub fn template() -> String {
    let rows: [[&str; COLUMNS.len()]; 2] = [
        [
            "",
            "Example: annual meeting (replace this row)",
            "2027-10-06",
            "2027-10-08",
            "America/Chicago",
            "Convention Center",
            "",
            "Kansas City",
            "MO",
            "US",
            "in_person",
            "mayor;chief_of_staff",
            "announced",
            "https://example.org/meeting",
            "",
            "",
        ],
        [
            "",
            "Example: online session (replace this row)",
            "2027-10-20T14:00",
            "2027-10-20T15:30",
            "America/New_York",
            "",
            "",
            "",
            "",
            "",
            "virtual",
            "chief_equity_officer",
            "confirmed",
            "",
            "What people should know",
            "",
        ],
    ];
    let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(vec![0xEF, 0xBB, 0xBF]);
    // Writing into memory cannot fail.
    let _ = writer.write_record(COLUMNS);
    for row in rows {
        let _ = writer.write_record(row);
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_reads_back_without_a_word_of_complaint() {
        let sheet = super::super::read(template().as_bytes(), super::super::places::shipped()).expect("a table");
        assert_eq!((sheet.rows.len(), sheet.problems, sheet.notes), (2, Vec::new(), Vec::new()));
    }
}
