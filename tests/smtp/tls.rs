//! Letters over TLS, with a certificate that only the test trusts.

use std::path::PathBuf;

use convene::mail::post::{Class, Tls};
use convene::mail::{Post, Session, SmtpSettings};

use super::samples::{self, frozen};
use super::sink::Sink;

fn file(name: &str) -> String {
    format!("{}/tests/smtp/tls/{name}", env!("CARGO_MANIFEST_DIR"))
}

/// A server with a certificate for `localhost`, and the settings of somebody who trusts it.
fn relay(tls: Tls, more: &[&str]) -> (Sink, SmtpSettings) {
    let sink = Sink::start(&[&["--certificate", &file("relay.pem")], more].concat());
    let settings = SmtpSettings {
        host: "localhost".to_owned(),
        tls,
        authorities: Some(PathBuf::from(file("authority.pem"))),
        ..sink.settings()
    };
    (sink, settings)
}

fn refused(settings: SmtpSettings) -> String {
    let error = Post::Smtp(settings).connect().map(|_| ()).expect_err("it is refused");
    assert_eq!(error.class, Class::Link);
    error.reply
}

fn carries_a_letter(tls: Tls, more: &[&str]) {
    let (sink, settings) = relay(tls, more);
    let letter = frozen(&samples::all().remove(0).1);
    let mut session: Session = Post::Smtp(settings).connect().expect("the certificate is trusted");
    let sent = session.send(letter.borrowed(), &mut || Ok(()));
    assert!(sent.is_ok(), "{sent:?}");
    session.quit();
    assert_eq!(sink.stored(), [letter.bytes]);
}

#[test]
fn a_letter_goes_over_starttls_and_over_tls_from_the_first_byte() {
    carries_a_letter(Tls::Required, &[]);
    carries_a_letter(Tls::Wrapper, &["--wrapper"]);
}

#[test]
fn a_certificate_that_nobody_vouches_for_is_refused_in_words() {
    for (tls, more) in [(Tls::Required, vec![]), (Tls::Wrapper, vec!["--wrapper"])] {
        let (sink, settings) = relay(tls, &more);
        let words = refused(SmtpSettings { authorities: None, ..settings });
        assert!(words.starts_with("the certificate of localhost is not trusted: "), "{words}");
        assert!(words.contains("UnknownIssuer"), "{words}");
        assert_eq!(sink.stored().len(), 0);
    }
}

#[test]
fn a_server_that_no_longer_offers_starttls_gets_no_letter_and_no_password() {
    let sink = Sink::start(&[]);
    let stripped = SmtpSettings { tls: Tls::Required, user: Some("u".to_owned()), ..sink.settings() };
    let words = refused(stripped);
    assert!(words.starts_with("127.0.0.1 does not offer STARTTLS, and nothing is sent without: "), "{words}");
    assert_eq!(sink.event_names(), ["ehlo"]);
}

#[test]
fn a_file_of_authorities_that_cannot_be_read_is_named() {
    let (_sink, settings) = relay(Tls::Required, &[]);
    let words = refused(SmtpSettings { authorities: Some(PathBuf::from("/nowhere.pem")), ..settings });
    assert!(words.starts_with("/nowhere.pem: "), "{words}");
}
