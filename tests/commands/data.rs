//! An operator's own tables: checked, loaded whole or not at all, named in findings.

use std::fs;

use serde_json::Value;

use super::program::Program;

const HEADER: &str = "date_start,date_end,name,kind,from_sunset,scope,tier,work_restricted,certainty";

/// A folder with one table of days in it.
fn with_days(program: &Program, rows: &str) -> String {
    let folder = program.path("data");
    fs::create_dir_all(&folder).expect("a folder");
    fs::write(folder.join("observances-own.csv"), format!("# version: May 2031\n{HEADER}\n{rows}\n")).expect("a table");
    folder.display().to_string()
}

const MARKET: &str = "2031-06-11,2031-06-11,Lantern Market,cultural,no,US,avoid,no,exact";

fn settings(program: &Program, folder: &str) -> String {
    let file = program.path("own.toml");
    fs::write(&file, format!("[default]\ndata = {folder:?}\n")).expect("settings");
    file.display().to_string()
}

/// What is found about the market, and by which tables.
fn found(program: &Program, settings: &[&str]) -> Vec<(String, String)> {
    let done = program.run(&[&["check", "--from", "2031-06-11", "--to", "2031-06-11", "--json"][..], settings].concat());
    let all: Value = serde_json::from_str(&done.out).unwrap_or_else(|error| panic!("{error}: {done:?}"));
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let of_days = all.as_array().expect("an array").iter().filter(|one| one["kind"] == "observance");
    of_days.map(|one| (text(&one["because"]["name"]), text(&one["because"]["data"]))).collect()
}

#[test]
fn a_good_folder_is_listed_and_a_broken_one_is_told_with_file_line_and_column() {
    let program = Program::new();
    let folder = with_days(&program, MARKET);
    let good = program.fine(&["data", "check", &folder]);
    assert!(good.contains("observances-own.csv  own-") && good.contains("(“May 2031”)  1 rows, 2031\n"), "{good}");
    assert!(good.contains("observances.csv  shipped-") && good.contains("243 rows, 2025–2027\n"), "{good}");
    with_days(&program, &format!("{MARKET}\n{}", MARKET.replace("avoid", "must")));
    fs::write(program.path("data").join("observance.csv"), "").expect("a slip");
    let broken = program.run(&["data", "check", &folder]);
    assert_eq!(broken.code, 1, "{broken:?}");
    let named = "observance.csv: there is no such table; did you mean “observances.csv”";
    assert!(broken.out.starts_with(named), "{broken:?}");
    fs::remove_file(program.path("data").join("observance.csv")).expect("it is mended");
    let told = "observances-own.csv, line 4, column tier: “must” is not right: it is one of avoid, caution, note\n";
    assert_eq!(program.run(&["data", "check", &folder]).out, told);
    let json: Value = serde_json::from_str(&program.run(&["data", "check", &folder, "--json"]).out).expect("one object");
    assert_eq!((&json["faults"][0]["line"], &json["faults"][0]["column"]), (&Value::from(4), &Value::from("tier")));
    assert_eq!(program.run(&["data", "check"]).code, 2, "which folder?");
    assert_eq!(program.run(&["data", "check", "nowhere"]).code, 1, "a folder that is not there is no empty one");
}

#[test]
fn own_days_are_found_with_their_version_and_a_broken_table_loads_nothing() {
    let program = Program::with_partners();
    let folder = with_days(&program, MARKET);
    let settings = settings(&program, &folder);
    let day =
        ["--start", "2031-06-11", "--end", "2031-06-11", "--partner", "harbor", "--roles", "mayor", "--status", "announced"];
    program.fine(&[&["propose", "Riverbend meeting"][..], &day].concat());
    assert_eq!(found(&program, &[]), [], "the shipped tables know no such day");
    // The next command with the setting loads the table, and finds anew what is stored.
    let own = found(&program, &["--config", &settings]);
    assert_eq!(own.len(), 1, "{own:?}");
    let (name, data) = &own[0];
    assert_eq!(name, "Lantern Market");
    assert!(
        data.starts_with("observances 2018–2031, observances-own.csv own-") && data.contains("(“May 2031”), shipped-"),
        "{data}"
    );
    assert_eq!(found(&program, &[]), own, "a command without the setting leaves them there");
    with_days(&program, &format!("{}\n2031-06-12,soon,B,civic,no,US,note,no,exact", MARKET.replace("Lantern", "Candle")));
    let refused = program.run(&["serve", "--config", &settings]);
    assert_eq!(refused.code, 1, "{refused:?}");
    let told =
        "observances-own.csv, line 4, column date_end: “soon” is not right: a day is written year-month-day, such as 2027-10-06";
    assert!(refused.err.contains("nothing of them was loaded") && refused.err.contains(told), "{}", refused.err);
    assert_eq!(found(&program, &[]), own, "what was there before is there still");
    assert!(program.fine(&["data", "list"]).contains(data.as_str()));
    // serve without the setting goes back to what ships.
    drop(program.serve(&[]));
    assert_eq!(found(&program, &[]), []);
}

#[test]
fn what_is_written_out_is_what_ships_and_reads_back() {
    let program = Program::new();
    let folder = program.path("tables").display().to_string();
    assert_eq!(program.fine(&["data", "write", &folder]).lines().count(), 5);
    let checked = program.fine(&["data", "check", &folder]);
    assert_eq!(checked.lines().filter(|line| line.contains("  own-")).count(), 5, "{checked}");
    fs::write(program.path("tables").join("roles.csv"), "slug,name,parent\nmayor,mayors,\n").expect("a table");
    let lacking = program.run(&["data", "check", &folder]).out;
    assert!(lacking.contains("roles.csv, column slug: the role city_manager is missing; rules name it"), "{lacking}");
    assert_eq!(program.fine(&["data", "write", &folder]), "", "nothing is written over");
}
