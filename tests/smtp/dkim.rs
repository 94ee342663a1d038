//! Signed letters, as another's verifier sees them when they have come through a mail server.

use std::fs;
use std::process::Command;

use convene::mail::dkim::{DkimError, Signer};
use convene::mail::{Frozen, Post, SmtpSettings};

use super::samples::{self, frozen};
use super::sink::{Sink, fresh_folder};
use crate::support::python::python;

const RSA: &[u8] = include_bytes!("dkim/rsa.pem");
const RSA_PKCS1: &[u8] = include_bytes!("dkim/rsa-pkcs1.pem");
const ED25519: &[u8] = include_bytes!("dkim/ed25519.pem");

fn signer(pem: &[u8]) -> Signer {
    Signer::from_pem("convene1", "example.org", pem).expect("a key")
}

fn letters() -> Vec<Frozen> {
    samples::all().iter().map(|(_, letter)| frozen(letter)).collect()
}

/// What dkimpy says of each letter, by the record that we would publish.
fn verdicts(signer: &Signer, letters: &[Vec<u8>]) -> Vec<String> {
    let folder = fresh_folder();
    let (name, record) = signer.record();
    let mut files = Vec::new();
    for (n, letter) in letters.iter().enumerate() {
        let file = folder.join(format!("{n}.eml"));
        fs::write(&file, letter).expect("a file");
        files.push(file);
    }
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/smtp/dkim/verify.py");
    let output = Command::new(python()).arg(script).args([name, record]).args(files).output().expect("Python runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let _ = fs::remove_dir_all(&folder);
    String::from_utf8(output.stdout).expect("words").lines().map(str::to_owned).collect()
}

fn replaced(letter: &[u8], old: &str, new: &str) -> Vec<u8> {
    let text = String::from_utf8(letter.to_vec()).expect("letters are ASCII");
    assert!(text.contains(old), "there is no {old:?}");
    text.replacen(old, new, 1).into_bytes()
}

#[test]
fn every_letter_that_was_sent_signed_is_valid_for_another_verifier() {
    for pem in [RSA, RSA_PKCS1, ED25519] {
        let sink = Sink::start(&[]);
        let settings = SmtpSettings { signer: Some(signer(pem)), ..sink.settings() };
        let mut session = Post::Smtp(settings).connect().expect("the server answers");
        for letter in &letters() {
            session.send(letter.borrowed(), &mut || Ok(())).expect("it is taken");
        }
        session.quit();
        let stored = sink.stored();
        assert_eq!(verdicts(&signer(pem), &stored), vec!["valid"; letters().len()]);
    }
}

#[test]
fn what_was_changed_on_the_way_is_not_valid_and_what_was_only_folded_is() {
    let signer = signer(RSA);
    let letter = frozen(&samples::all().into_iter().find(|(name, _)| *name == "digest").expect("a digest").1);
    let signed = signer.sign(&letter.bytes).expect("a signature");
    let tried = [
        replaced(&signed, "\r\nSubject: ", "\r\nSubject: Urgent: "),
        replaced(&signed, "\r\nList-Unsubscribe: <", "\r\nList-Unsubscribe: <https://elsewhere.example.org/>, <"),
        replaced(&signed, "\r\nContent-Type: multipart", "\r\nContent-Type:  text/html; was=multipart"),
        replaced(&signed, "\r\nTo: ", "\r\nFrom: somebody@elsewhere.example.org\r\nTo: "),
        [&signed[..], b"one more line\r\n"].concat(),
        replaced(&signed, "\r\nList-Unsubscribe: <", "\r\nList-Unsubscribe:\r\n\t <"),
        [&signed[..], b"\r\n\r\n"].concat(),
    ];
    let expected = ["invalid", "invalid", "invalid", "invalid", "invalid", "valid", "valid"];
    assert_eq!(verdicts(&signer, &tried), expected);
}

#[test]
fn a_letter_is_signed_the_same_each_time_and_by_its_own_date() {
    let letter = letters().remove(0);
    let once = signer(ED25519).sign(&letter.bytes).expect("a signature");
    assert_eq!(once, signer(ED25519).sign(&letter.bytes).expect("a signature"));
    assert!(once.ends_with(&letter.bytes));
    let head = String::from_utf8_lossy(&once[..once.len() - letter.bytes.len()]).into_owned();
    assert!(head.contains(&format!("t={};", samples::at().timestamp())), "{head}");
    assert!(head.split("\r\n").all(|line| line.len() <= 78), "{head}");
}

#[test]
fn what_is_no_key_and_no_name_is_refused_and_a_key_is_never_shown() {
    let refused = |selector: &str, pem: &[u8]| Signer::from_pem(selector, "example.org", pem).err();
    assert_eq!(refused("convene1", b"no key"), Some(DkimError::Key));
    assert_eq!(refused("convene1", include_bytes!("tls/authority.pem")), Some(DkimError::Key));
    assert_eq!(refused("a b", RSA), Some(DkimError::Name("a b".to_owned())));
    assert_eq!(format!("{:?}", signer(RSA)), "Signer(convene1._domainkey.example.org, rsa-sha256)");
}
