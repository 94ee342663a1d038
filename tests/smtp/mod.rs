//! Letters as the world gets them: every wording checked as bytes, and sent to a real mail server.
//!
//! The server is `sink.py`, on aiosmtpd. `CONVENE_PYTHON` names the Python that has it.

mod dkim;
pub mod lint;
pub mod proposed;
pub mod samples;
mod sending;
pub mod sink;
mod tls;
mod wording;
