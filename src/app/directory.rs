//! Partners, roles, cohorts, speakers and venues: adding what everybody then chooses from.

use super::record::nearest;
use super::{Actor, App, Error, Result};
use crate::domain::{Cohort, Partner, PartnerSlug, Person, Role, Venue};
use crate::mail::Address;
use crate::store::KnownVenue;

/// Adds a partner.
///
/// # Errors
/// [`Error::Forbidden`] for anybody but an operator; [`Error::NotPossible`] where there is one of that slug.
pub fn add_partner(app: &App, actor: &Actor, partner: &Partner) -> Result<()> {
    must_operate(actor)?;
    let partner = Partner { name: named("name", &partner.name)?, ..partner.clone() };
    app.store.write::<_, Error>(|writer| Ok(writer.add_partner(&partner, app.now())?))
}

/// Where replies to letters about a partner's plans go; `None` where the service's own address takes them.
///
/// # Errors
/// [`Error::Forbidden`] for those who do not work for it; [`Error::NotFound`] where there is no such partner.
pub fn contact(app: &App, actor: &Actor, partner: &PartnerSlug) -> Result<Option<String>> {
    app.store.read::<_, Error>(|reader| {
        if !reader.has_partner(partner)? {
            return Err(Error::NotFound("partner"));
        }
        actor.must_act_for(partner)?;
        Ok(reader.contact(partner)?)
    })
}

/// Says where replies to letters about a partner's plans go: a mailbox that somebody reads. Without one, the service's
/// own address takes them.
///
/// # Errors
/// [`Error::Forbidden`] for anybody but the partner's admins and operators; [`Error::Invalid`] for what is no address;
/// [`Error::NotFound`] where there is no such partner.
pub fn set_contact(app: &App, actor: &Actor, partner: &PartnerSlug, contact: Option<&str>) -> Result<Option<String>> {
    if !actor.administers() || actor.must_act_for(partner).is_err() {
        return Err(Error::Forbidden("only the partner's admins and operators say where replies go".into()));
    }
    let address = contact.map(str::trim).filter(|text| !text.is_empty()).map(Address::parse).transpose();
    let address = address.map_err(|error| Error::field("contact", error.to_string()))?.map(|address| address.to_string());
    app.store.write::<_, Error>(|writer| Ok(writer.set_contact(partner, address.as_deref())?))?;
    Ok(address)
}

/// Adds a role, or gives it another name.
///
/// # Errors
/// [`Error::Forbidden`] for anybody but an operator; [`Error::Invalid`] where the wider role is not known.
pub fn put_role(app: &App, actor: &Actor, role: &Role) -> Result<()> {
    must_operate(actor)?;
    let role = Role { name: named("name", &role.name)?, ..role.clone() };
    app.store.write::<_, Error>(|writer| {
        let roles = writer.roles()?;
        if let Some(parent) = role.parent.as_ref().filter(|parent| roles.get(parent).is_none() || **parent == role.slug) {
            let known: Vec<String> = roles.iter().map(|known| known.slug.to_string()).collect();
            return Err(Error::field("parent", format!("there is no role “{parent}”; {}", nearest(parent.as_str(), &known))));
        }
        Ok(writer.put_role(&role)?)
    })
}

/// Adds a cohort; its first partner leads it.
///
/// # Errors
/// [`Error::Forbidden`] for those who work for none of its partners; [`Error::Invalid`] with each mistake;
/// [`Error::NotPossible`] where there is one of that slug.
pub fn add_cohort(app: &App, actor: &Actor, cohort: &Cohort) -> Result<()> {
    let own = cohort.partners.iter().any(|partner| actor.partner() == Some(partner));
    if !own && !actor.sees_all() {
        return Err(Error::Forbidden("only people of one of its partners may add a cohort".into()));
    }
    let cohort = Cohort { name: named("name", &cohort.name)?, ..cohort.clone() };
    app.store.write::<_, Error>(|writer| {
        if writer.cohorts()?.iter().any(|known| known.slug == cohort.slug) {
            return Err(Error::NotPossible("there is such a cohort already".into()));
        }
        if writer.roles()?.get(&cohort.role).is_none() {
            return Err(Error::field("role", format!("there is no role “{}”", cohort.role)));
        }
        for partner in &cohort.partners {
            if !writer.has_partner(partner)? {
                return Err(Error::field("partners", format!("there is no partner “{partner}”")));
            }
        }
        Ok(writer.add_cohort(&cohort)?)
    })
}

/// Adds a speaker, or gives them another name.
///
/// # Errors
/// [`Error::Forbidden`] for those who work for no partner.
pub fn put_person(app: &App, actor: &Actor, person: &Person) -> Result<()> {
    must_plan(actor)?;
    let name = named("name", &person.name)?;
    app.store.write::<_, Error>(|writer| Ok(writer.put_person(&person.slug, &name)?))
}

/// Adds a venue, or says anew what is known of it; its position and state are looked up where they are not said.
///
/// # Errors
/// [`Error::Forbidden`] for those who work for no partner; [`Error::Invalid`] without a name.
pub fn put_venue(app: &App, actor: &Actor, known: &KnownVenue) -> Result<KnownVenue> {
    must_plan(actor)?;
    let name = named("name", known.venue.name.as_deref().unwrap_or_default())?;
    let mut venue = Some(Venue { name: Some(name), ..known.venue.clone() });
    app.places().complete(&mut venue);
    let known = KnownVenue { slug: known.slug.clone(), venue: venue.unwrap_or_default() };
    app.store.write::<_, Error>(|writer| Ok(writer.put_venue(&known)?))?;
    Ok(known)
}

/// The venues that are known, by slug.
///
/// # Errors
/// When the store fails.
pub fn venues(app: &App) -> Result<Vec<KnownVenue>> {
    app.store.read::<_, Error>(|reader| Ok(reader.venues()?))
}

fn must_operate(actor: &Actor) -> Result<()> {
    if actor.sees_all() { Ok(()) } else { Err(Error::Forbidden("only an operator may do that".into())) }
}

fn must_plan(actor: &Actor) -> Result<()> {
    if actor.sees_all() || actor.partner().is_some() {
        Ok(())
    } else {
        Err(Error::Forbidden("only people of a partner may do that".into()))
    }
}

fn named(field: &str, text: &str) -> Result<String> {
    super::teams::roster::one_line(field, text)
}
