//! Where things are: venues, rooms, distance.

use serde::{Deserialize, Serialize};

/// Where an event is held. Any part may be unknown.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Venue {
    /// The building: “Salt Palace Convention Center”.
    pub name: Option<String>,
    /// The room in it.
    pub room: Option<String>,
    /// The city.
    pub city: Option<String>,
    /// Two-letter state.
    pub state: Option<String>,
    /// Two-letter country.
    pub country: Option<String>,
    /// Latitude, degrees north.
    pub lat: Option<f64>,
    /// Longitude, degrees east.
    pub lon: Option<f64>,
    /// How many people the room holds.
    pub capacity: Option<u32>,
}

impl Venue {
    /// Latitude and longitude, where both are known.
    #[must_use]
    pub fn position(&self) -> Option<(f64, f64)> {
        self.lat.zip(self.lon)
    }

    /// “Kansas City, MO”; “Madrid, ES” outside the United States.
    #[must_use]
    pub fn town(&self) -> Option<String> {
        let region = self.state.as_deref().or(self.country.as_deref().filter(|country| *country != "US"));
        match (self.city.as_deref(), region) {
            (Some(city), Some(region)) => Some(format!("{city}, {region}")),
            (Some(city), None) => Some(city.to_owned()),
            (None, region) => region.map(str::to_owned),
        }
    }

    /// Everything known, from the room outwards: “Room 2, City Hall, Omaha, NE”.
    #[must_use]
    pub fn line(&self) -> Option<String> {
        let parts: Vec<String> = [self.room.clone(), self.name.clone(), self.town()].into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    /// What names one room of one house: the same text for the same room, however it was typed.
    ///
    /// `None` where there is no house to be double-booked in.
    #[must_use]
    pub fn room_key(&self) -> Option<String> {
        let plain = |text: &Option<String>| {
            text.as_deref().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
        };
        let (house, room) = (plain(&self.name), plain(&self.room));
        // A convention centre holds many events at once: only a named room can be taken.
        (!house.is_empty() && !room.is_empty()).then(|| format!("{room}|{house}|{}|{}", plain(&self.city), plain(&self.state)))
    }
}

/// Great-circle distance in kilometres between two positions in degrees (haversine, mean Earth radius 6,371.0 km).
///
/// ```
/// let (kansas_city, phoenix) = ((39.0997, -94.5786), (33.4484, -112.074));
/// assert_eq!(convene::domain::place::distance_km(kansas_city, phoenix).round(), 1686.0);
/// ```
#[must_use]
pub fn distance_km(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (lat_a, lat_b) = (a.0.to_radians(), b.0.to_radians());
    let (half_lat, half_lon) = ((lat_b - lat_a) / 2.0, (b.1 - a.1).to_radians() / 2.0);
    let chord = half_lat.sin().powi(2) + lat_a.cos() * lat_b.cos() * half_lon.sin().powi(2);
    2.0 * 6371.0 * chord.sqrt().min(1.0).asin()
}
/// The states of the United States, the District and Puerto Rico, with the two letters that venues carry.
const STATES: [(&str, &str); 52] = [
    ("Alabama", "AL"),
    ("Alaska", "AK"),
    ("Arizona", "AZ"),
    ("Arkansas", "AR"),
    ("California", "CA"),
    ("Colorado", "CO"),
    ("Connecticut", "CT"),
    ("Delaware", "DE"),
    ("District of Columbia", "DC"),
    ("Florida", "FL"),
    ("Georgia", "GA"),
    ("Hawaii", "HI"),
    ("Idaho", "ID"),
    ("Illinois", "IL"),
    ("Indiana", "IN"),
    ("Iowa", "IA"),
    ("Kansas", "KS"),
    ("Kentucky", "KY"),
    ("Louisiana", "LA"),
    ("Maine", "ME"),
    ("Maryland", "MD"),
    ("Massachusetts", "MA"),
    ("Michigan", "MI"),
    ("Minnesota", "MN"),
    ("Mississippi", "MS"),
    ("Missouri", "MO"),
    ("Montana", "MT"),
    ("Nebraska", "NE"),
    ("Nevada", "NV"),
    ("New Hampshire", "NH"),
    ("New Jersey", "NJ"),
    ("New Mexico", "NM"),
    ("New York", "NY"),
    ("North Carolina", "NC"),
    ("North Dakota", "ND"),
    ("Ohio", "OH"),
    ("Oklahoma", "OK"),
    ("Oregon", "OR"),
    ("Pennsylvania", "PA"),
    ("Puerto Rico", "PR"),
    ("Rhode Island", "RI"),
    ("South Carolina", "SC"),
    ("South Dakota", "SD"),
    ("Tennessee", "TN"),
    ("Texas", "TX"),
    ("Utah", "UT"),
    ("Vermont", "VT"),
    ("Virginia", "VA"),
    ("Washington", "WA"),
    ("West Virginia", "WV"),
    ("Wisconsin", "WI"),
    ("Wyoming", "WY"),
];

/// The two letters of a state that is named in full, in any case.
///
/// ```
/// use convene::domain::state_code;
/// assert_eq!((state_code("ohio"), state_code("OH"), state_code("Kansas City")), (Some("OH"), None, None));
/// ```
#[must_use]
pub fn state_code(name: &str) -> Option<&'static str> {
    STATES.iter().find(|(full, _)| full.eq_ignore_ascii_case(name)).map(|(_, code)| *code)
}
