//! Samples of letters about proposed dates.

use convene::mail::answers::{About, Answers, Offered};
use convene::mail::notices::Happening;

use super::samples::BASE;

fn offered(said: [&str; 3]) -> Vec<Offered> {
    let words = ["Wed 6 – Fri 8 October 2027", "Wed 17 – Fri 19 November 2027", "Wed 1 – Fri 3 December 2027, Denver, CO"];
    words.iter().zip(said).map(|(words, said)| Offered { words: (*words).to_owned(), said: said.to_owned() }).collect()
}

fn letter(about: About, said: [&str; 3]) -> Answers {
    Answers {
        about,
        event: Happening {
            title: "Equity data workshop".to_owned(),
            when_words: "Wed 6 – Fri 8 October 2027".to_owned(),
            where_words: "Oakland, CA".to_owned(),
            partner: "PolicyLink".to_owned(),
            url: format!("{BASE}/events/0195/answers"),
        },
        dates: offered(said),
        by: "Paz Sample of PolicyLink".to_owned(),
        link: format!("{BASE}/events/0195/answers"),
        because: "You get this because you plan events of the National League of Cities.".to_owned(),
        base_url: BASE.to_owned(),
    }
}

pub fn asked() -> Answers {
    let about = About::Asked {
        answer_by: Some("Mon 1 March 2027".to_owned()),
        note: "We can bring the data staff on any of these.".to_owned(),
        again: false,
    };
    letter(about, ["", "you said “Suits us”", ""])
}

pub fn reminded() -> Answers {
    let about = About::Asked { answer_by: Some("Mon 1 March 2027".to_owned()), note: String::new(), again: true };
    letter(about, ["", "", ""])
}

pub fn answered() -> Answers {
    let about = About::Answered { answered: 2, of: 3, best: Some("Wed 17 – Fri 19 November 2027".to_owned()) };
    letter(about, ["1 yes, 1 no, 1 open", "2 yes, 1 open", "1 if need be, 2 open"])
}

pub fn all_answered() -> Answers {
    let about = About::Answered { answered: 3, of: 3, best: None };
    letter(about, ["1 yes, 2 no", "2 yes, 1 no", "2 yes, 1 no"])
}

pub fn settled() -> Answers {
    let chosen = "Wed 17 – Fri 19 November 2027".to_owned();
    letter(About::Settled { days: chosen.clone(), chosen: Some(chosen), status: "proposed".to_owned() }, ["", "", ""])
}

pub fn called_off() -> Answers {
    letter(About::Settled { chosen: None, days: String::new(), status: "cancelled".to_owned() }, ["", "", ""])
}

pub fn taken_back() -> Answers {
    Answers { dates: Vec::new(), link: format!("{BASE}/desk"), ..letter(About::Withdrawn, ["", "", ""]) }
}
