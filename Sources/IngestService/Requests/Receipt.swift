import Contracts

import struct Foundation.Date

/// That the partner has taken the answer, as the projection keeps it.
struct Receipt: Sendable, Equatable {
    /// When the partner took it.
    var at: Date
    /// What it was told.
    var acceptance: Bool
    /// The HTTP status of its receipt.
    var httpStatus: Int
    /// Which attempt it was, from 1.
    var attempt: Int

    init(_ data: CallbackDelivered) {
        self.init(
            at: data.deliveredAt, acceptance: data.acceptance, httpStatus: data.httpStatus, attempt: data.attempt)
    }

    init(at: Date, acceptance: Bool, httpStatus: Int, attempt: Int) {
        self.at = at
        self.acceptance = acceptance
        self.httpStatus = httpStatus
        self.attempt = attempt
    }
}
