import Contracts

import struct Foundation.Date

/// How long things are kept.
struct RetentionTimes: Sendable, Equatable {
    /// Personal data, from the acceptance of a request that is settled.
    var personalData: Duration
    /// What a job shows, from its end.
    var jobs: Duration
}

extension Date {
    func before(_ duration: Duration) -> Date { shifted(by: .zero - duration) }
}
