/// What a service is paid with. It must not show in a log, an error or a debugger's dump.
struct GeocoderKey: Sendable, Equatable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The key itself: only for the place that sends it.
    let revealed: String

    init(_ value: String) { revealed = value }

    var description: String { "<redacted>" }
    var debugDescription: String { description }
    var customMirror: Mirror { Mirror(self, children: []) }
}
