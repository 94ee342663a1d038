//! What every letter keeps to, checked on its bytes by other code than that which wrote them.
//!
//! Each finding begins with the point it is about: M the message, A who it is from, U ways out, C invitations, H what is
//! read.

use std::collections::BTreeMap;

use mail_parser::{Message, MessageParser, MimeHeaders as _, PartType};

/// Headers that every letter has, once.
const ALWAYS: [&str; 9] = [
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "mime-version",
    "auto-submitted",
    "x-auto-response-suppress",
    "x-idempotency",
];

/// What is wrong with this letter; empty where nothing is.
pub fn findings(bytes: &[u8]) -> Vec<String> {
    let mut found = wire(bytes);
    let Some(message) = MessageParser::default().parse(bytes) else {
        found.push("M1: no parser can read it".to_owned());
        return found;
    };
    let headers = headers(bytes);
    found.extend(header_findings(&headers));
    found.extend(name_findings(&message));
    found.extend(part_findings(&message));
    let (text, html) = (readings(&message, "plain"), readings(&message, "html"));
    found.extend(list_findings(&headers, &text));
    found.extend(html_findings(&html));
    found.extend(same_content(&text, &html));
    found.extend(zone_findings(&text));
    found.extend(calendar_findings(&message));
    found
}

/// The point that asks for a header.
fn point_of(header: &str) -> &'static str {
    match header {
        "auto-submitted" | "x-auto-response-suppress" => "M4",
        "x-idempotency" => "M5",
        _ => "M2",
    }
}

/// The decoded text or HTML reading.
pub fn readings(message: &Message<'_>, subtype: &str) -> String {
    let part = message.parts.iter().find(|part| part.content_type().is_some_and(|of| of.subtype() == Some(subtype)));
    match part.map(|part| &part.body) {
        Some(PartType::Text(text) | PartType::Html(text)) => text.replace("\r\n", "\n"),
        _ => String::new(),
    }
}

fn wire(bytes: &[u8]) -> Vec<String> {
    let mut found = vec![];
    let text = String::from_utf8_lossy(bytes);
    unless(&mut found, bytes.is_ascii(), "M1: bytes beyond 7 bit");
    let rest = text.replace("\r\n", "\n");
    unless(&mut found, !rest.contains('\r') && rest.matches('\n').count() == text.matches("\r\n").count(), "M1: a bare CR or LF");
    unless(&mut found, text.split("\r\n").all(|line| line.len() <= 998), "M1: a line over 998");
    unless(&mut found, text.ends_with("\r\n"), "M1: no line end at the end");
    found
}

/// Every top header, unfolded: names in lower case, values in order.
pub fn headers(bytes: &[u8]) -> BTreeMap<String, Vec<String>> {
    let text = String::from_utf8_lossy(bytes);
    let head = text.split("\r\n\r\n").next().unwrap_or_default().replace("\r\n ", " ").replace("\r\n\t", " ");
    let mut headers: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in head.split("\r\n") {
        let (name, value) = line.split_once(": ").unwrap_or((line, ""));
        headers.entry(name.to_lowercase()).or_default().push(value.to_owned());
    }
    headers
}

fn header_findings(headers: &BTreeMap<String, Vec<String>>) -> Vec<String> {
    let mut found: Vec<String> =
        ALWAYS.iter().filter(|name| !headers.contains_key(**name)).map(|name| format!("{}: no {name}", point_of(name))).collect();
    found.extend(headers.iter().filter(|(_, values)| values.len() > 1).map(|(name, _)| format!("M2: {name} more than once")));
    for unwanted in &["bcc", "precedence", "sender"] {
        unless(
            &mut found,
            !headers.contains_key(*unwanted),
            &format!("{}: {unwanted} is there", if *unwanted == "precedence" { "M4" } else { "M2" }),
        );
    }
    let first = |name: &str| headers.get(name).and_then(|values| values.first()).map_or("", String::as_str);
    let bracketed = |id: &str| id.starts_with('<') && id.ends_with('>') && id.matches('@').count() == 1;
    unless(&mut found, bracketed(first("message-id")), "M3: a message id without brackets");
    unless(&mut found, !headers.contains_key("references") || bracketed(first("references")), "M3: references without brackets");
    unless(&mut found, first("date").ends_with(" +0000"), "M2: a date without a numeric zone");
    unless(&mut found, first("auto-submitted") == "auto-generated", "M4: auto-submitted says something else");
    unless(&mut found, first("x-auto-response-suppress") == "All", "M4: answering machines are not asked to be quiet");
    found
}

fn name_findings(message: &Message<'_>) -> Vec<String> {
    let mut found = vec![];
    let mut shown = vec![message.subject().unwrap_or_default().to_owned()];
    for addresses in [message.from(), message.to(), message.reply_to()].into_iter().flatten() {
        unless(&mut found, addresses.iter().count() == 1, "A3: more or less than one address in a header");
        shown.extend(addresses.iter().filter_map(|address| address.name().map(str::to_owned)));
    }
    let hidden =
        |c: char| c.is_control() || "\u{200b}\u{200c}\u{200d}\u{200e}\u{200f}\u{202d}\u{202e}\u{2066}\u{feff}".contains(c);
    unless(&mut found, !shown.iter().any(|words| words.contains(hidden)), "M7: characters that nobody sees in a name or subject");
    unless(&mut found, shown[0].chars().count() <= 200 && !shown[0].is_empty(), "M1: no subject, or one over 200");
    found
}

fn part_findings(message: &Message<'_>) -> Vec<String> {
    let mut found = vec![];
    let types: Vec<String> = message
        .parts
        .iter()
        .map(|part| {
            let of = part.content_type().expect("every part says its type");
            let said = of.attribute("charset").map_or(String::new(), |charset| format!("; {charset}"));
            format!("{}/{}{said}", of.ctype(), of.subtype().unwrap_or_default())
        })
        .collect();
    let readings: Vec<&str> = types.iter().map(String::as_str).filter(|of| !of.starts_with("multipart/mixed")).take(3).collect();
    let expected = ["multipart/alternative", "text/plain; utf-8", "text/html; utf-8"];
    unless(&mut found, readings == expected, &format!("M6: parts are {types:?}"));
    found
}

fn list_findings(headers: &BTreeMap<String, Vec<String>>, text: &str) -> Vec<String> {
    let mut found = vec![];
    let first = |name: &str| headers.get(name).and_then(|values| values.first()).map_or("", String::as_str);
    let list = ["list-id", "list-unsubscribe", "list-unsubscribe-post"].map(|name| headers.contains_key(name));
    let kind = first("message-id").trim_start_matches('<').split('.').next().unwrap_or_default();
    match kind {
        "digest" => unless(&mut found, list == [true; 3], "U1: a digest that cannot be ended"),
        "sign_in" | "confirm" => unless(&mut found, list == [false; 3], "U6: list headers on what is no list"),
        _ => unless(&mut found, list == [true; 3] || list == [false; 3], "U1: some list headers and not others"),
    }
    if list[1] {
        let url = first("list-unsubscribe").trim_start_matches('<').split('>').next().unwrap_or_default();
        unless(
            &mut found,
            url.starts_with("https://") && url.len() <= 60,
            "U1: the way out is not https, or too long for one line",
        );
        unless(&mut found, text.lines().any(|line| line.trim() == url), "U1: the way out is not in the text");
        unless(&mut found, first("list-unsubscribe-post") == "List-Unsubscribe=One-Click", "U1: no one-click way out");
    }
    found
}

fn html_findings(html: &str) -> Vec<String> {
    let mut found = vec![];
    unless(
        &mut found,
        html.starts_with("<!DOCTYPE html><html lang=\"en\" dir=\"ltr\">"),
        "H1: no doctype, language or direction",
    );
    unless(&mut found, html.matches("<title>").count() == 1, "H1: not one title");
    unless(&mut found, html.matches("<h1").count() == 1, "H1: not one heading on top");
    unless(&mut found, html.len() <= 100_000, "M8: HTML over 100 kB");
    let has = |words: &str| html.contains(words);
    unless(&mut found, has("<meta name=\"color-scheme\" content=\"light dark\">"), "H2: no colour scheme");
    unless(&mut found, has("@media (prefers-color-scheme:dark)") && has("!important"), "H2: no dark colours");
    unless(&mut found, has("max-width:600px"), "H1: no narrow column");
    let lower = html.to_lowercase();
    for remote in ["<img", "<script", "<form", "<link", "<iframe", "<table", "@import", "url(", " src=", "<svg", "<object", " on"]
    {
        let outside_words = tags(&lower).any(|tag| tag.contains(remote)) || (remote.starts_with('@') && lower.contains(remote));
        unless(
            &mut found,
            !outside_words,
            &format!("{}: HTML has {remote}", if ["<img", " src=", "url("].contains(&remote) { "M9" } else { "H3" }),
        );
    }
    found.extend(heading_findings(html));
    let sizes = html.split("font-size:").skip(1).chain(html.split("font:").skip(1));
    let small = |size: &str| size.split("px").next().and_then(|size| size.parse::<u32>().ok()).is_none_or(|size| size < 16);
    unless(&mut found, !sizes.into_iter().any(small), "H1: type under 16 pixels");
    for (url, words) in links(html) {
        let vague = words.is_empty() || ["here", "click here", "link", "more"].contains(&words.to_lowercase().as_str());
        unless(&mut found, !vague, &format!("H1: “{words}” says nothing about {url}"));
    }
    found
}

fn heading_findings(html: &str) -> Vec<String> {
    let levels: Vec<u32> = tags(html).filter_map(|tag| tag.strip_prefix("<h")?.chars().next()?.to_digit(10)).collect();
    let in_order = levels.first() == Some(&1) && levels.windows(2).all(|pair| pair[1] <= pair[0] + 1);
    if in_order { vec![] } else { vec![format!("H1: headings out of order: {levels:?}")] }
}

/// Both readings say the same words in the same order, and the text has every link.
fn same_content(text: &str, html: &str) -> Vec<String> {
    let mut found = vec![];
    for (url, _) in links(html) {
        unless(&mut found, text.lines().any(|line| line.trim() == url), &format!("M6: {url} is not in the text"));
    }
    let in_text: String = text.lines().filter(|line| !line.trim().starts_with("https://")).collect::<Vec<_>>().join(" ");
    let body = html.split("<body").nth(1).unwrap_or_default();
    let (said, shown) = (words(&in_text), words(&visible(&format!("<body{body}"))));
    let differs = said.iter().zip(&shown).find(|(a, b)| a != b);
    unless(&mut found, said == shown, &format!("M6: text and HTML differ at {differs:?}"));
    found
}

/// An invitation has one method everywhere, its bytes twice, one guest who is its reader, and hours by UTC.
fn calendar_findings(message: &Message<'_>) -> Vec<String> {
    let mut found = vec![];
    let of =
        |subtype: &str| message.parts.iter().find(|part| part.content_type().is_some_and(|of| of.subtype() == Some(subtype)));
    let (Some(reading), file) = (of("calendar"), of("ics")) else { return found };
    let bytes = |part: &mail_parser::MessagePart<'_>| String::from_utf8_lossy(part.contents()).trim_end().to_owned();
    let (kind, text) = (reading.content_type(), bytes(reading).replace("\r\n ", ""));
    unless(&mut found, file.is_some_and(|file| bytes(file) == bytes(reading)), "C1: the file is not the entry that is read");
    unless(&mut found, reading.content_disposition().is_none(), "C1: the entry that is read is a file");
    let said = |name: &str| kind.and_then(|kind| kind.attribute(name)).unwrap_or_default().to_owned();
    unless(&mut found, said("component") == "VEVENT", "C1: no component is named");
    let lines = |name: &str| text.split("\r\n").filter(|line| line.starts_with(name)).map(str::to_owned).collect::<Vec<_>>();
    let method = said("method");
    unless(&mut found, lines("METHOD:") == [format!("METHOD:{method}")], "C2: the method is not the same inside and outside");
    unless(&mut found, ["REQUEST", "CANCEL"].contains(&method.as_str()), "C3: a method in small letters, or another one");
    let one = |addresses: Option<&mail_parser::Address<'_>>| {
        addresses.and_then(|all| all.first()).and_then(|first| first.address()).unwrap_or_default().to_lowercase()
    };
    let is_mail_to =
        |lines: &[String], address: &str| lines.len() == 1 && lines[0].to_lowercase().ends_with(&format!("mailto:{address}"));
    unless(&mut found, is_mail_to(&lines("ATTENDEE"), &one(message.to())), "C4: not one guest who is the reader");
    unless(&mut found, lines("ORGANIZER").len() == 1 && lines("SEQUENCE:").len() == 1, "C4: no organizer, or no sequence");
    let is_off = lines("STATUS:") == ["STATUS:CANCELLED"];
    unless(&mut found, (method == "CANCEL") == is_off, "C4: cancelled by the method or by the status alone");
    let is_clock = |line: &String| line.starts_with("DTSTART") && line.contains('T') && !line.contains("VALUE=DATE");
    let hours: Vec<String> = lines("DTSTART").into_iter().filter(is_clock).collect();
    unless(&mut found, hours.iter().all(|line| line.ends_with('Z')), "C6: hours that need a zone's rules");
    let ours = |line: &String| line.contains("convene");
    unless(&mut found, lines("PRODID:").iter().any(ours), "C8: the program does not name itself");
    found
}

/// A clock time is followed by its offset.
fn zone_findings(text: &str) -> Vec<String> {
    let prose: Vec<&str> = text.split_whitespace().filter(|word| !word.starts_with("https://")).collect();
    let is_clock = |word: &str| {
        let digits = |part: &str| part.len() >= 2 && part.chars().all(|c| c.is_ascii_digit());
        word.split('–').any(|time| time.split_once(':').is_some_and(|(h, m)| digits(h) && digits(m.trim_end_matches([',', '.']))))
    };
    let unnamed = |at: usize| !prose[at..].iter().take(5).any(|word| word.contains("UTC"));
    let bare = (0..prose.len()).filter(|at| is_clock(prose[*at]) && unnamed(*at));
    bare.map(|at| format!("H4: {} without a zone", prose[at])).collect()
}

/// Each link's address and words.
fn links(html: &str) -> Vec<(String, String)> {
    let anchors = html.split("<a ").skip(1).filter_map(|rest| rest.split("</a>").next());
    anchors
        .map(|anchor| {
            let url = anchor.split("href=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
            (plain(url), visible(&format!("<a {anchor}")).trim().to_owned())
        })
        .collect()
}

fn tags(html: &str) -> impl Iterator<Item = &str> {
    html.match_indices('<').map(|(at, _)| &html[at..=html[at..].find('>').map_or(html.len() - 1, |end| at + end)])
}

/// What is left without the tags.
fn visible(html: &str) -> String {
    let kept: Vec<&str> = html.split('<').skip(1).map(|rest| rest.split_once('>').map_or("", |(_, words)| words)).collect();
    plain(&kept.join(" "))
}

fn plain(html: &str) -> String {
    html.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

fn words(text: &str) -> Vec<String> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
}

fn unless(found: &mut Vec<String>, fine: bool, otherwise: &str) {
    if !fine {
        found.push(otherwise.to_owned());
    }
}
