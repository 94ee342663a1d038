//! Sends letters of 4 kB through lettre's pool: `pool PORT LETTERS CONNECTIONS`; prints letters a second.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use lettre::address::Envelope;
use lettre::transport::smtp::PoolConfig;
use lettre::{SmtpTransport, Transport};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let given = std::env::args().skip(1).map(|text| text.parse()).collect::<Result<Vec<u32>, _>>()?;
    let [port, letters, connections] = given[..] else { return Err("pool PORT LETTERS CONNECTIONS".into()) };
    let pool = PoolConfig::new().max_size(connections).min_idle(connections);
    let transport = SmtpTransport::builder_dangerous("127.0.0.1").port(u16::try_from(port)?).pool_config(pool).build();
    let next = AtomicUsize::new(1);
    let begun = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..connections {
            scope.spawn(|| {
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if n > letters as usize {
                        return;
                    }
                    send(&transport, n);
                }
            });
        }
    });
    println!("{:.1}", f64::from(letters) / begun.elapsed().as_secs_f64());
    Ok(())
}

fn send(transport: &SmtpTransport, n: usize) {
    let to = format!("p{n}@city{}.example.org", n % 50);
    let envelope = Envelope::new(
        Some("convene@example.org".parse().expect("an address")),
        vec![to.parse().expect("an address")],
    );
    let head = format!("Message-ID: <pool.{n}@example.org>\r\nX-Idempotency: pool:{n}\r\nSubject: {n}\r\n\r\n");
    let mail = head + &"Nothing here is meant for anybody.\r\n".repeat(110);
    transport.send_raw(&envelope.expect("an envelope"), mail.as_bytes()).expect("it is taken");
}
