//! What journeys need: a service with a clock that stands still and mail that is caught, and a cast to act in it.

pub mod cast;
pub mod python;
pub mod visitor;
pub mod world;

pub use world::World;
