//! What people do, from its beginning to its end, through the verbs of the service.

mod importing;
mod standing;
mod teams;
