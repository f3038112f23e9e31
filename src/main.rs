//! The `clauselint` command: reads its arguments, calls the library, and turns the outcome into an exit code.

mod cli;
mod commands;
mod interrupt;

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments = match cli::parse() {
        Ok(arguments) => arguments,
        Err(code) => return code,
    };
    // A panic becomes one line about the policy that brought it about; who hunts it asks for more.
    if std::env::var_os("RUST_BACKTRACE").is_none() {
        std::panic::set_hook(Box::new(|_| {}));
    }
    interrupt::watch();
    match clauselint::lint::guarded(|| commands::run(arguments.command)) {
        Ok(Ok(code)) => code,
        Ok(Err(error)) => commands::complain(&error),
        Err(bug) => commands::complain(&commands::Error::Bug(bug)),
    }
}
