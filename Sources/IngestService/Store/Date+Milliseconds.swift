import Contracts

import struct Foundation.Date

/// How the store keeps times: whole milliseconds since 1970, as precise as the wire. Others' clocks and cursors made some of
/// them, so that they are kept to what can be written.
extension Date {
    var milliseconds: Int64 { clampedMilliseconds }

    init(milliseconds: Int64) { self.init(clampingMilliseconds: milliseconds) }
}
