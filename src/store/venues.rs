//! Places that people meet in again and again.

use rusqlite::{Row, params};

use super::columns::parsed;
use super::{Reader, Result, Writer};
use crate::domain::{PersonSlug, Venue};

/// A venue under a name of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct KnownVenue {
    /// Its name in addresses and files; made like a speaker's.
    pub slug: PersonSlug,
    /// What is known of it.
    pub venue: Venue,
}

impl Reader<'_> {
    /// All venues, by slug.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn venues(&self) -> Result<Vec<KnownVenue>> {
        self.connection().prepare_cached("SELECT * FROM venues ORDER BY slug")?.query_and_then([], venue)?.collect()
    }
}

impl Writer<'_> {
    /// Adds a venue, or says anew what is known of it.
    ///
    /// # Errors
    /// What SQLite says.
    pub fn put_venue(&self, known: &KnownVenue) -> Result<()> {
        let venue = &known.venue;
        self.connection().execute(
            "INSERT INTO venues (slug, name, room, city, state, country, lat, lon, capacity) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
             ON CONFLICT (slug) DO UPDATE SET name = excluded.name, room = excluded.room, city = excluded.city, state = excluded.state,
               country = excluded.country, lat = excluded.lat, lon = excluded.lon, capacity = excluded.capacity",
            params![
                known.slug.as_str(),
                venue.name,
                venue.room,
                venue.city,
                venue.state,
                venue.country,
                venue.lat,
                venue.lon,
                venue.capacity
            ],
        )?;
        Ok(())
    }
}

fn venue(row: &Row<'_>) -> Result<KnownVenue> {
    Ok(KnownVenue {
        slug: parsed(row, "slug")?,
        venue: Venue {
            name: row.get("name")?,
            room: row.get("room")?,
            city: row.get("city")?,
            state: row.get("state")?,
            country: row.get("country")?,
            lat: row.get("lat")?,
            lon: row.get("lon")?,
            capacity: row.get("capacity")?,
        },
    })
}
