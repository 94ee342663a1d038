//! Adding partners, roles, cohorts, speakers and venues.

use rocket::{State, get, post, put};
use serde::Deserialize;
use serde_json::{Value, json};

use super::parsed;
use crate::app::{App, directory};
use crate::domain::{Cohort, CohortSlug, Partner, PartnerSlug, Person, PersonSlug, Role, RoleSlug, Venue};
use crate::store::KnownVenue;
use crate::web::answer::Json;
use crate::web::db::Service;
use crate::web::guards::{Body, Caller};
use crate::web::problem::Problem;

#[post("/partners", data = "<body>")]
pub async fn add_partner(service: &State<Service>, caller: Caller, body: Body) -> Result<Json, Problem> {
    let ((actor, attempt), partner): (_, Partner) = (caller.attempt(&body.0)?, parsed(&body.0)?);
    let add = move |app: &App| {
        directory::add_partner(app, &actor, &partner)?;
        Ok(Json::ok(&partner)?.created("/api/v1/partners".to_owned()))
    };
    service.once(attempt, add).await
}

/// Where replies to letters about a partner's plans go.
#[get("/partners/<slug>/contact")]
pub async fn contact(service: &State<Service>, caller: Caller, slug: &str) -> Result<Json, Problem> {
    let (actor, slug) = (caller.actor, partner(slug)?);
    Json::ok(&json!({"contact": service.run(move |app| directory::contact(app, &actor, &slug)).await?}))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ContactBody {
    contact: Option<String>,
}

#[put("/partners/<slug>/contact", data = "<body>")]
pub async fn put_contact(service: &State<Service>, caller: Caller, slug: &str, body: Body) -> Result<Json, Problem> {
    let (actor, slug, said): (_, _, ContactBody) = (caller.writer()?, partner(slug)?, parsed(&body.0)?);
    let kept = service.run(move |app| directory::set_contact(app, &actor, &slug, said.contact.as_deref())).await?;
    Json::ok(&json!({"contact": kept}))
}

fn partner(slug: &str) -> Result<PartnerSlug, Problem> {
    slug.parse().map_err(|_| Problem::not_found("partner"))
}

#[post("/roles", data = "<body>")]
pub async fn add_role(service: &State<Service>, caller: Caller, body: Body) -> Result<Json, Problem> {
    let ((actor, attempt), role): (_, Role) = (caller.attempt(&body.0)?, parsed(&body.0)?);
    let put = move |app: &App| {
        directory::put_role(app, &actor, &role)?;
        Ok(Json::ok(&role)?.created("/api/v1/roles".to_owned()))
    };
    service.once(attempt, put).await
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CohortBody {
    slug: CohortSlug,
    name: String,
    role: RoleSlug,
    partners: Vec<PartnerSlug>,
}

#[post("/cohorts", data = "<body>")]
pub async fn add_cohort(service: &State<Service>, caller: Caller, body: Body) -> Result<Json, Problem> {
    let ((actor, attempt), said): (_, CohortBody) = (caller.attempt(&body.0)?, parsed(&body.0)?);
    let answer = json!({"slug": said.slug, "name": said.name, "role": said.role, "partners": said.partners});
    let cohort = Cohort { slug: said.slug, name: said.name, role: said.role, partners: said.partners, teams: [].into() };
    let add = move |app: &App| {
        directory::add_cohort(app, &actor, &cohort)?;
        Ok(Json::ok(&answer)?.created("/api/v1/cohorts".to_owned()))
    };
    service.once(attempt, add).await
}

#[post("/people", data = "<body>")]
pub async fn add_person(service: &State<Service>, caller: Caller, body: Body) -> Result<Json, Problem> {
    let ((actor, attempt), person): (_, Person) = (caller.attempt(&body.0)?, parsed(&body.0)?);
    let put = move |app: &App| {
        directory::put_person(app, &actor, &person)?;
        Ok(Json::ok(&person)?.created("/api/v1/people".to_owned()))
    };
    service.once(attempt, put).await
}

#[get("/venues")]
pub async fn venues(service: &State<Service>) -> Result<Json, Problem> {
    let all = service.run(directory::venues).await?;
    Json::ok(&json!({"items": all.iter().map(venue_json).collect::<Vec<_>>(), "next_cursor": null}))
}

#[derive(Deserialize)]
struct VenueBody {
    slug: PersonSlug,
    #[serde(flatten)]
    venue: Venue,
}

#[post("/venues", data = "<body>")]
pub async fn add_venue(service: &State<Service>, caller: Caller, body: Body) -> Result<Json, Problem> {
    let ((actor, attempt), said): (_, VenueBody) = (caller.attempt(&body.0)?, parsed(&body.0)?);
    let known = KnownVenue { slug: said.slug, venue: said.venue };
    let put = move |app: &App| {
        let known = directory::put_venue(app, &actor, &known)?;
        Ok(Json::ok(&venue_json(&known))?.created("/api/v1/venues".to_owned()))
    };
    service.once(attempt, put).await
}

fn venue_json(known: &KnownVenue) -> Value {
    let mut value = json!(known.venue);
    if let Some(fields) = value.as_object_mut() {
        fields.insert("slug".to_owned(), json!(known.slug));
    }
    value
}
