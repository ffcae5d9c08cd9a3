import Glibc

/// SIGTERM and SIGINT before the services run, which handle them in order.
///
/// The kernel gives the first process of a container no default action for a signal: without a handler it would not be
/// heard while files are read and stores brought up to date, and the container be killed at the end of its patience.
enum EarlyTermination {
    /// Ends the process with 0 at either signal, for nothing is in hand yet. Until somebody else takes the signals: the
    /// service group does, and none is lost between the two.
    static func exitOnSignal() {
        for number in [SIGTERM, SIGINT] {
            // Only what is safe in a signal handler (POSIX.1-2017, section 2.4.3).
            signal(number) { _ in _exit(0) }
        }
    }
}
