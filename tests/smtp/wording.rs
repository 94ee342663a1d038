//! Every wording, as text, as HTML and as bytes.

use convene::mail::digest::DigestMail;
use convene::mail::{CalendarPart, Letter, LetterKind, MailError, Mailbox, Sender};
use mail_parser::{MessageParser, MimeHeaders as _};

use super::lint;
use super::samples::{self, at, frozen, reader, sender};

#[test]
fn every_wording_keeps_to_the_rules_of_mail() {
    for (name, letter) in samples::all() {
        assert_eq!(lint::findings(&frozen(&letter).bytes), Vec::<String>::new(), "{name}");
    }
}

#[test]
fn every_wording_reads_as_agreed() {
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        for (name, letter) in samples::all().into_iter().filter(|(name, _)| *name != "digest_of_everything") {
            insta::assert_snapshot!(format!("mail_{name}.text"), format!("Subject: {}\n\n{}", letter.subject, letter.text));
            insta::assert_snapshot!(format!("mail_{name}.html"), letter.html);
        }
    });
}

/// Where the spam filter and the browser of `tests/run` find them.
#[test]
fn every_wording_is_laid_out_for_other_programs() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("mails");
    drop(std::fs::remove_dir_all(&folder));
    std::fs::create_dir_all(&folder).expect("a folder");
    for (name, letter) in samples::all() {
        std::fs::write(folder.join(format!("{name}.eml")), frozen(&letter).bytes).expect("it is written");
        std::fs::write(folder.join(format!("{name}.html")), &letter.html).expect("it is written");
    }
    assert_eq!(std::fs::read_dir(&folder).expect("a folder").count(), 2 * samples::all().len());
}

#[test]
fn the_bytes_of_a_digest_are_as_agreed() {
    let bytes = frozen(&samples::digest_letter(&samples::digest())).bytes;
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("mail_digest.eml", String::from_utf8(bytes).expect("7 bit").replace("\r\n", "\n"));
    });
}

#[test]
fn the_bytes_of_invitations_are_as_agreed() {
    let mut names = Vec::new();
    insta::with_settings!({ snapshot_path => "../snapshots", prepend_module_to_snapshot => false, omit_expression => true }, {
        for (name, letter) in samples::all().into_iter().filter(|(_, letter)| letter.calendar.is_some()) {
            let bytes = frozen(&letter).bytes;
            insta::assert_snapshot!(format!("mail_{name}.eml"), String::from_utf8(bytes).expect("7 bit").replace("\r\n", "\n"));
            names.push(name);
        }
    });
    assert_eq!(names.len(), 7, "{names:?}");
}

#[test]
fn the_same_letter_gives_the_same_bytes_and_another_key_another_message() {
    let letter = samples::digest_letter(&samples::digest());
    assert_eq!(frozen(&letter), frozen(&letter));
    let other = frozen(&Letter { key: "digest:7:41-60".to_owned(), ..letter.clone() });
    assert_ne!(other.message_id, frozen(&letter).message_id);
    assert_ne!(boundary(&other.bytes), boundary(&frozen(&letter).bytes));
}

fn boundary(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.split("boundary=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a boundary").to_owned()
}

#[test]
fn both_readings_come_back_as_they_were_written() {
    for (name, letter) in samples::all() {
        let bytes = frozen(&letter).bytes;
        let message = MessageParser::default().parse(&bytes).expect("it is a message");
        assert_eq!(lint::readings(&message, "plain").trim_end(), letter.text.trim_end(), "{name}");
        assert_eq!(lint::readings(&message, "html").trim_end(), letter.html.trim_end(), "{name}");
        assert_eq!(message.subject(), Some(letter.subject.as_str()), "{name}");
    }
}

#[test]
fn hostile_names_and_titles_stay_words() {
    let mut letter = samples::digest_letter(&DigestMail {
        new: vec![samples::item(9, "Summit\r\nBcc: victim@example.org\r\n\r\n<script>alert(1)</script>\u{202e}\0", "2023")],
        ..samples::digest()
    });
    letter.to.name = Some("\u{202e}Robin\r\nBcc: victim@example.org\0, \"Other\" <a@example.org>".to_owned());
    letter.subject = format!("Summit\r\nBcc: victim@example.org {}", "w".repeat(1200));
    let bytes = frozen(&letter).bytes;
    assert_eq!(lint::findings(&bytes), Vec::<String>::new());
    let message = MessageParser::default().parse(&bytes).expect("it is a message");
    let to = message.to().and_then(|to| to.first()).expect("a recipient");
    assert_eq!(
        (to.name(), to.address()),
        (Some("Robin Bcc victim example.org Other a example.org"), Some("robin@city.example.org"))
    );
    assert_eq!(message.subject(), Some(format!("Summit Bcc: victim@example.org {}…", "w".repeat(59)).as_str()));
}

#[test]
fn names_in_any_script_arrive_as_they_are() {
    for name in ["Ana Ñuñez", "J. R. Placeholder", "王小明", "Åse O’Neil-Smith"] {
        let letter = Letter { to: Mailbox { name: Some(name.to_owned()), ..reader() }, ..samples::all().remove(0).1 };
        let bytes = frozen(&letter).bytes;
        let message = MessageParser::default().parse(&bytes).expect("it is a message");
        assert_eq!(message.to().and_then(|to| to.first()).and_then(|to| to.name()), Some(name));
    }
}

#[test]
fn what_cannot_be_written_is_refused_and_says_why() {
    let (_, sign_in) = samples::all().remove(0);
    let digest = samples::digest_letter(&samples::digest());
    let refused = |letter: Letter, sender: Sender| letter.freeze(&sender, at()).map(|frozen| frozen.message_id);
    let header = |name, value: &str| Err(MailError::Header { name, value: value.to_owned() });
    assert_eq!(refused(Letter { list: None, ..digest.clone() }, sender()), Err(MailError::NoWayOut));
    assert_eq!(
        refused(Letter { list: digest.list.clone(), ..sign_in.clone() }, sender()),
        Err(MailError::NoList(LetterKind::SignIn))
    );
    assert_eq!(refused(Letter { key: "a\r\nb".to_owned(), ..sign_in.clone() }, sender()), header("X-Idempotency", "a\r\nb"));
    assert_eq!(refused(Letter { thread: Some("a b>".to_owned()), ..sign_in.clone() }, sender()), header("References", "a b>"));
    assert_eq!(refused(sign_in.clone(), Sender { domain: "a>b".to_owned(), ..sender() }), header("Message-ID", "a>b"));
    assert!(matches!(refused(sign_in.clone(), Sender { from: "nobody".to_owned(), ..sender() }), Err(MailError::Ours { .. })));
    let nowhere = Mailbox { name: None, address: "robin@localhost".to_owned() };
    assert!(matches!(refused(Letter { to: nowhere, ..sign_in }, sender()), Err(MailError::Recipient { .. })));
}

#[test]
fn a_calendar_entry_is_a_reading_and_a_file_and_says_one_method() {
    let lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//convene",
        "METHOD:REQUEST",
        "ORGANIZER:mailto:convene@convene.example.org",
        "ATTENDEE:mailto:robin@city.example.org",
        "SEQUENCE:0",
        "END:VCALENDAR\r\n",
    ];
    let ics = lines.join("\r\n");
    let calendar = CalendarPart { method: "REQUEST".to_owned(), bytes: ics.clone().into() };
    let letter = Letter { kind: LetterKind::Invite, calendar: Some(calendar.clone()), ..samples::all().remove(0).1 };
    let bytes = frozen(&letter).bytes;
    assert_eq!(lint::findings(&bytes), Vec::<String>::new());
    let message = MessageParser::default().parse(&bytes).expect("it is a message");
    let types: Vec<_> = message.parts.iter().filter_map(|part| part.content_type()?.subtype()).collect();
    assert_eq!(types, ["mixed", "alternative", "plain", "html", "calendar", "ics"]);
    let reading = message.parts[4].content_type().expect("a type");
    assert_eq!((reading.attribute("method"), reading.attribute("component")), (Some("REQUEST"), Some("VEVENT")));
    assert!(message.parts[4].content_disposition().is_none());
    for part in &message.parts[4..] {
        assert_eq!(String::from_utf8_lossy(part.contents()).trim_end(), ics.trim_end());
    }
    let cancel = Letter { calendar: Some(CalendarPart { method: "CANCEL".to_owned(), ..calendar }), ..letter };
    assert_eq!(cancel.freeze(&sender(), at()), Err(MailError::Calendar("CANCEL".to_owned())));
}

#[test]
fn a_digest_names_each_convening_once_and_changes_first() {
    let text = samples::digest().written().expect("there is something to say").text;
    let at = |words: &str| text.find(words).unwrap_or_else(|| panic!("{words} is missing"));
    assert!(at("Moved: Budgeting for equity") < at("* Facing Race") && at("* Facing Race") < at("* GARE annual meeting"));
    assert!(at("Was: Tue 8 November") < at("Now: Wed 16 November"));
    assert_eq!(text.matches("* Facing Race").count(), 1);
}

#[test]
fn a_digest_with_nothing_to_say_is_not_written() {
    let nothing = DigestMail { changed: vec![], new: vec![], coming: vec![], ..samples::digest() };
    assert_eq!(nothing.written(), None);
}

#[test]
fn a_subject_says_what_matters_first() {
    let digest = samples::digest();
    let subject = |mail: DigestMail| mail.written().map(|written| written.subject).unwrap_or_default();
    assert_eq!(subject(digest.clone()), "2 changes, 1 new: Budgeting for equity moved");
    assert_eq!(subject(DigestMail { changed: vec![], ..digest.clone() }), "1 new: Facing Race");
    assert_eq!(subject(DigestMail { changed: vec![], new: vec![], ..digest }), "2 coming up: Facing Race");
}

#[test]
fn sixty_convenings_are_written_out_and_the_rest_is_linked() {
    let many: Vec<_> = (100..200).map(|id| samples::item(id, &format!("Convening {id}"), "November 2022")).collect();
    let text = DigestMail { new: many, coming: vec![], ..samples::digest() }.written().expect("there is something to say").text;
    assert_eq!(text.lines().filter(|line| line.starts_with("* ")).count(), 60);
    assert!(text.contains("See 42 more in the calendar:\nhttps://convene.example.org/?roles=equity_staff"), "{text}");
}

#[test]
fn the_rules_notice_what_is_broken() {
    let good = String::from_utf8(frozen(&samples::digest_letter(&samples::digest())).bytes).expect("7 bit");
    for (from, to, expected) in [
        ("Subject: ", "Subject: again\r\nSubject: ", "M2: subject more than once"),
        ("X-Idempotency: ", "X-Other: ", "M5: no x-idempotency"),
        ("Message-ID: <", "Message-ID: ", "M3: a message id without brackets"),
        ("Auto-Submitted: auto-generated", "Auto-Submitted: no", "M4: auto-submitted says something else"),
        ("+0000", "GMT", "M2: a date without a numeric zone"),
        ("To: ", "To: other@city.example.org, ", "A3: more or less than one address"),
        ("List-Unsubscribe-Post: ", "X-Post: ", "U1: a digest that cannot be ended"),
        ("List-Unsubscribe=One-Click", "List-Unsubscribe=Later", "U1: no one-click way out"),
        ("\r\n\r\n", "\n\n", "M1: a bare CR or LF"),
        ("Budgeting", "Budg\u{e9}ting", "M1: bytes beyond 7 bit"),
        ("Content-Type: text/plain; charset=utf-8", "Content-Type: text/plain", "M6: parts are"),
        ("<h2", "<img><h2", "M9: HTML has <img"),
        ("<h2", "<form><h2", "H3: HTML has <form"),
        ("<h2", "<h4", "H1: headings out of order"),
        ("<h3", "<h1", "H1: not one heading on top"),
        ("lang=3D\"en\"", "lang=3D\"\"", "H1: no doctype, language or direction"),
        ("\"light dark\"", "\"light\"", "H2: no colour scheme"),
        ("Warning:</b>", "Beware:</b>", "M6: text and HTML differ"),
        ("https://convene.example.org/events/0004\r\n", "\r\n", "M6: https://convene.example.org/events/0004 is not in the text"),
        ("(UTC-6)", "", "H4: "),
    ] {
        assert!(good.contains(from), "{from} is not there to break");
        let found = lint::findings(good.replacen(from, to, if from == "(UTC-6)" { 99 } else { 1 }).as_bytes());
        assert!(found.iter().any(|finding| finding.starts_with(expected)), "{from} → {to}: {found:?}");
    }
}

#[test]
fn the_rules_notice_what_is_broken_in_an_invitation() {
    let named = |wanted: &str| samples::all().into_iter().find(|(name, _)| *name == wanted).expect("there is one").1;
    let (invited, cancelled) = (named("invited"), named("invitation_cancelled"));
    for (letter, from, to, expected) in [
        (&invited, "method=REQUEST", "method=CANCEL", "C2: "),
        (&invited, "method=REQUEST", "method=request", "C3: "),
        (&invited, "component=VEVENT", "component=VTODO", "C1: no component"),
        (&invited, "ATTENDEE", "X-ATTENDEE", "C4: not one guest"),
        (&invited, "SEQUENCE:", "X-SEQUENCE:", "C4: no organizer"),
        (&invited, "DTSTART:20221108T160000Z", "DTSTART:20221108T100000", "C6: "),
        (&invited, "PRODID:", "X-PRODID:", "C8: "),
        (&cancelled, "STATUS:CANCELLED", "STATUS:CONFIRMED", "C4: cancelled by"),
    ] {
        let good = String::from_utf8(frozen(letter).bytes).expect("7 bit");
        assert!(good.contains(from), "{from} is not there to break:\n{good}");
        let found = lint::findings(good.replacen(from, to, 1).as_bytes());
        assert!(found.iter().any(|finding| finding.starts_with(expected)), "{from} → {to}: {found:?}");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config { failure_persistence: None, ..proptest::test_runner::Config::with_cases(256) })]

    #[test]
    fn no_words_of_anybody_break_a_letter(name in "(?s).{0,120}", subject in "(?s).{0,300}", title in "(?s).{0,300}") {
        let mut letter = samples::digest_letter(&DigestMail { new: vec![samples::item(9, &title, "2023")], ..samples::digest() });
        letter.to.name = Some(name);
        letter.subject = subject;
        proptest::prop_assert_eq!(lint::findings(&frozen(&letter).bytes), Vec::<String>::new());
    }
}
