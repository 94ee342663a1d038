//! Forms with a file in them (`multipart/form-data`, RFC 7578), read into memory within a bound.

use multer::{Constraints, Multipart, SizeLimit};
use rocket::Request;
use rocket::data::{Data, FromData, Outcome, ToByteUnit as _};
use rocket::http::Status;

use super::guards::Pairs;
use crate::app::upload::LARGEST;

/// The most that all other fields may hold together, in bytes.
const FIELDS: u64 = 64 << 10;
/// The most fields: a box for each role is the longest list.
const MOST: usize = 300;

/// A form's fields, and its one file.
#[derive(Debug, Default)]
pub struct FileForm {
    /// The fields that are not files.
    pub fields: Pairs,
    /// The file: its name as the sender has it, and its bytes. Empty where none was chosen.
    pub file: (String, Vec<u8>),
}

#[rocket::async_trait]
impl<'r> FromData<'r> for FileForm {
    type Error = ();

    async fn from_data(request: &'r Request<'_>, data: Data<'r>) -> Outcome<'r, Self> {
        let kind = request.headers().get_one("Content-Type").unwrap_or_default();
        let Ok(boundary) = multer::parse_boundary(kind) else {
            return Outcome::Error((Status::UnsupportedMediaType, ()));
        };
        // The bound on the whole is multer's: one on the data would look like a form that was cut off.
        let open = data.open(u64::MAX.bytes());
        let whole = SizeLimit::new().whole_stream(LARGEST as u64 + FIELDS);
        let form = Multipart::with_reader_with_constraints(open, boundary, Constraints::new().size_limit(whole));
        match read(form).await {
            Ok(form) => Outcome::Success(form),
            Err(multer::Error::StreamSizeExceeded { .. } | multer::Error::FieldSizeExceeded { .. }) => {
                Outcome::Error((Status::PayloadTooLarge, ()))
            }
            Err(_) => Outcome::Error((Status::BadRequest, ())),
        }
    }
}

async fn read(mut form: Multipart<'_>) -> Result<FileForm, multer::Error> {
    let (mut all, mut held) = (FileForm::default(), 0);
    while let Some(field) = form.next_field().await? {
        let name = field.name().unwrap_or_default().to_owned();
        match field.file_name().map(str::to_owned) {
            Some(file) if all.file.1.is_empty() => all.file = (file, field.bytes().await?.to_vec()),
            Some(_) => {}
            None => {
                let value = field.bytes().await?;
                held += value.len() as u64;
                if held > FIELDS || all.fields.0.len() >= MOST {
                    return Err(multer::Error::StreamSizeExceeded { limit: FIELDS });
                }
                all.fields.0.push((name, String::from_utf8_lossy(&value).into_owned()));
            }
        }
    }
    Ok(all)
}
