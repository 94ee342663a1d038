//! A kept feed on its way out: read piece by piece, never copied into one.

use std::io::{Error, ErrorKind, Result, SeekFrom};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use rocket::tokio::io::{AsyncRead, AsyncSeek, ReadBuf};

use crate::app::publish::Body;

/// The bytes of a feed, as they are or packed, read once from the first to the last.
pub struct Sent {
    body: Arc<Body>,
    packed: bool,
    /// The piece that is read now, and how much of it was read.
    place: usize,
    read: usize,
}

impl Sent {
    /// All of it.
    pub fn new(body: Arc<Body>, packed: bool) -> Self {
        Self { body, packed, place: 0, read: 0 }
    }

    /// How many bytes it is.
    pub fn length(&self) -> usize {
        if self.packed { self.body.packed().len() } else { self.body.length() }
    }

    fn piece(&self) -> Option<&[u8]> {
        match (self.packed, self.place) {
            (false, place) => self.body.piece(place),
            (true, 0) => Some(self.body.packed()),
            (true, _) => None,
        }
    }
}

impl AsyncRead for Sent {
    fn poll_read(mut self: Pin<&mut Self>, _: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<Result<()>> {
        while into.remaining() > 0 {
            let Some(rest) = self.piece().map(|piece| &piece[self.read..]) else { break };
            let some = rest.len().min(into.remaining());
            into.put_slice(&rest[..some]);
            let (place, read) = if some == rest.len() { (self.place + 1, 0) } else { (self.place, self.read + some) };
            (self.place, self.read) = (place, read);
        }
        Poll::Ready(Ok(()))
    }
}

/// Rocket asks for it of every body of a known length, and then seeks in those only whose length it was not told.
impl AsyncSeek for Sent {
    fn start_seek(mut self: Pin<&mut Self>, to: SeekFrom) -> Result<()> {
        if to != SeekFrom::Start(0) {
            return Err(Error::new(ErrorKind::Unsupported, "a feed is read from its first byte to its last"));
        }
        (self.place, self.read) = (0, 0);
        Ok(())
    }

    fn poll_complete(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Result<u64>> {
        Poll::Ready(Ok(0))
    }
}
