//! Importing: choosing a file, and looking at what it would come to before anything is stored.

use maud::{Markup, html};

use crate::web::layout::form::{self, FieldError};
use crate::web::layout::{self, Choice, Field, Level};

/// The form that takes a file.
#[derive(Debug, Clone, Default)]
pub struct Choose {
    /// Where it is posted.
    pub action: String,
    /// For whom; only an operator chooses.
    pub partners: Vec<Choice>,
    /// Zones; field `time_zone`.
    pub zones: Vec<Choice>,
    /// Roles, as a tree.
    pub roles: Vec<Choice>,
    /// How people take part where nothing says so; field `mode`.
    pub modes: Vec<Choice>,
    /// Where the table to fill in is.
    pub template: String,
    /// The columns of that table.
    pub columns: Vec<String>,
    /// What is wrong.
    pub errors: Vec<FieldError>,
}

/// What a file would come to.
#[derive(Debug, Clone, Default)]
pub struct Look {
    /// Its name.
    pub name: String,
    /// Whose events they are, for people.
    pub partner: String,
    /// “3 new, 1 changed”.
    pub summary: String,
    /// Where the choice is posted.
    pub action: String,
    /// Where the file is thrown away.
    pub discard: String,
    /// What the service wants back.
    pub mark: String,
    /// Rows to choose from, by what becomes of them.
    pub groups: Vec<Group>,
    /// Rows that stay as they are.
    pub unchanged: Vec<String>,
    /// How many of those are not listed.
    pub unchanged_more: usize,
    /// What was left out: its line, and in words what would be right.
    pub refused: Vec<(String, String)>,
    /// What is good to know.
    pub notes: Vec<(String, String)>,
    /// What has happened since it was shown last, or what is wrong with the choice.
    pub said: Option<(Level, String)>,
}

/// Rows of one kind.
#[derive(Debug, Clone, Default)]
pub struct Group {
    /// “New”.
    pub title: String,
    /// What it means to choose one.
    pub hint: String,
    /// The rows.
    pub rows: Vec<Offer>,
}

/// One row to say yes or no to.
#[derive(Debug, Clone, Default)]
pub struct Offer {
    /// Its value in the form.
    pub key: String,
    /// Is it chosen?
    pub chosen: bool,
    /// Its title.
    pub title: String,
    /// When and where.
    pub facts: Vec<String>,
    /// Its place in the file: “line 12”.
    pub line: String,
    /// Field, old and new.
    pub differences: Vec<(String, String, String)>,
    /// Why somebody should look.
    pub doubts: Vec<String>,
    /// The event that it is, where it is known.
    pub event: Option<String>,
}

const LEAD: &str = "From a calendar file (.ics) or a table (.csv). You see what is new, changed or doubtful, \
                    and say yes or no to each row, before anything is stored.";

/// The form that takes a file.
#[must_use]
pub fn choose(page: &Choose) -> Markup {
    html! {
        (layout::heading("Import", Some(LEAD)))
        (form::error_summary("import", &page.errors))
        div.split {
            div.body { (choose_form(page)) }
            div.aside { (help(page)) }
        }
    }
}

fn choose_form(page: &Choose) -> Markup {
    let unsaid = "Only for rows that do not say it themselves.";
    html! {
        form method="post" action=(page.action) enctype="multipart/form-data" novalidate {
            @if !page.partners.is_empty() { (Field::select("partner", "Whose calendar it is", &page.partners).among(&page.errors).show("import")) }
            (file_field("import", &page.errors))
            (Field::select("time_zone", "Zone of times that name none", &page.zones).among(&page.errors).show("import"))
            details.more open[page.errors.iter().any(|error| error.field == "roles" || error.field == "mode")] {
                summary { "For rows that name no role or mode" }
                (Field::checks("roles", "Whom they are for", &page.roles).hint(unsaid).among(&page.errors).show("import"))
                (Field::select("mode", "How people take part", &page.modes).hint(unsaid).among(&page.errors).show("import"))
            }
            div.actions { button.main type="submit" { "Look at it" } }
            p.meta { "Nothing is stored yet. The file waits for a day, for you alone." }
        }
    }
}

/// The field that a file is chosen in.
pub(super) fn file_field(scope: &str, errors: &[FieldError]) -> Markup {
    let error = form::error_of(errors, "file");
    let id = format!("{scope}-file");
    html! {
        div.field.bad[error.is_some()] {
            label for=(id) { "File" }
            p.hint id={ (id) "-hint" } { ".ics or .csv, up to 4 MB. From Excel: File, Save As, “CSV UTF-8”." }
            @if let Some(error) = error {
                p.wrong id={ (id) "-error" } { (Level::Block.icon()) span { span.hidden { "Error: " } (error) } }
            }
            input #(id) type="file" name="file" accept=".ics,.csv,.txt,.tsv,text/calendar,text/csv" required
                aria-describedby={ (id) "-hint" @if error.is_some() { " " (id) "-error" } } aria-invalid=[error.map(|_| "true")];
        }
    }
}

fn help(page: &Choose) -> Markup {
    html! {
        section.panel {
            h2 { "A table to fill in" }
            p { "One row for each event. Only " code { "title" } " and " code { "start" } " are needed; the order of the columns does not matter, and others are passed over." }
            p { a.button href=(page.template) download="convene-events.csv" { "Download the template" } }
            p.meta { "Columns: " (page.columns.join(", ")) "." }
            p.meta {
                "Days may be written 2027-10-06, 10/6/2027 or 6 Oct 2027, first and last also together as Oct 6–8, 2027; for whole days " code { "end" } " is the last day. "
                "An empty " code { "end" } " means that it is not known yet. With an " code { "id" } " of your own, a later import changes the same event."
            }
        }
    }
}

/// What a file would come to.
#[must_use]
pub fn look(page: &Look) -> Markup {
    html! {
        p.over { "Import for " (page.partner) }
        (layout::heading("Look before it is stored", Some(&format!("“{}”: {}. Nothing is stored yet.", page.name, page.summary))))
        @if let Some((level, said)) = &page.said { div class={ "banner " (level.class()) } role="alert" { (level.icon()) p { (said) } } }
        (refused(&page.refused))
        @if page.groups.is_empty() {
            section {
                h2 { "Nothing to store" }
                p { "No row is new or changed." }
            }
        } @else {
            form #rows method="post" action=(page.action) {
                input type="hidden" name="mark" value=(page.mark);
                @for group in &page.groups { (group_of(group)) }
                div.actions { button.main type="submit" { "Store the chosen rows" } }
                p.meta { "All of them or, should something go wrong, none. Calendars and readers learn of it as of any change." }
            }
        }
        (rest(page))
        form method="post" action=(page.discard) { div.actions { button type="submit" { "Discard the file" } } }
    }
}

fn group_of(group: &Group) -> Markup {
    html! {
        section {
            fieldset {
                legend { h2 { (group.title) " (" (group.rows.len()) ")" } }
                p.meta { (group.hint) }
                ul.offers { @for row in &group.rows { (offer(row)) } }
            }
        }
    }
}

fn offer(row: &Offer) -> Markup {
    html! {
        li {
            label.check {
                input type="checkbox" name="rows" value=(row.key) checked[row.chosen];
                span { strong { (row.title) } " " span.meta { "(" (row.line) ")" } }
            }
            div.about {
                @if !row.facts.is_empty() { p.meta { (row.facts.join(" · ")) } }
                @for (field, old, new) in &row.differences {
                    p { span.meta { (field) ": " } del { (old) } span aria-hidden="true" { " → " } span.hidden { " becomes " } ins { (new) } }
                }
                @for doubt in &row.doubts { p.doubt { (Level::Medium.icon()) span { (doubt) } } }
                @if let Some(event) = &row.event { p { a href=(event) { "Look at the event as it is" } } }
            }
        }
    }
}

fn refused(rows: &[(String, String)]) -> Markup {
    html! {
        @if !rows.is_empty() {
            section {
                h2 { "Refused (" (rows.len()) ")" }
                p.meta { "These rows cannot be read. Mend them in the file and upload it again, or go on without them." }
                (lines(rows))
            }
        }
    }
}

fn lines(rows: &[(String, String)]) -> Markup {
    html! {
        table.data.stack {
            thead { tr { th scope="col" { "Where" } th scope="col" { "What is wrong, and what would be right" } } }
            tbody { @for (line, text) in rows { tr { th scope="row" { (line) } td { (text) } } } }
        }
    }
}

fn rest(page: &Look) -> Markup {
    html! {
        @if !page.notes.is_empty() {
            section {
                h2 { "Good to know" }
                ul { @for (line, text) in &page.notes { li { @if !line.is_empty() { span.meta { (line) ": " } } (text) } } }
            }
        }
        @if !page.unchanged.is_empty() {
            section {
                details.more {
                    summary { (page.unchanged.len() + page.unchanged_more) " unchanged" }
                    ul {
                        @for row in &page.unchanged { li { (row) } }
                        @if page.unchanged_more > 0 { li { "and " (page.unchanged_more) " more" } }
                    }
                }
            }
        }
    }
}
