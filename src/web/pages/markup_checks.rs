//! Looks at a page as assistive technology would: names, labels, headings, references, and what a
//! strict content security policy would refuse.

use std::collections::{BTreeMap, BTreeSet};

const VOID: [&str; 9] = ["br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"];

/// One start tag with its attributes, and what is around and inside it.
struct Element {
    name: String,
    attributes: BTreeMap<String, String>,
    parents: Vec<String>,
    text: String,
}

impl Element {
    fn get(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(String::as_str)
    }

    fn is_named(&self) -> bool {
        !self.text.trim().is_empty()
            || self.get("aria-label").is_some_and(|label| !label.is_empty())
            || self.get("aria-labelledby").is_some()
    }
}

/// Everything that is wrong with a page, in words.
pub fn faults(html: &str) -> Vec<String> {
    let (elements, mut faults) = elements(html);
    faults.extend(heading_faults(&elements));
    faults.extend(id_faults(&elements));
    faults.extend(label_faults(&elements));
    faults.extend(name_faults(&elements));
    faults.extend(policy_faults(&elements));
    faults
}

fn heading_faults(elements: &[Element]) -> Vec<String> {
    let level = |element: &Element| element.name.strip_prefix('h').and_then(|level| level.parse::<u32>().ok());
    let levels: Vec<u32> = elements.iter().filter_map(level).collect();
    let mut faults = Vec::new();
    if levels.iter().filter(|level| **level == 1).count() != 1 {
        faults.push(format!("needs one h1, has headings {levels:?}"));
    }
    let jumps = levels.windows(2).filter(|pair| pair[1] > pair[0] + 1);
    faults.extend(jumps.map(|pair| format!("a heading of level {} follows one of level {}", pair[1], pair[0])));
    faults
}

fn id_faults(elements: &[Element]) -> Vec<String> {
    let (mut ids, mut faults) = (BTreeSet::new(), Vec::new());
    for id in elements.iter().filter_map(|element| element.get("id")) {
        if !ids.insert(id) || id.contains(' ') {
            faults.push(format!("id “{id}” is there twice, or has a blank"));
        }
    }
    for element in elements {
        let references =
            ["for", "form", "aria-describedby", "aria-labelledby", "data-copy"].iter().filter_map(|name| element.get(name));
        let fragment = element.get("href").and_then(|href| href.strip_prefix('#'));
        let missing = references.flat_map(str::split_whitespace).chain(fragment).filter(|id| !ids.contains(id));
        faults.extend(missing.map(|id| format!("{} refers to “{id}”, which is not there", element.name)));
    }
    faults
}

fn label_faults(elements: &[Element]) -> Vec<String> {
    let labelled: BTreeSet<&str> =
        elements.iter().filter(|element| element.name == "label").filter_map(|label| label.get("for")).collect();
    let needs = |element: &&Element| {
        matches!(element.name.as_str(), "input" | "select" | "textarea") && element.get("type") != Some("hidden")
    };
    let has = |element: &Element| {
        element.parents.iter().any(|parent| parent == "label") || element.get("id").is_some_and(|id| labelled.contains(id))
    };
    elements
        .iter()
        .filter(needs)
        .filter(|element| !has(element))
        .map(|element| format!("{} {:?} has no label", element.name, element.get("name")))
        .collect()
}

/// Links, buttons and disclosures say what they are; groups of boxes have a legend; tables have headers.
fn name_faults(elements: &[Element]) -> Vec<String> {
    let must_say = |element: &&Element| {
        matches!(element.name.as_str(), "a" | "button" | "summary" | "label" | "legend" | "th" | "h1" | "h2" | "h3" | "title")
    };
    let mut faults: Vec<String> = elements
        .iter()
        .filter(must_say)
        .filter(|element| !element.is_named())
        .map(|element| format!("{} says nothing", element.name))
        .collect();
    let count = |name: &str| elements.iter().filter(|element| element.name == name).count();
    if count("fieldset") != count("legend") {
        faults.push("a fieldset has no legend".to_owned());
    }
    let bare = elements.iter().filter(|element| element.name == "th" && element.get("scope").is_none());
    faults.extend(bare.map(|element| format!("th “{}” has no scope", element.text)));
    let nested = elements
        .iter()
        .filter(|element| matches!(element.name.as_str(), "a" | "button" | "form") && element.parents.contains(&element.name));
    faults.extend(nested.map(|element| format!("{} inside {}", element.name, element.name)));
    faults
}

/// What `default-src 'none'; script-src 'self'; style-src 'self'` would refuse, or let do harm.
fn policy_faults(elements: &[Element]) -> Vec<String> {
    let mut faults = Vec::new();
    for element in elements {
        let inline = element.attributes.keys().filter(|name| name.as_str() == "style" || name.starts_with("on"));
        faults.extend(inline.map(|name| format!("{} has {name}", element.name)));
        let data = element.get("type") == Some("application/ld+json");
        if element.name == "style" || (element.name == "script" && element.get("src").is_none() && !data) {
            faults.push(format!("an inline {}", element.name));
        }
        if element.get("href").is_some_and(|href| href.trim_start().to_lowercase().starts_with("javascript:")) {
            faults.push("a link that runs script".to_owned());
        }
    }
    faults
}

/// The elements in order, and what is not closed as it was opened.
fn elements(html: &str) -> (Vec<Element>, Vec<String>) {
    let (mut elements, mut faults, mut open): (Vec<Element>, Vec<String>, Vec<usize>) = (Vec::new(), Vec::new(), Vec::new());
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        for &index in &open {
            elements[index].text.push_str(&rest[..at]);
        }
        let end = rest[at..].find('>').map_or(rest.len(), |end| at + end);
        let tag = &rest[at + 1..end];
        rest = rest.get(end + 1..).unwrap_or_default();
        if let Some(name) = tag.strip_prefix('/') {
            match open.pop() {
                Some(index) if elements[index].name == name => {}
                other => faults.push(format!("</{name}> closes {:?}", other.map(|index| elements[index].name.clone()))),
            }
        } else if !tag.starts_with('!') {
            let parents = open.iter().map(|&index| elements[index].name.clone()).collect();
            let element = element(tag, parents);
            if !tag.ends_with('/') && !VOID.contains(&element.name.as_str()) {
                open.push(elements.len());
            }
            elements.push(element);
        }
    }
    faults.extend(open.iter().map(|&index| format!("{} is never closed", elements[index].name)));
    (elements, faults)
}

/// `input type="text" required`; values are always quoted, and never hold a bare quote or `>`.
fn element(tag: &str, parents: Vec<String>) -> Element {
    let (name, mut rest) = tag.split_once(' ').unwrap_or((tag, ""));
    let mut attributes = BTreeMap::new();
    while let Some(start) = rest.find(|letter: char| !letter.is_whitespace() && letter != '/') {
        rest = &rest[start..];
        let stop = rest.find(|letter: char| letter.is_whitespace() || letter == '=').unwrap_or(rest.len()).max(1);
        let (key, after) = rest.split_at(stop);
        let (value, after) = after.strip_prefix("=\"").and_then(|value| value.split_once('"')).unwrap_or(("", after));
        if attributes.insert(key.to_owned(), value.to_owned()).is_some() {
            // Browsers drop the second one. Its made-up name makes `policy_faults` report it.
            attributes.insert("on-second-attribute".to_owned(), key.to_owned());
        }
        rest = after;
    }
    Element { name: name.to_owned(), attributes, parents, text: String::new() }
}

#[cfg(test)]
mod tests {
    use super::faults;

    #[test]
    fn a_fault_of_each_sort_is_seen() {
        let seen =
            |html: &str, what: &str| assert!(faults(html).iter().any(|fault| fault.contains(what)), "{html}: {:?}", faults(html));
        seen("<p>no heading</p>", "needs one h1");
        seen("<h1>a</h1><h3>b</h3>", "level 3 follows one of level 1");
        seen("<h1 id=\"a\">a</h1><p id=\"a\">b</p>", "twice");
        seen("<h1>a</h1><a href=\"#b\">b</a>", "refers to “b”");
        seen("<h1>a</h1><input type=\"text\" name=\"b\">", "has no label");
        seen("<h1>a</h1><a href=\"/\"><b></b></a>", "a says nothing");
        seen("<h1>a</h1><p style=\"color: red\">b</p>", "p has style");
        seen("<h1>a</h1><p class=\"b\" class=\"c\">d</p>", "on-second-attribute");
        seen("<h1>a</h1><script>b</script>", "an inline script");
        seen("<h1>a</h1><p><b>c</p>", "closes");
        seen("<h1>a</h1><p =\"b\">c", "never closed");
        assert_eq!(faults("<h1>a</h1><label>b<input name=\"b\"></label>"), Vec::<String>::new());
    }
}
