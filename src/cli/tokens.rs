//! `convene tokens`

use clap::Subcommand;
use serde_json::json;

use super::{Outcome, Place, print};
use crate::app::{Error, sign_in};
use crate::clock::Clock;
use crate::store::{Scope, Token};

#[derive(Debug, Subcommand)]
pub(super) enum Tokens {
    /// Make a token; it is printed once, alone
    Add {
        /// Whose it is, by mail address
        #[arg(long, value_name = "EMAIL")]
        user: String,
        /// read or write
        #[arg(long, default_value = "read")]
        scope: Scope,
    },
    /// List tokens, without their secrets
    List {
        /// Print an array
        #[arg(long)]
        json: bool,
    },
    /// Revoke a token
    Revoke {
        /// Its number, as list shows it
        id: i64,
    },
}

impl Tokens {
    pub(super) fn run(self, place: &Place) -> anyhow::Result<Outcome> {
        let app = place.app(Clock::System)?;
        match self {
            Self::Add { user, scope } => {
                let (id, token) = sign_in::add_token(&app, &user, scope)?;
                print(&format!("{token}\n"))?;
                eprintln!("token {id} for {user}, {}; it is not shown again", scope.as_str());
            }
            Self::List { json } => {
                let tokens = app.store.read::<_, Error>(|reader| Ok(reader.tokens()?))?;
                if json {
                    let all: Vec<_> = tokens.iter().map(|token| json!({"id": token.id, "user": token.email, "scope": token.scope.as_str(), "created_at": token.created_at, "revoked_at": token.revoked_at})).collect();
                    print(&(serde_json::to_string_pretty(&all)? + "\n"))?;
                } else {
                    let line = |token: &Token| {
                        let state = token.revoked_at.map_or("works".to_owned(), |at| format!("revoked {at}"));
                        format!("{:>4} {:<32} {:<6} {state}\n", token.id, token.email, token.scope.as_str())
                    };
                    print(&tokens.iter().map(line).collect::<String>())?;
                }
            }
            Self::Revoke { id } => {
                app.store.write::<_, Error>(|writer| Ok(writer.revoke_token(id, app.now())?))?;
                print(&format!("{id}\n"))?;
            }
        }
        Ok(Outcome::Fine)
    }
}
