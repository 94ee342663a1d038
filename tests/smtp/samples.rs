//! One letter of each wording, from made-up people about real convenings.

use chrono::{DateTime, Utc};
use convene::ical::{Invitation, Method, invite};
use convene::mail::decisions::{Banned, Listed};
use convene::mail::digest::{ChangedItem, DigestMail, Item};
use convene::mail::held::{HeldRow, HeldRows};
use convene::mail::invitations::{Coming, Invited, Turn};
use convene::mail::news::{Item as Told, News};
use convene::mail::notices::{Asks, Change, Changed, Clash, Confirmation, Happening, Settings, SignIn, SourceTrouble};
use convene::mail::trial;
use convene::mail::{CalendarPart, Frozen, Letter, LetterKind, ListHeaders, Mailbox, Sender, Written};

use super::proposed;

pub const BASE: &str = "https://convene.example.org";

/// Monday 3 October 2022, noon UTC.
pub fn at() -> DateTime<Utc> {
    DateTime::from_timestamp(1_664_798_400, 0).expect("an instant")
}

pub fn sender() -> Sender {
    Sender {
        from_name: "convene".to_owned(),
        from: "convene@convene.example.org".to_owned(),
        domain: "convene.example.org".to_owned(),
        bounce: Some("bounce@convene.example.org".to_owned()),
    }
}

pub fn reader() -> Mailbox {
    Mailbox { name: Some("Robin Placeholder".to_owned()), address: "robin@city.example.org".to_owned() }
}

pub fn frozen(letter: &Letter) -> Frozen {
    letter.freeze(&sender(), at()).expect("the letter can be frozen")
}

/// A letter of each wording, named.
pub fn all() -> Vec<(&'static str, Letter)> {
    vec![
        ("sign_in", letter(LetterKind::SignIn, "sign_in:17", sign_in().written())),
        ("confirmation", letter(LetterKind::Confirm, "confirm:7:1", confirmation().written())),
        ("settings", letter(LetterKind::Confirm, "settings:7:1", settings().written())),
        ("clash", letter(LetterKind::Notice, "notice:41:5", clash().written())),
        ("clash_with_a_day", letter(LetterKind::Notice, "notice:42:5", clash_with_a_day().written())),
        ("anchor", letter(LetterKind::Notice, "notice:48:5", anchor().written())),
        ("taken", letter(LetterKind::Notice, "notice:49:5", Clash { asks: Asks::Taken, ..clash() }.written())),
        ("hold", letter(LetterKind::Notice, "notice:50:5", hold().written())),
        ("source", letter(LetterKind::Notice, "notice:51:5", source().written())),
        ("held", letter(LetterKind::Notice, "notice:59:5", held().written())),
        ("asked", letter(LetterKind::Notice, "notice:61:5", proposed::asked().written())),
        ("reminded", letter(LetterKind::Notice, "notice:67:5", proposed::reminded().written())),
        ("answered", letter(LetterKind::Notice, "notice:62:5", proposed::answered().written())),
        ("all_answered", letter(LetterKind::Notice, "notice:63:5", proposed::all_answered().written())),
        ("settled", letter(LetterKind::Notice, "notice:64:5", proposed::settled().written())),
        ("called_off", letter(LetterKind::Notice, "notice:65:5", proposed::called_off().written())),
        ("taken_back", letter(LetterKind::Notice, "notice:66:5", proposed::taken_back().written())),
        ("lapsed", letter(LetterKind::Notice, "notice:52:5", lapsed().written())),
        ("news", letter(LetterKind::Notice, "notice:53-58:5", news().written().expect("there is something to say"))),
        ("moved", letter(LetterKind::Notice, "notice:43:5", moved().written())),
        ("virtual", subscriber(letter(LetterKind::Notice, "notice:44:6", went_online().written()))),
        ("postponed", letter(LetterKind::Notice, "notice:45:5", postponed().written())),
        ("cancelled", letter(LetterKind::Notice, "notice:46:5", cancelled().written())),
        ("confirmed", letter(LetterKind::Notice, "notice:47:5", confirmed().written())),
        ("coming", letter(LetterKind::Confirm, "confirm:coming:7:1", coming().written())),
        ("speaking", letter(LetterKind::Confirm, "confirm:coming:8:1", speaking().written())),
        ("invited", calendar_letter(Method::Request, 0, &invited())),
        (
            "invited_speaker",
            calendar_letter(Method::Request, 0, &Invited { speaks: true, join_url: Some(format!("{BASE}/join/1")), ..invited() }),
        ),
        ("invitation_changed", calendar_letter(Method::Request, 1, &invitation_changed())),
        (
            "invitation_moved_place",
            calendar_letter(Method::Request, 2, &Invited { was_when: None, why: None, ..invitation_changed() }),
        ),
        (
            "invitation_cancelled",
            calendar_letter(
                Method::Cancel,
                3,
                &Invited { turn: Turn::Cancelled, why: Some("The house is closed.".to_owned()), ..invited() },
            ),
        ),
        ("invitation_postponed", calendar_letter(Method::Cancel, 3, &Invited { turn: Turn::Postponed, ..invited() })),
        ("invitation_off", calendar_letter(Method::Cancel, 3, &Invited { turn: Turn::SaidOff, ..invited() })),
        ("digest", digest_letter(&digest())),
        ("digest_coming_only", digest_letter(&DigestMail { changed: vec![], new: vec![], ..digest() })),
        ("digest_of_places", digest_letter(&DigestMail { places: "Ohio and Kansas City".to_owned(), ..digest() })),
        ("digest_of_all_roles", digest_letter(&DigestMail { roles: String::new(), changed: vec![], ..digest() })),
        ("changes_at_once", at_once()),
        (
            "trial",
            letter(
                LetterKind::Admin,
                "trial:1664798400:robin",
                trial::written("Mon 3 October 2022, 08:00 EDT (New York, UTC−4)", BASE),
            ),
        ),
        ("to_decide", letter(LetterKind::Notice, "ban:3:sam", banned(true).written())),
        ("beside_what_is_to_decide", letter(LetterKind::Notice, "ban:3:robin", banned(false).written())),
        ("digest_of_everything", digest_letter(&everything())),
    ]
}

fn letter(kind: LetterKind, key: &str, written: Written) -> Letter {
    let thread = (kind == LetterKind::Notice).then(|| "event.0193".to_owned());
    let reply_to = (kind == LetterKind::Notice).then(|| "organizer@partner.example.org".to_owned());
    Letter { thread, reply_to, ..Letter::new(kind, key.to_owned(), reader(), written) }
}

fn subscriber(letter: Letter) -> Letter {
    Letter { list: Some(list("changes")), ..letter }
}

fn list(id: &str) -> ListHeaders {
    let mailto = Some("unsubscribe@convene.example.org".to_owned());
    ListHeaders { id: id.to_owned(), unsubscribe_url: format!("{BASE}/unsubscribe/k3Jq9x2LwZ"), unsubscribe_mailto: mailto }
}

pub fn digest_letter(mail: &DigestMail) -> Letter {
    let written = mail.written().expect("there is something to say");
    Letter { list: Some(list("digest")), ..letter(LetterKind::Digest, "digest:7:1-40", written) }
}

/// A partner that meets nobody in person for a while, told to its own people or to those beside it.
fn banned(own: bool) -> Banned {
    let listed = Listed {
        title: "City Summit".to_owned(),
        when_words: "Thu 17 – Sat 19 November 2022".to_owned(),
        where_words: "Kansas City, Missouri".to_owned(),
        due: own.then(|| "Fri 14 October 2022".to_owned()),
        beside: (!own).then(|| "Facing Race".to_owned()),
        url: format!("{BASE}/events/0192"),
    };
    Banned {
        partner: "National League of Cities".to_owned(),
        until: "Fri 31 March 2023".to_owned(),
        decide_by: "Fri 14 October 2022".to_owned(),
        reason: "public health".to_owned(),
        own,
        listed: vec![listed],
        link: format!("{BASE}/decisions"),
        because: "you plan events of the National League of Cities".to_owned(),
        base_url: BASE.to_owned(),
    }
}

/// What whoever wants changes at once is told: no more than that.
fn at_once() -> Letter {
    let mail = DigestMail { period: "Mon 3 October 2022".to_owned(), new: vec![], coming: vec![], ..digest() };
    let written = mail.written().expect("there is something to say");
    Letter { list: Some(list("changes")), reply_to: None, ..letter(LetterKind::Notice, "changes:7:1-40", written) }
}

pub fn sign_in() -> SignIn {
    SignIn { link: format!("{BASE}/sign-in/9kP2mZ"), lasts: "30 minutes".to_owned(), base_url: BASE.to_owned() }
}

fn confirmation() -> Confirmation {
    Confirmation {
        link: format!("{BASE}/subscribe/confirm/3nVx8"),
        lasts: "48 hours".to_owned(),
        roles: vec!["equity staff".to_owned(), "chiefs of staff".to_owned()],
        partners: vec![],
        places: vec!["Ohio".to_owned()],
        frequency: "every month on the 1st at 08:00, America/Chicago (UTC-5)".to_owned(),
        base_url: BASE.to_owned(),
    }
}

fn settings() -> Settings {
    Settings { link: format!("{BASE}/subscriptions/7-1664802000-3nVx8"), lasts: "one hour".to_owned(), base_url: BASE.to_owned() }
}

fn city_summit() -> Happening {
    Happening {
        title: "City Summit".to_owned(),
        when_words: "Thu 17 – Sat 19 November 2022".to_owned(),
        where_words: "Kansas City, Missouri".to_owned(),
        partner: "National League of Cities".to_owned(),
        url: format!("{BASE}/events/0192"),
    }
}

fn cohort_session() -> Happening {
    Happening {
        title: "Chief equity officers: budgeting for equity".to_owned(),
        when_words: "Wed 16 November 2022, 15:00–16:30 America/New_York (UTC-5)".to_owned(),
        where_words: "online".to_owned(),
        partner: "GARE".to_owned(),
        url: format!("{BASE}/events/0193"),
    }
}

pub fn clash() -> Clash {
    let facing_race = Happening {
        title: "Facing Race".to_owned(),
        where_words: "Phoenix, Arizona".to_owned(),
        partner: "Race Forward".to_owned(),
        url: format!("{BASE}/events/0194"),
        ..city_summit()
    };
    Clash {
        asks: Asks::Clash,
        severity: "high".to_owned(),
        kind: "City teams wanted in two places".to_owned(),
        name: None,
        sentence:
            "City Summit in Kansas City and Facing Race in Phoenix share three days; twelve city teams are invited to both."
                .to_owned(),
        decision: "You can move Facing Race or keep it with a reason; City Summit is the National League of Cities’ decision."
            .to_owned(),
        yours: facing_race,
        other: Some(city_summit()),
        link: format!("{BASE}/findings/f00d"),
        because: "You get this because you organise Facing Race.".to_owned(),
        settings_url: Some(format!("{BASE}/desk/notices")),
        base_url: BASE.to_owned(),
    }
}

fn anchor() -> Clash {
    Clash {
        asks: Asks::Anchor,
        severity: "block".to_owned(),
        kind: "Anchor changed".to_owned(),
        sentence: "The convening that this was set beside is cancelled: decide by Fri 14 October 2022.".to_owned(),
        decision: "Cancel it, keep it, move it or take it online: the decision is yours.".to_owned(),
        yours: cohort_session(),
        ..clash()
    }
}

fn hold() -> Clash {
    Clash {
        asks: Asks::Hold,
        severity: "medium".to_owned(),
        kind: "Hold lapsing".to_owned(),
        sentence: "The hold ends on Mon 17 October 2022; after that its days are free again.".to_owned(),
        decision: "Announce or confirm it, hold it for longer, or let its days go.".to_owned(),
        other: None,
        ..clash()
    }
}

fn source() -> SourceTrouble {
    SourceTrouble {
        name: "Events of the National League of Cities".to_owned(),
        place: "https://calendar.example.org".to_owned(),
        since: "Mon 3 October 2022, 08:00 EDT (New York, UTC−4)".to_owned(),
        why: "it answered with status 503".to_owned(),
        kept: 12,
        link: format!("{BASE}/desk#sources"),
        because: "you look after the calendars of the National League of Cities".to_owned(),
        base_url: BASE.to_owned(),
    }
}

fn held() -> HeldRows {
    let row =
        |title: &str, when: &str, why: &str| HeldRow { title: title.to_owned(), when: when.to_owned(), why: why.to_owned() };
    HeldRows {
        name: "Events of the National League of Cities".to_owned(),
        rows: vec![
            row("2025 City Summit", "Wed 20 – Fri 22 November 2024", "its title says 2025, and its dates are in 2024"),
            row(
                "Congressional City Conference",
                "Sun 12 – Wed 15 March 2028",
                "it would move by 364 days, from Sun 14 – Wed 17 March 2027 to Sun 12 – Wed 15 March 2028; is it another one?",
            ),
        ],
        link: format!("{BASE}/desk/sources/3#doubts"),
        because: "you look after the calendars of the National League of Cities".to_owned(),
        base_url: BASE.to_owned(),
    }
}

fn lapsed() -> Changed {
    Changed {
        change: Change::Lapsed,
        from: Some("hold".to_owned()),
        to: Some("idea".to_owned()),
        in_short: None,
        next: Some("Nobody decided in time, and others may take its days. Hold them again if you still want them.".to_owned()),
        ..moved()
    }
}

/// A morning in which much happened.
fn news() -> News {
    News {
        items: vec![
            Told::Changed(moved()),
            Told::Clash(clash()),
            Told::Source(source()),
            Told::Held(held()),
            Told::Answers(proposed::asked()),
            Told::Answers(proposed::settled()),
            Told::Clash(anchor()),
            Told::Clash(Clash { yours: city_summit(), ..anchor() }),
            Told::Changed(cancelled()),
        ],
        because: "You get this because you plan events of the National League of Cities.".to_owned(),
        desk_url: format!("{BASE}/desk"),
        base_url: BASE.to_owned(),
    }
}

fn clash_with_a_day() -> Clash {
    Clash {
        severity: "block".to_owned(),
        kind: "Election day".to_owned(),
        name: Some("General Election Day".to_owned()),
        sentence: "The session is on Tue 8 November 2022, the general election day.".to_owned(),
        decision: "Move the session, or keep it with a reason: the decision is yours.".to_owned(),
        yours: Happening {
            when_words: "Tue 8 November 2022, 15:00–16:30 America/New_York (UTC-5)".to_owned(),
            ..cohort_session()
        },
        because: "You get this because you organise this session.".to_owned(),
        other: None,
        settings_url: None,
        ..clash()
    }
}

fn moved() -> Changed {
    Changed {
        change: Change::Moved,
        event: cohort_session(),
        from: Some("Tue 8 November 2022, 15:00–16:30 America/New_York (UTC-5)".to_owned()),
        to: Some("Wed 16 November 2022, 15:00–16:30 America/New_York (UTC-5)".to_owned()),
        in_short: Some("Tue 8 → Wed 16 November 2022".to_owned()),
        by: Some("Sam Sample, GARE".to_owned()),
        why: Some("8 November is the general election day.".to_owned()),
        next: Some("Tell your speakers: they are not told from here.".to_owned()),
        because: "You get this because you organise this session.".to_owned(),
        unsubscribe_url: None,
        base_url: BASE.to_owned(),
    }
}

fn went_online() -> Changed {
    Changed {
        change: Change::Virtual,
        from: Some("Raleigh, North Carolina".to_owned()),
        to: Some("online".to_owned()),
        by: None,
        why: None,
        next: Some("You do not need to travel.".to_owned()),
        because: "You get this because you follow this convening.".to_owned(),
        unsubscribe_url: Some(format!("{BASE}/unsubscribe/k3Jq9x2LwZ")),
        ..moved()
    }
}

fn postponed() -> Changed {
    Changed { change: Change::Postponed, to: None, next: None, ..moved() }
}

fn cancelled() -> Changed {
    Changed { change: Change::Cancelled, to: None, next: Some("Cancel rooms and travel that you booked.".to_owned()), ..moved() }
}

fn confirmed() -> Changed {
    Changed { change: Change::Confirmed, from: None, next: None, ..moved() }
}

pub fn digest() -> DigestMail {
    let facing_race = Item {
        warnings: vec!["City Summit in Kansas City is on the same three days.".to_owned()],
        ..item(4, "Facing Race", "Thu 17 – Sat 19 November 2022")
    };
    DigestMail {
        zone: chrono_tz::America::Chicago,
        period: "1–31 October 2022".to_owned(),
        roles: "equity staff".to_owned(),
        places: String::new(),
        changed: vec![
            ChangedItem {
                item: item(3, "Budgeting for equity", "Wed 16 November 2022, 14:00–15:30 America/Chicago (UTC-6)"),
                what: Change::Moved,
                was: "Tue 8 November 2022, 14:00–15:30 America/Chicago (UTC-6)".to_owned(),
                now: "Wed 16 November 2022, 14:00–15:30 America/Chicago (UTC-6)".to_owned(),
            },
            ChangedItem {
                item: item(6, "Managers’ roundtable", "Fri 4 November 2022"),
                what: Change::Cancelled,
                was: "Fri 4 November 2022".to_owned(),
                now: String::new(),
            },
        ],
        new: vec![facing_race.clone()],
        coming: vec![facing_race, item(5, "GARE annual meeting – Año Nuevo & “friends”", "November 2022, days not yet known")],
        all_url: format!("{BASE}/?roles=equity_staff&past=P1M"),
        unsubscribe_url: format!("{BASE}/unsubscribe/k3Jq9x2LwZ"),
        settings_url: format!("{BASE}/subscriptions/settings"),
        base_url: BASE.to_owned(),
    }
}

pub fn item(id: u32, title: &str, when: &str) -> Item {
    Item {
        title: title.to_owned(),
        when_words: when.to_owned(),
        where_words: "Phoenix, Arizona".to_owned(),
        partner: "Race Forward".to_owned(),
        roles_words: "equity staff, community organizers".to_owned(),
        url: format!("{BASE}/events/{id:04}"),
        ics_url: format!("{BASE}/events/{id:04}.ics"),
        warnings: vec![],
    }
}

/// More than a letter holds, in the longest words that titles have.
fn everything() -> DigestMail {
    let warnings = vec!["It clashes with another convening of the same week. ".repeat(10); 4];
    let long =
        |id| Item { warnings: warnings.clone(), ..item(id, &"Very long title ".repeat(30), "Thu 17 – Sat 19 November 2022") };
    DigestMail { new: (100..200).map(long).collect(), ..digest() }
}

fn coming() -> Coming {
    Coming {
        link: format!("{BASE}/coming/k3Jq9x2LwZ"),
        lasts: "48 hours".to_owned(),
        event: invited().event,
        asked_by: None,
        base_url: BASE.to_owned(),
    }
}

fn speaking() -> Coming {
    Coming { asked_by: Some("Government Alliance on Race and Equity".to_owned()), ..coming() }
}

fn invited() -> Invited {
    Invited {
        turn: Turn::Invited,
        event: Happening {
            title: "Budgeting for equity".to_owned(),
            when_words: "Tue 8 November 2022, 10:00–15:00 CST (UTC-6)".to_owned(),
            where_words: "Oak Room, Union Hall, Kansas City, MO".to_owned(),
            partner: "Government Alliance on Race and Equity".to_owned(),
            url: format!("{BASE}/events/0193"),
        },
        was_when: None,
        was_where: None,
        join_url: None,
        why: None,
        speaks: false,
        off_url: format!("{BASE}/off/7-k3Jq9x2LwZk3Jq9x"),
        base_url: BASE.to_owned(),
    }
}

fn invitation_changed() -> Invited {
    Invited {
        turn: Turn::Changed,
        was_when: Some("Mon 7 November 2022, 10:00–15:00 CST (UTC-6)".to_owned()),
        was_where: Some("Kansas City, MO".to_owned()),
        why: Some("The room was taken.".to_owned()),
        ..invited()
    }
}

fn calendar_letter(method: Method, sequence: u32, words: &Invited) -> Letter {
    let day = chrono::NaiveDate::from_ymd_opt(2022, 11, 8).expect("a day");
    let wall = |hour| day.and_hms_opt(hour, 0, 0).expect("a time");
    let to = reader();
    let bytes = invite(&Invitation {
        method,
        uid: "invitation-0193@convene.example.org".to_owned(),
        sequence,
        stamped_at: at(),
        tentative: false,
        title: words.event.title.clone(),
        description: format!("If you do not come: {}", words.off_url),
        location: Some(words.event.where_words.clone()),
        url: Some(words.event.url.clone()),
        when: convene::domain::When::Times { start: wall(10), end: Some(wall(15)) },
        zone: chrono_tz::America::Chicago,
        organizer: (sender().from, sender().from_name),
        attendee: (to.address, to.name),
    });
    let kind = if method == Method::Cancel { LetterKind::Cancel } else { LetterKind::Invite };
    let calendar = CalendarPart { method: method.as_str().to_owned(), bytes };
    let key = format!("{kind}:invitation-0193@convene.example.org:{sequence}:robin@city.example.org");
    Letter {
        calendar: Some(calendar),
        thread: Some("event.0193".to_owned()),
        ..Letter::new(kind, key, reader(), words.written())
    }
}
