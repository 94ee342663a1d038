//! `convene suggest`

use super::program::Program;

const AUTUMN: [&str; 13] = [
    "suggest",
    "--roles",
    "chief_equity_officer",
    "--length",
    "3d",
    "--between",
    "2027-10-01..2027-11-30",
    "--weekdays",
    "wed-fri",
    "--travel-days",
    "1",
    "--avoid",
    "avoid",
];

#[test]
fn story_13_comes_out_on_the_command_line_in_words_and_as_json() {
    let program = Program::with_partners();
    let told = program.fine(&AUTUMN);
    let expected = "\
1. Wed 17 – Fri 19 November 2027 (score 994)
   +           Nobody else calls chief equity officers then.
   note        Midday and the time from 15:00 on Friday 19 November 2027 are weekly times of prayer or rest: best without required sessions.
   note        City Summit is usually in this or the week before; not announced yet.
2. Wed 6 – Fri 8 October 2027 (score 964)
   +           Nobody else calls chief equity officers then.
";
    assert!(told.starts_with(expected), "{told}");
    assert!(
        told.contains("  Wed 3 – Fri 5 November 2027: Tuesday 2 November 2027, a day of travel, is Election Day\n"),
        "{told}"
    );
    let json: serde_json::Value = serde_json::from_str(&program.fine(&[&AUTUMN[..], &["--json"]].concat())).expect("one object");
    assert_eq!((json["windows"].as_array().map(Vec::len), json["dropped"].as_array().map(Vec::len)), (Some(2), Some(6)));
}

#[test]
fn a_slip_is_a_misuse_and_says_what_would_be_right() {
    let program = Program::with_partners();
    for (slip, said) in [
        (&["--length", "3", "--between", "2027-10-01..2027-11-30"][..], "three days are 3d"),
        (&["--length", "3d"], "2027-10-01..2027-11-30"),
        (&["--length", "3d", "--between", "2027-10-01..2027-11-30", "--weekdays", "tue"], "do not fit"),
        (&["--length", "3d", "--between", "2027-10-01..2027-11-30", "--near", "Atlantis"], "Kansas City, MO"),
    ] {
        let done = program.run(&[&["suggest", "--roles", "chief_of_staff"], slip].concat());
        assert_eq!((done.code, done.out.as_str()), (2, ""), "{slip:?}: {done:?}");
        assert!(done.err.contains(said), "{slip:?}: {}", done.err);
    }
}
