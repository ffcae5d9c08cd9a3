#if DEBUG
    import Foundation
#endif

/// A place where a test can let the process die: what a crash leaves behind there is what the tests are about.
///
/// Compiled into debug builds only. `FAILURE_POINT=<name>` arms one place, `FAILURE_POINT=<name>=<text>` lets it strike
/// only when what is in hand there holds the text.
package enum FailurePoint {
    /// Dies by SIGKILL if this place is the armed one.
    /// - Parameter hand: what is in hand.
    @inline(__always)
    package static func pass(_ name: StaticString, _ hand: @autoclosure () -> String = "") {
        #if DEBUG
            guard let armed, armed.name == name.description, armed.text.isEmpty || hand().contains(armed.text) else {
                return
            }
            kill(getpid(), SIGKILL)
        #endif
    }

    /// Whether this build knows such places.
    package static var canStrike: Bool {
        #if DEBUG
            true
        #else
            false
        #endif
    }

    #if DEBUG
        private static let armed: (name: String, text: String)? = {
            guard let value = ProcessInfo.processInfo.environment["FAILURE_POINT"] else { return nil }
            let parts = value.split(separator: "=", maxSplits: 1).map(String.init)
            return (parts.first ?? "", parts.count > 1 ? parts[1] : "")
        }()
    #endif
}
