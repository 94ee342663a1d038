//! Cities, their positions and their time zones: `db/seeds/places.csv`, from GeoNames (CC BY 4.0).
//!
//! All cities of the United States with 15,000 people or more, and the largest of the world.

use std::collections::HashMap;
use std::sync::LazyLock;

use chrono_tz::Tz;

use super::table::{self, Cells, Fault, Shape};
use crate::domain::Venue;
use crate::domain::place::distance_km;

/// A city.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// “Kansas City”.
    pub city: String,
    /// Two-letter state, in the United States.
    pub state: Option<String>,
    /// Two-letter country.
    pub country: String,
    /// Latitude and longitude in degrees.
    pub position: (f64, f64),
    /// Its zone.
    pub zone: Tz,
}

/// Cities by their names: those that ship, or an operator's own.
#[derive(Debug, Default)]
pub struct Gazetteer {
    places: Vec<Place>,
    by_name: HashMap<String, Vec<usize>>,
}

/// The table that ships.
pub const SHIPPED: &str = include_str!("../../db/seeds/places.csv");

/// The columns that must be there.
pub const COLUMNS: [&str; 6] = ["city", "state", "country", "lat", "lon", "time_zone"];

/// The cities that ship with the program.
#[must_use]
pub fn shipped() -> &'static Gazetteer {
    static GAZETTEER: LazyLock<Gazetteer> = LazyLock::new(|| read("places.csv", SHIPPED.as_bytes()).unwrap_or_default());
    &GAZETTEER
}

/// Reads a table.
///
/// # Errors
/// Every mistake, with its line and column.
pub fn read(file: &str, bytes: &[u8]) -> Result<Gazetteer, Vec<Fault>> {
    table::read(&Shape { file, columns: &COLUMNS }, bytes, row).map(Gazetteer::of)
}

fn row(cells: &mut Cells<'_>) -> Option<Place> {
    let city = cells.text("city");
    let code = |text: &str| (text.len() == 2 && text.chars().all(|c| c.is_ascii_uppercase())).then(|| text.to_owned());
    let state = cells.maybe("state");
    let state = state.and_then(|_| cells.parsed("state", "it is empty or two capital letters, such as OH", code));
    let country = cells.parsed("country", "it is two capital letters, such as US", code);
    let within = |most: f64| move |text: &str| text.parse::<f64>().ok().filter(|degrees| degrees.abs() <= most);
    let lat = cells.parsed("lat", "it is degrees north from -90 to 90, such as 39.1", within(90.0));
    let lon = cells.parsed("lon", "it is degrees east from -180 to 180, such as -94.6", within(180.0));
    let zone = cells.parsed("time_zone", "it is a zone of the IANA database, such as America/Chicago", |text| text.parse().ok());
    Some(Place { city: city?, state, country: country?, position: (lat?, lon?), zone: zone? })
}

/// A city's name without what people write in different ways: “St. Paul” is “Saint Paul”.
fn plain(name: &str) -> String {
    let lower = name.to_lowercase();
    let words = lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words
        .map(|word| match word {
            "st" => "saint",
            "ft" => "fort",
            "mt" => "mount",
            other => other,
        })
        .collect::<Vec<_>>()
        .join(" ")
}

impl Gazetteer {
    fn of(places: Vec<Place>) -> Self {
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (index, place) in places.iter().enumerate() {
            by_name.entry(plain(&place.city)).or_default().push(index);
        }
        Self { places, by_name }
    }

    /// How many cities it has.
    #[must_use]
    pub fn count(&self) -> usize {
        self.places.len()
    }

    /// The city of that name, in that state or country where they are given; `None` where it is not known or not clear.
    #[must_use]
    pub fn find(&self, city: &str, state: Option<&str>, country: Option<&str>) -> Option<&Place> {
        let fits = |place: &&Place| {
            state.is_none_or(|state| {
                place.state.as_deref().is_some_and(|known| known.eq_ignore_ascii_case(state))
                    || place.country.eq_ignore_ascii_case(state)
            }) && country.is_none_or(|country| place.country.eq_ignore_ascii_case(country))
        };
        let mut found = self.by_name.get(&plain(city))?.iter().filter_map(|index| self.places.get(*index)).filter(fits);
        match (found.next(), found.next()) {
            (Some(only), None) => Some(only),
            _ => None,
        }
    }

    /// The nearest city that is known, if it is within 200 km.
    #[must_use]
    pub fn nearest<'p>(&'p self, position: (f64, f64), state: Option<&str>) -> Option<&'p Place> {
        let distance = |place: &Place| distance_km(position, place.position);
        let in_state = |place: &&Place| state.is_none() || place.state.as_deref() == state;
        let of = |all: &mut dyn Iterator<Item = &'p Place>| {
            all.map(|place| (distance(place), place)).filter(|(km, _)| *km <= 200.0).min_by(|a, b| a.0.total_cmp(&b.0))
        };
        of(&mut self.places.iter().filter(in_state)).or_else(|| of(&mut self.places.iter())).map(|(_, place)| place)
    }

    /// Where a venue is by the clock, as far as anybody can tell.
    #[must_use]
    pub fn zone_of(&self, venue: &Venue) -> Option<Tz> {
        let named = venue.city.as_deref().and_then(|city| self.find(city, venue.state.as_deref(), venue.country.as_deref()));
        named.or_else(|| self.nearest(venue.position()?, venue.state.as_deref())).map(|place| place.zone)
    }

    /// Gives a venue whose city is known its position and country.
    pub fn complete(&self, venue: &mut Option<Venue>) {
        let Some(venue) = venue else { return };
        let known = venue.city.as_deref().and_then(|city| self.find(city, venue.state.as_deref(), venue.country.as_deref()));
        if let Some(place) = known {
            if venue.position().is_none() {
                (venue.lat, venue.lon) = (Some(place.position.0), Some(place.position.1));
            }
            venue.country.get_or_insert_with(|| place.country.clone());
            if venue.state.is_none() {
                venue.state.clone_from(&place.state);
            }
        }
    }

    /// Reads the place at the end of a line such as “Salt Palace Convention Center, Salt Lake City, UT”.
    ///
    /// The last part is a state or country code, or a city that is known by itself; what stands before
    /// the city is the venue's name.
    #[must_use]
    pub fn read_line(&self, line: &str) -> Venue {
        let parts: Vec<&str> = line.split(',').map(str::trim).filter(|part| !part.is_empty()).collect();
        let text = |parts: &[&str]| (!parts.is_empty()).then(|| parts.join(", "));
        if let [before @ .., city, code] = parts.as_slice()
            && code.len() == 2
            && code.chars().all(|c| c.is_ascii_alphabetic())
        {
            let code = code.to_uppercase();
            let known = self.find(city, Some(&code), None);
            let is_country = known.is_some_and(|place| place.country == code && place.state.is_none());
            let country = if is_country { code.clone() } else { "US".to_owned() };
            return Venue {
                name: text(before),
                city: Some((*city).to_owned()),
                state: (!is_country).then_some(code),
                country: Some(country),
                ..Venue::default()
            };
        }
        if let [before @ .., last] = parts.as_slice()
            && let Some(place) = self.find(last, None, None)
        {
            return Venue {
                name: text(before),
                city: Some(place.city.clone()),
                state: place.state.clone(),
                country: Some(place.country.clone()),
                ..Venue::default()
            };
        }
        Venue { name: text(&parts), ..Venue::default() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_city_gives_its_zone_by_name_or_by_where_it_is() {
        let zone = |line: &str| shipped().zone_of(&shipped().read_line(line)).map(Tz::name);
        assert_eq!(zone("LiUNA Conference Center, Washington, DC"), Some("America/New_York"));
        assert_eq!(zone("Louisville, KY"), Some("America/Kentucky/Louisville"));
        assert_eq!(zone("Phoenix, AZ"), Some("America/Phoenix"));
        assert_eq!(zone("Detroit, MI"), Some("America/Detroit"));
        assert_eq!(zone("Madrid, ES"), Some("Europe/Madrid"));
        assert_eq!(zone("Atlantis"), None);
        let harbor = Venue { lat: Some(38.7849), lon: Some(-77.0169), state: Some("MD".into()), ..Venue::default() };
        assert_eq!(shipped().zone_of(&harbor).map(Tz::name), Some("America/New_York"));
    }

    #[test]
    fn a_line_is_read_from_its_end() {
        let venue = shipped().read_line("West Saloon & Kitchen, 501 16th Street, Denver, CO");
        assert_eq!(venue.name.as_deref(), Some("West Saloon & Kitchen, 501 16th Street"));
        assert_eq!(
            (venue.city.as_deref(), venue.state.as_deref(), venue.country.as_deref()),
            (Some("Denver"), Some("CO"), Some("US"))
        );
        let mexico = shipped().read_line("Mexico City");
        assert_eq!((mexico.city.as_deref(), mexico.country.as_deref()), (Some("Mexico City"), Some("MX")));
        assert_eq!(shipped().read_line("The usual place").name.as_deref(), Some("The usual place"));
    }

    #[test]
    fn a_name_that_two_places_share_needs_its_state() {
        assert_eq!(shipped().find("Kansas City", None, None), None);
        assert_eq!(shipped().find("Kansas City", Some("MO"), None).map(|place| place.zone), Some(chrono_tz::America::Chicago));
        assert!(shipped().find("St. Paul", Some("MN"), None).is_some());
    }

    #[test]
    fn a_broken_city_is_told_with_its_line_and_column() {
        let header = COLUMNS.join(",");
        for (row, said) in [
            (
                "Lima,OH,US,40.7,-84.1,Ohio",
                "column time_zone: “Ohio” is not right: it is a zone of the IANA database, such as America/Chicago",
            ),
            (
                "Lima,OH,US,140.7,-84.1,America/New_York",
                "column lat: “140.7” is not right: it is degrees north from -90 to 90, such as 39.1",
            ),
            (
                "Lima,Ohio,US,40.7,-84.1,America/New_York",
                "column state: “Ohio” is not right: it is empty or two capital letters, such as OH",
            ),
            ("Lima,OH,,40.7,-84.1,America/New_York", "column country: it is empty"),
        ] {
            let faults = read("places.csv", format!("{header}\n{row}\n").as_bytes()).expect_err("a broken row");
            let told: Vec<String> = faults.iter().map(ToString::to_string).collect();
            assert_eq!(told, [format!("places.csv, line 2, {said}")]);
        }
    }
}
