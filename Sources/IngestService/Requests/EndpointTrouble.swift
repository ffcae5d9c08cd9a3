import Contracts

import struct Foundation.Date

/// That a partner's endpoint is left alone but for probes.
struct EndpointTrouble: Sendable, Equatable {
    var since: Date
    /// The failure that was the last straw.
    var error: StageError
}
