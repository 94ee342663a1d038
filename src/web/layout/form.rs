//! Form fields: a label for each, a hint below it, and the error beside the field it is about.

use maud::{Markup, html};

use super::badge::Level;

/// One field of a form, with what was typed into it.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its name in the form's data.
    pub name: String,
    /// Its label.
    pub label: String,
    /// What kind of control it is.
    pub input: Input,
    /// What was typed, to come back filled in.
    pub value: String,
    /// How to fill it.
    pub hint: Option<String>,
    /// What is wrong, and what would be right.
    pub error: Option<String>,
    /// Whether it must be filled.
    pub required: bool,
    /// What browsers may fill in (HTML `autocomplete`).
    pub autocomplete: Option<&'static str>,
}

/// The kinds of control.
#[derive(Debug, Clone)]
pub enum Input {
    /// One line; the HTML `type`: `text`, `email`, `url`, `number`, `date`, `time`, `search`.
    Line(&'static str),
    /// Several lines.
    Area(u8),
    /// One of a list.
    Select(Vec<Choice>),
    /// Any of a list.
    Checks(Vec<Choice>),
    /// One of a few.
    Radios(Vec<Choice>),
    /// Yes or no; the label stands beside the box.
    Switch(bool),
}

/// One thing to choose.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// Its value in the form's data.
    pub value: String,
    /// What people read.
    pub label: String,
    /// Chosen already.
    pub chosen: bool,
    /// How deep in a tree: 0, 1 or 2.
    pub depth: u8,
    /// More about it.
    pub hint: Option<String>,
}

impl Choice {
    /// A choice that is not chosen yet.
    #[must_use]
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), ..Self::default() }
    }

    /// The same, chosen or not.
    #[must_use]
    pub fn chosen(mut self, chosen: bool) -> Self {
        self.chosen = chosen;
        self
    }

    /// The same, that deep in a tree.
    #[must_use]
    pub fn depth(mut self, depth: u8) -> Self {
        self.depth = depth;
        self
    }
}

/// A field of a form and what is wrong with it.
#[derive(Debug, Clone)]
pub struct FieldError {
    /// The field's name; empty for the form as a whole.
    pub field: String,
    /// What is wrong, and what would be right.
    pub message: String,
}

/// The message about one field, where there is one.
#[must_use]
pub fn error_of<'a>(errors: &'a [FieldError], field: &str) -> Option<&'a str> {
    errors.iter().find(|error| error.field == field).map(|error| error.message.as_str())
}

impl Field {
    /// A field of one line; `kind` is the HTML `type`.
    #[must_use]
    pub fn line(kind: &'static str, name: &str, label: &str) -> Self {
        Self::new(name, label, Input::Line(kind))
    }

    /// A field of several lines.
    #[must_use]
    pub fn area(name: &str, label: &str, rows: u8) -> Self {
        Self::new(name, label, Input::Area(rows))
    }

    /// One of a list.
    #[must_use]
    pub fn select(name: &str, label: &str, choices: &[Choice]) -> Self {
        Self::new(name, label, Input::Select(choices.to_vec()))
    }

    /// Any of a list.
    #[must_use]
    pub fn checks(name: &str, label: &str, choices: &[Choice]) -> Self {
        Self::new(name, label, Input::Checks(choices.to_vec()))
    }

    /// One of a few.
    #[must_use]
    pub fn radios(name: &str, label: &str, choices: &[Choice]) -> Self {
        Self::new(name, label, Input::Radios(choices.to_vec()))
    }

    /// Yes or no.
    #[must_use]
    pub fn switch(name: &str, label: &str, on: bool) -> Self {
        Self::new(name, label, Input::Switch(on))
    }

    fn new(name: &str, label: &str, input: Input) -> Self {
        let (name, label) = (name.to_owned(), label.to_owned());
        Self { name, label, input, value: String::new(), hint: None, error: None, required: false, autocomplete: None }
    }

    /// The same, filled in.
    #[must_use]
    pub fn value(mut self, value: &str) -> Self {
        value.clone_into(&mut self.value);
        self
    }

    /// The same, with a hint.
    #[must_use]
    pub fn hint(mut self, hint: &str) -> Self {
        self.hint = Some(hint.to_owned());
        self
    }

    /// The same, with what is wrong.
    #[must_use]
    pub fn error(mut self, error: Option<&str>) -> Self {
        self.error = error.map(str::to_owned);
        self
    }

    /// The same, with what is wrong found among the form's errors.
    #[must_use]
    pub fn among(self, errors: &[FieldError]) -> Self {
        let error = error_of(errors, &self.name).map(str::to_owned);
        self.error(error.as_deref())
    }

    /// The same, to be filled in.
    #[must_use]
    pub fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// The same, for browsers to fill in.
    #[must_use]
    pub fn autocomplete(mut self, what: &'static str) -> Self {
        self.autocomplete = Some(what);
        self
    }

    /// Shown. `scope` keeps ids apart where a page has several forms.
    #[must_use]
    pub fn show(&self, scope: &str) -> Markup {
        let id = field_id(scope, &self.name);
        html! {
            div.field.bad[self.error.is_some()].wide[matches!(self.input, Input::Checks(_))] {
                @match &self.input {
                    Input::Checks(choices) => (self.group(&id, "checkbox", choices)),
                    Input::Radios(choices) => (self.group(&id, "radio", choices)),
                    Input::Switch(on) => (self.yes_or_no(&id, *on)),
                    _ => {
                        label for=(id) { (self.label) (self.must()) }
                        (self.remarks(&id))
                        (self.control(&id))
                    },
                }
            }
        }
    }

    fn must(&self) -> Markup {
        html! { @if self.required { " " span.must { "(required)" } } }
    }

    fn remarks(&self, id: &str) -> Markup {
        html! {
            @if let Some(hint) = &self.hint { p.hint id={ (id) "-hint" } { (hint) } }
            @if let Some(error) = &self.error {
                p.wrong id={ (id) "-error" } { (Level::Block.icon()) span { span.hidden { "Error: " } (error) } }
            }
        }
    }

    /// The ids of hint and error, for `aria-describedby`.
    fn described_by(&self, id: &str) -> Option<String> {
        let hint = self.hint.as_ref().map(|_| format!("{id}-hint"));
        let error = self.error.as_ref().map(|_| format!("{id}-error"));
        let ids: Vec<String> = [hint, error].into_iter().flatten().collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }

    fn control(&self, id: &str) -> Markup {
        let (described, invalid) = (self.described_by(id), self.error.as_ref().map(|_| "true"));
        html! {
            @match &self.input {
                Input::Area(rows) => textarea #(id) name=(self.name) rows=(rows) required[self.required]
                    aria-describedby=[described] aria-invalid=[invalid] { (self.value) },
                Input::Select(choices) => select #(id) name=(self.name) required[self.required]
                    aria-describedby=[described] aria-invalid=[invalid] {
                    @for choice in choices { option value=(choice.value) selected[choice.chosen] { (choice.label) } }
                },
                Input::Line(kind) => input #(id) type=(kind) name=(self.name) value=(self.value) required[self.required]
                    autocomplete=[self.autocomplete] min=[(*kind == "number").then_some("0")]
                    aria-describedby=[described] aria-invalid=[invalid];,
                Input::Checks(_) | Input::Radios(_) | Input::Switch(_) => {},
            }
        }
    }

    fn group(&self, id: &str, kind: &str, choices: &[Choice]) -> Markup {
        html! {
            fieldset #(id) tabindex="-1" aria-describedby=[self.described_by(id)] {
                legend { (self.label) (self.must()) }
                (self.remarks(id))
                (boxes(kind, &self.name, choices))
            }
        }
    }

    fn yes_or_no(&self, id: &str, on: bool) -> Markup {
        html! {
            label.check for=(id) {
                input #(id) type="checkbox" name=(self.name) value="true" checked[on] aria-describedby=[self.described_by(id)];
                span { (self.label) }
            }
            (self.remarks(id))
        }
    }
}

/// Boxes or dots to choose from, without the fieldset around them.
#[must_use]
pub fn boxes(kind: &str, name: &str, choices: &[Choice]) -> Markup {
    // A tree reads from the top down, and so do choices that explain themselves: both keep to one column.
    let one = kind == "radio" || choices.iter().any(|choice| choice.hint.is_some());
    html! {
        ul.checks.one[one].long[choices.len() > 8] {
            @for choice in choices {
                li class=[(choice.depth > 0).then(|| format!("in-{}", choice.depth.min(2)))] {
                    label.check {
                        input type=(kind) name=(name) value=(choice.value) checked[choice.chosen];
                        span { (choice.label) @if let Some(hint) = &choice.hint { " " span.hint { (hint) } } }
                    }
                }
            }
        }
    }
}

/// What is wrong, before the form, each with a link to its field.
#[must_use]
pub fn error_summary(scope: &str, errors: &[FieldError]) -> Markup {
    html! {
        @if !errors.is_empty() {
            div.summary role="alert" tabindex="-1" {
                h2 { @if errors.len() == 1 { "One thing needs another look" } @else { (errors.len()) " things need another look" } }
                ul {
                    @for error in errors {
                        li {
                            @if error.field.is_empty() { (error.message) } @else {
                                a href={ "#" (field_id(scope, &error.field)) } { (error.message) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn field_id(scope: &str, name: &str) -> String {
    format!("{scope}-{}", name.replace('_', "-"))
}
