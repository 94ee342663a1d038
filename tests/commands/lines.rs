//! One line typed, one promise kept.

use std::path::Path;

use super::program::{Done, Program, fixture};

#[test]
fn help_and_version_are_fine_and_a_slip_is_a_misuse() {
    let program = Program::new();
    assert!(program.fine(&["--help"]).contains("Usage: convene"));
    assert_eq!(program.fine(&["--version"]), format!("convene {}\n", env!("CARGO_PKG_VERSION")));
    for slip in
        [&["chekc"][..], &[], &["check", "--at-least", "grave"], &["import"], &["check", "--from", "soon"], &["verify", "-x"]]
    {
        let done = program.run(slip);
        assert_eq!((done.code, done.out.as_str()), (2, ""), "{slip:?}: {done:?}");
        assert!(!done.err.is_empty(), "{slip:?} is told what is wrong");
    }
    let files: Vec<_> = std::fs::read_dir(program.path("")).expect("its folder").collect();
    assert!(files.is_empty(), "no slip leaves a file: {files:?}");
}

#[test]
fn check_ends_with_three_where_it_found_something_and_with_nothing_where_it_did_not() {
    let program = demo();
    let all = program.run(&["check", "--at-least", "low"]);
    assert_eq!(all.code, 3, "{}", all.err);
    assert!(all.out.contains("NLC City Summit 2022") && all.err.contains("findings"), "results and talk are apart");
    let none = program.run(&["check", "--from", "2019-09-09", "--to", "2019-09-09", "--at-least", "block"]);
    assert_eq!((none.code, none.out.as_str()), (0, "No findings.\n"), "{none:?}");
    let json = program.run(&["check", "--at-least", "high", "--json"]);
    let found: serde_json::Value = serde_json::from_str(&json.out).expect("one array, alone on standard output");
    let severities: Vec<_> =
        found.as_array().expect("an array").iter().map(|one| one["severity"].as_str().expect("a word")).collect();
    assert!(!severities.is_empty() && severities.iter().all(|one| ["high", "block"].contains(one)), "{severities:?}");
}

#[test]
fn check_and_export_count_days_by_the_clock_of_each_event_and_refuse_days_in_the_wrong_order() {
    let program = demo();
    for zone in ["Pacific/Honolulu", "Pacific/Guam"] {
        let at = ["--start", "2030-06-12T17:00", "--end", "2030-06-12T23:00", "--zone", zone, "--mode", "virtual"];
        let who = ["--partner", "nlc", "--roles", "mayor", zone, "--status", "announced"];
        program.fine(&[&["propose"][..], &at, &who].concat());
    }
    let on = |day: &str| program.run(&["check", "--at-least", "note", "--from", day, "--to", day]);
    let day = on("2030-06-12");
    assert!(day.out.contains("Pacific/Honolulu") && day.out.contains("Pacific/Guam"), "{day:?}");
    for other in ["2030-06-11", "2030-06-13"] {
        assert_eq!(on(other).out, "No findings.\n", "{other}");
    }
    for command in ["check", "export"] {
        let reversed = program.run(&[command, "--from", "2030-06-13", "--to", "2030-06-12"]);
        assert_eq!((reversed.code, reversed.out.as_str()), (2, ""), "{reversed:?}");
        assert!(reversed.err.contains("2030-06-13") && reversed.err.contains("2030-06-12"), "{}", reversed.err);
    }
}

#[test]
fn a_letter_is_found_again_by_person_and_by_event_and_read() {
    let program = demo();
    program.fine(&["digest", "--now", "2022-10-03T12:00:00Z"]);
    let list = program.fine(&["mail", "list", "--person", "example.org", "--event", "Facing Race", "--state", "ready"]);
    assert_eq!(list.lines().count(), 1, "{list}");
    let number = list.split_whitespace().next().expect("its number");
    let shown = program.fine(&["mail", "show", number]);
    assert!(
        shown.contains("State: ready") && shown.contains("Tells of: ") && shown.contains("Facing Race: A National"),
        "{shown}"
    );
    assert!(program.fine(&["mail", "show", number, "--html"]).starts_with("<!DOCTYPE html>"));
    let json: serde_json::Value = serde_json::from_str(&program.fine(&["mail", "list", "--json"])).expect("one array");
    assert_eq!((json[0]["id"].to_string().as_str(), &json[0]["kind"]), (number, &serde_json::json!("digest")));
    assert_eq!(program.fine(&["mail", "list", "--person", "nobody"]), "");
    for (slip, code) in [(&["mail", "list", "--state", "lost"][..], 2), (&["mail", "show", "9999"], 1)] {
        let done = program.run(slip);
        assert_eq!((done.code, done.out.as_str()), (code, ""), "{done:?}");
    }
}

#[test]
fn a_partners_policy_is_shown_and_changed_and_what_there_is_not_is_named() {
    let program = demo();
    let shown = program.fine(&[
        "policy",
        "--partner",
        "nlc",
        "--set",
        "team_split.few=block",
        "--set",
        "team_split.many=block",
        "--reason",
        "agreed",
    ]);
    let line = shown.lines().find(|line| line.starts_with("team_split.few")).expect("its line");
    assert!(line.contains("block") && line.contains("(partner:nlc)"), "{line}");
    let check = program.run(&["check", "--at-least", "low"]);
    assert!(check.out.contains("[policy of partner:nlc]"), "{}", check.out);
    let back = program.fine(&["policy", "--partner", "nlc", "--unset", "team_split", "--json"]);
    assert_eq!(serde_json::from_str::<serde_json::Value>(&back).expect("json")["own"], serde_json::json!({}));
    for (slip, named) in [
        (&["--set", "team_split.fw=high"][..], "team_split.fw"),
        (&["--set", "apart_km=far"], "far"),
        (&["--unset", "moon"], "moon"),
    ] {
        let done = program.run(&[&["policy", "--partner", "nlc"][..], slip].concat());
        assert!(done.code == 2 && done.err.contains(named), "{done:?}");
    }
    assert!(program.fine(&["policy"]).contains("team_split.many_teams                5\n"), "the network's");
    assert_eq!(program.run(&["policy", "--set", "apart_km=50"]).code, 2, "whose?");
}

#[test]
fn what_is_not_there_is_named_with_the_way_to_get_it() {
    let program = Program::new();
    let no_database = program.run(&["check"]);
    assert_eq!(no_database.code, 2, "{no_database:?}");
    assert!(
        no_database.err.contains("convene.sqlite") && no_database.err.contains("convene serve --demo"),
        "{}",
        no_database.err
    );
    assert!(!program.path("convene.sqlite").exists(), "a question makes no database");

    let program = Program::with_partners();
    let unknown = program.run(&["import", &fixture("nlc.ics"), "--partner", "harbour"]);
    assert_eq!(unknown.code, 2, "{unknown:?}");
    assert!(
        unknown.err.contains("“harbor”") && unknown.err.contains("convene partners add harbour --name NAME"),
        "{}",
        unknown.err
    );

    let filter = program.run(&["export", "--roles", "mayer"]);
    assert_eq!((filter.code, filter.out.as_str()), (2, ""), "{filter:?}");
    assert!(filter.err.contains("“mayer”") && filter.err.contains("mayor"), "{}", filter.err);

    let missing = program.run(&["import", "gone.ics", "--partner", "harbor"]);
    assert!(missing.code == 2 && missing.err.contains("gone.ics"), "{missing:?}");
}

#[test]
fn a_setting_that_is_none_is_refused_by_name() {
    let program = Program::new();
    std::fs::write(program.path("Rocket.toml"), "[default]\ndatabse = \"x.sqlite\"\n").expect("settings");
    let done = program.run(&["partners", "list"]);
    assert!(done.code == 2 && done.err.contains("“databse”") && done.err.contains("“database”"), "{done:?}");
    std::fs::write(program.path("Rocket.toml"), "[default.policy]\nobservence = \"high\"\n").expect("settings");
    let done = program.run(&["partners", "list"]);
    assert!(done.code == 2 && done.err.contains("observence"), "{done:?}");
}

#[test]
fn an_import_counts_and_lists_and_twice_is_once() {
    let program = Program::with_partners();
    let import = ["import", &fixture("nlc.ics"), "--partner", "harbor"];
    let dry = program.fine(&[&import[..], &["--dry-run"]].concat());
    assert!(dry.starts_with("nlc.ics: 12 new, 0 changed, 0 unchanged, 0 cancelled, 0 not understood (dry run"), "{dry}");
    let first = program.fine(&import);
    assert!(first.starts_with("nlc.ics: 12 new, 0 changed, 0 unchanged"), "{first}");
    assert!(first.contains("new: NLC City Summit 2022, Thu 17 – Sat 19 November 2022"), "{first}");
    let second = program.fine(&import);
    assert_eq!(second, "nlc.ics: 0 new, 0 changed, 12 unchanged, 0 cancelled, 0 not understood\n");
}

#[test]
fn a_doubtful_row_is_named_with_its_reason_and_taken_in_when_asked_for() {
    let program = Program::with_partners();
    std::fs::write(program.path("page.csv"), "title,start,end\n2025 City Summit,2024-11-20,2024-11-22\n").expect("a file");
    let import = ["import", "page.csv", "--partner", "harbor"];
    let named = "  left out (line 2): 2025 City Summit, Wed 20 – Fri 22 November 2024: \
                 its title says 2025, and its dates are in 2024\n\
                 \u{20} to take in what was left out, import it again with --doubtful\n";
    let counts = "page.csv: 0 new, 0 changed, 0 unchanged, 0 cancelled, 0 not understood, 1 doubtful and left out";
    assert_eq!(program.fine(&[&import[..], &["--dry-run"]].concat()), format!("{counts} (dry run: nothing stored)\n{named}"));
    assert_eq!(program.fine(&import), format!("{counts}\n{named}"));
    let taken = program.fine(&[&import[..], &["--doubtful"]].concat());
    assert!(taken.starts_with("page.csv: 1 new, 0 changed, 0 unchanged, 0 cancelled, 0 not understood\n"), "{taken}");
    assert!(taken.contains("doubtful, taken in (line 2): 2025 City Summit"), "{taken}");
}

#[test]
fn a_file_that_is_no_calendar_fails_and_changes_nothing() {
    let program = Program::with_partners();
    program.fine(&["import", &fixture("gare.ics"), "--partner", "harbor"]);
    let before = program.fine(&["export", "--format", "csv"]);
    std::fs::write(program.path("page.ics"), "<!DOCTYPE html><title>Moved</title>").expect("a file");
    std::fs::write(program.path("empty.ics"), "").expect("a file");
    for file in ["page.ics", "empty.ics"] {
        let done = program.run(&["import", file, "--partner", "harbor"]);
        assert!(done.code == 1 && done.out.is_empty() && done.err.contains("nothing was imported"), "{done:?}");
    }
    assert_eq!(program.fine(&["export", "--format", "csv"]), before);
}

#[test]
fn an_export_is_the_same_calendar_in_three_forms_and_reads_back_unchanged() {
    let program = demo();
    let form = |form: &str| program.fine(&["export", "--partners", "nlc", "--format", form]);
    let (ics, json, csv) = (form("ics"), form("json"), form("csv"));
    let events: serde_json::Value = serde_json::from_str(&json).expect("JSON");
    let rows = csv::Reader::from_reader(csv.as_bytes()).into_records().count();
    assert_eq!((ics.matches("BEGIN:VEVENT").count(), events.as_array().expect("an array").len(), rows), (12, 12, 12));
    assert!(ics.starts_with("BEGIN:VCALENDAR\r\n") && ics.ends_with("END:VCALENDAR\r\n"));

    let other = Program::with_partners();
    std::fs::write(other.path("nlc.ics"), &ics).expect("a file");
    assert!(
        other
            .fine(&["import", "nlc.ics", "--partner", "harbor"])
            .contains(": 12 new, 0 changed, 0 unchanged, 0 cancelled, 0 not")
    );
    std::fs::write(other.path("nlc.csv"), csv.replace("\nnlc,", "\nprairie,")).expect("a file");
    assert!(
        other
            // The same names on the same days as Harbor's: doubtful.
            .fine(&["import", "nlc.csv", "--partner", "prairie", "--doubtful"])
            .contains(": 12 new, 0 changed, 0 unchanged, 0 cancelled, 0 not")
    );
    let days = |partner: &str| -> Vec<String> {
        let csv = other.fine(&["export", "--partners", partner, "--format", "csv"]);
        let rows = csv::Reader::from_reader(csv.as_bytes()).into_records();
        let mut days: Vec<_> =
            rows.map(|row| row.expect("a row").iter().skip(2).take(4).collect::<Vec<_>>().join(" | ")).collect();
        days.sort();
        days
    };
    assert_eq!(days("harbor"), days("prairie"));
}

#[test]
fn a_window_of_days_narrows_an_export() {
    let program = demo();
    let one = program.fine(&["export", "--from", "2022-11-19", "--to", "2022-11-19", "--format", "csv"]);
    let titles: Vec<&str> = one.lines().skip(1).filter_map(|line| line.split(',').nth(2)).collect();
    assert!(titles.contains(&"NLC City Summit 2022"), "its last day is in it: {titles:?}");
    let after = program.fine(&["export", "--from", "2022-11-20", "--to", "2022-11-20", "--format", "csv"]);
    assert!(!after.contains("NLC City Summit 2022"), "{after}");
}

#[test]
fn a_digest_is_shown_written_and_carried() {
    const HOW_SENT: &str = "serve sends them; where it does not run: convene deliver";
    let program = demo();
    let now = ["--now", "2022-10-03T12:00:00Z"];
    let shown = program.run(&[&["digest", "--dry-run"], &now[..]].concat());
    assert!(shown.code == 0 && shown.out.contains("Facing Race") && shown.out.contains("NLC City Summit 2022"), "{shown:?}");
    assert!(shown.err.contains("1 would be written"), "{shown:?}");
    let written = |done: Done| (done.code, done.err.trim().to_owned());
    assert_eq!(written(program.run(&[&["digest"], &now[..]].concat())), (0, format!("1 written to the outbox\n{HOW_SENT}")));
    assert_eq!(written(program.run(&[&["digest"], &now[..]].concat())), (0, "0 written to the outbox".to_owned()));
    let delivered = program.fine(&["deliver"]);
    let sent: usize = delivered.split(' ').next().and_then(|count| count.parse().ok()).expect("a count");
    let mails = std::fs::read_dir(program.path("convene.mail")).expect("the folder").count();
    assert_eq!((sent >= 1, mails), (true, sent), "{delivered}");
    assert!(program.fine(&["deliver"]).starts_with("0 sent"), "each goes once");
}

#[test]
fn an_event_goes_its_way_from_the_command_line_with_the_findings_that_others_see() {
    let program = Program::with_partners();
    let propose = |title: &str, partner: &str| -> Vec<String> {
        let line = [
            "propose",
            title,
            "--partner",
            partner,
            "--roles",
            "mayor",
            "--start",
            "2027-03-10T09:00",
            "--end",
            "2027-03-10T12:00",
        ];
        let place = ["--place", "Union Hall, Kansas City, MO", "--room", "Oak Room"];
        line.iter().chain(&place).map(|word| (*word).to_owned()).collect()
    };
    let run = |words: &[String], more: &[&str]| {
        program.run(&[&words.iter().map(String::as_str).collect::<Vec<_>>()[..], more].concat())
    };
    let first = run(&propose("Harbor's morning", "harbor"), &["--status", "confirmed"]);
    assert_eq!(first.code, 0, "{first:?}");
    let dry = run(&propose("Prairie's morning", "prairie"), &["--dry-run"]);
    let second = run(&propose("Prairie's morning", "prairie"), &[]);
    assert!(dry.code == 0 && dry.out.contains("room_double_booked") && dry.out.contains("not stored"), "{dry:?}");
    assert!(second.out.contains("room_double_booked"), "{second:?}");
    let id = second.out.lines().next().expect("the id alone on the first line");
    let refused = program.run(&["settle", id, "confirm"]);
    assert!(refused.code == 1 && refused.err.contains("Harbor's morning"), "{refused:?}");
    assert_eq!(program.run(&["settle", id, "move"]).code, 2, "a move needs its dates");
    program.fine(&["settle", id, "move", "--start", "2027-03-11T09:00", "--end", "2027-03-11T12:00"]);
    program.fine(&["settle", id, "confirm"]);
    assert_eq!(program.fine(&["export"]).matches("STATUS:CONFIRMED").count(), 2);
}

#[test]
fn a_backup_made_while_others_write_is_sound_and_whole() {
    let program = Program::with_partners();
    program.fine(&["import", &fixture("icma.ics"), "--partner", "harbor"]);
    std::thread::scope(|scope| {
        let writing = scope.spawn(|| {
            for day in 1..=20 {
                let start = format!("2027-06-{day:02}");
                program.fine(&[
                    "propose",
                    "Written meanwhile",
                    "--partner",
                    "prairie",
                    "--roles",
                    "mayor",
                    "--mode",
                    "virtual",
                    "--start",
                    &start,
                ]);
            }
        });
        for number in 0.. {
            let copy = format!("copy-{number}.sqlite");
            assert_eq!(program.fine(&["backup", &copy]).trim(), copy);
            let said = program.fine(&["verify", "--database", &copy]);
            assert!(said.starts_with("sound: "), "{said}");
            if writing.is_finished() {
                break;
            }
        }
    });
    let taken = program.run(&["backup", "copy-0.sqlite"]);
    assert!(taken.code == 2 && taken.err.contains("copy-0.sqlite"), "{taken:?}");
    program.fine(&["backup", "last.sqlite"]);
    let counts = |file: &str| program.fine(&["verify", "--database", file]);
    assert_eq!(counts("last.sqlite"), counts("convene.sqlite"));
    let exported = |file: &str| program.fine(&["export", "--database", file]);
    assert!(exported("last.sqlite") == exported("convene.sqlite"));
    assert!(!program.path("last.sqlite-wal").exists() && !program.path("last.part").exists(), "a copy is one file");
}

#[test]
fn a_damaged_database_is_not_called_sound() {
    let program = demo();
    program.fine(&["backup", "broken.sqlite"]);
    let path = program.path("broken.sqlite");
    let mut bytes = std::fs::read(&path).expect("the copy");
    let half = bytes.len() / 2;
    bytes[half..half + 60_000].fill(0x55);
    std::fs::write(&path, bytes).expect("the copy");
    let done = program.run(&["verify", "--database", "broken.sqlite"]);
    assert!(done.code == 1 && !done.out.contains("sound:"), "{done:?}");
}

#[test]
fn a_token_is_printed_once_alone_and_the_list_has_no_secret() {
    let program = Program::with_partners();
    let token = program.token("harbor");
    let listed = program.fine(&["tokens", "list", "--json"]);
    let secret = token.strip_prefix("cvn_").expect("it says what it is");
    assert!(listed.contains("harbor@example.org") && !listed.contains(secret), "{listed}");
}

#[test]
fn nobody_is_added_twice_and_no_partner_without_a_name() {
    let program = Program::with_partners();
    let twice = program.run(&["partners", "add", "harbor", "--name", "Another"]);
    assert!(twice.code == 1 && twice.err.contains("already"), "{twice:?}");
    assert_eq!(program.run(&["partners", "add", "blank", "--name", "  "]).code, 2);
    assert_eq!(program.run(&["partners", "add", "Bad Slug", "--name", "X"]).code, 2);
    assert_eq!(program.run(&["users", "add", "no-address", "--partner", "harbor"]).code, 2);
    assert_eq!(program.run(&["tokens", "add", "--user", "stranger@example.org"]).code, 2);
}

/// The demo, filled by the program itself.
fn demo() -> Program {
    let program = Program::new();
    let made = crate::support::world::demo_database();
    std::fs::copy(made, Path::new(&program.path("convene.sqlite"))).expect("the demo");
    program
}

#[test]
fn the_doctor_says_what_is_wrong_and_what_to_publish() {
    let program = Program::with_partners();
    let said = program.fine(&["doctor"]);
    assert!(said.contains("note   mail settings: mail goes into the folder") && said.contains("_dmarc.example.org"), "{said}");
    program.fine(&["doctor", "--to", "ada@example.org"]);
    assert_eq!(std::fs::read_dir(program.path("convene.mail")).expect("the folder").count(), 1);
    assert_eq!(program.run(&["doctor", "--to", "nobody"]).code, 2);
    program.fine(&["backup", "copy.sqlite"]);
    let found: serde_json::Value = serde_json::from_str(&program.fine(&["doctor", "--json"])).expect("JSON");
    let backup =
        found["findings"].as_array().expect("a list").iter().find(|one| one["what"] == "backup").expect("it is looked at");
    assert_eq!(backup["health"], "fine");
}

#[test]
fn doubtful_rows_of_a_calendar_are_listed_and_answered_several_at_once_or_none() {
    let program = Program::with_partners();
    let event = |uid: &str, title: &str| {
        format!(
            "BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTART;VALUE=DATE:20271006\r\nDTEND;VALUE=DATE:20271009\r\nSUMMARY:{title}\r\nEND:VEVENT\r\n"
        )
    };
    let events = [("a", "2025 City forum"), ("b", "2026 Town forum"), ("c", "2028 Rural forum"), ("d", "Lake summit")];
    let lines: String = events.iter().map(|(uid, title)| event(uid, title)).collect();
    std::fs::write(
        program.path("lake.ics"),
        format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\n{lines}END:VCALENDAR\r\n"),
    )
    .expect("a file");
    program.fine(&["sources", "add", "lake.ics", "--partner", "harbor", "--zone", "America/Chicago"]);
    let titles = || -> Vec<String> {
        let csv = program.fine(&["export", "--format", "csv"]);
        let named = |title: &&str| csv.contains(*title);
        events.iter().map(|(_, title)| *title).filter(named).map(str::to_owned).collect()
    };
    assert_eq!(titles(), ["Lake summit"]);
    let listed = program.fine(&["sources", "doubts"]);
    assert_eq!(listed.lines().count(), 3, "{listed}");
    assert!(listed.contains("lake.ics: 2025 City forum, Wed 6 – Fri 8 October 2027: its title says 2025"), "{listed}");

    let unknown = program.run(&["sources", "answer", "1,99", "yes"]);
    assert_ne!(unknown.code, 0);
    assert_eq!((titles().len(), program.fine(&["sources", "doubts"])), (1, listed), "none of them: {}", unknown.err);
    let marked = program.run(&["sources", "answer", "1,2", "yes", "--mark", "x"]);
    assert!(marked.code == 2 && marked.err.contains("--mark"), "{marked:?}");
    let stale = program.run(&["sources", "answer", "1", "yes", "--mark", "x"]);
    assert_ne!(stale.code, 0, "{stale:?}");
    let taken = program.fine(&["sources", "answer", "1,2", "yes"]);
    assert_eq!(
        taken.lines().map(|line| line.split(',').next().unwrap_or_default()).collect::<Vec<_>>(),
        ["taken in: 2025 City forum", "taken in: 2026 Town forum"]
    );
    program.fine(&["sources", "answer", "3", "no"]);
    assert_eq!(titles(), ["2025 City forum", "2026 Town forum", "Lake summit"]);
    assert_eq!(program.fine(&["sources", "doubts"]), "No row waits.\n");
    let said = program.fine(&["sources", "doubts", "--json"]);
    assert!(said.contains("2028 Rural forum"), "what was left out may be taken in later: {said}");
}
