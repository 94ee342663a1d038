//! The program: reads its arguments, does what they say, and reports how it went.

use std::process::ExitCode;

fn main() -> ExitCode {
    convene::cli::main()
}
