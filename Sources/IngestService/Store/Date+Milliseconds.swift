import struct Foundation.Date

/// How the store keeps times: whole milliseconds since 1970, as precise as the wire.
extension Date {
    var milliseconds: Int64 { Int64((timeIntervalSince1970 * 1000).rounded()) }

    init(milliseconds: Int64) { self.init(timeIntervalSince1970: Double(milliseconds) / 1000) }
}
