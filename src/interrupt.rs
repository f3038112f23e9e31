//! What becomes of a run that is ended from outside: it leaves no file half-written, and ends with the code that shells know.

/// From here on an interrupt removes what is being written before it ends the program, and a limit on the size of files is an error
/// like any other. Where signals cannot be caught they do as they always did.
#[cfg(unix)]
#[allow(clippy::exit)] // an interrupt does not wait for the work at hand
pub(crate) fn watch() {
    use signal_hook::consts::{SIGINT, SIGTERM, SIGXFSZ};
    use signal_hook::iterator::Signals;

    // Caught at all, it no longer ends the program, and the write that it was sent for fails.
    let _ = signal_hook::flag::register(SIGXFSZ, std::sync::Arc::default());
    let Ok(mut signals) = Signals::new([SIGINT, SIGTERM]) else { return };
    std::thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            clauselint::report::abandon();
            std::process::exit(128 + signal);
        }
    });
}

/// There are no signals to be caught.
#[cfg(not(unix))]
pub(crate) fn watch() {}
