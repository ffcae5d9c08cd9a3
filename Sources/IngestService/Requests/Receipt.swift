import Contracts

import struct Foundation.Date

/// That the partner has taken the answer, as the projection keeps it.
struct Receipt: Sendable, Equatable {
    /// When the partner took it.
    var at: Date
    /// What it was told.
    var acceptance: Bool
    /// Which of the things it was that the partner is told about the request, from 1.
    var sequence: Int
    /// The HTTP status of its receipt.
    var httpStatus: Int
    /// Which attempt it was, from 1.
    var attempt: Int
    /// How long the attempt took; `nil` when the event did not say.
    var durationMilliseconds: Int?
    /// By which protocol the partner was reached; `nil` when it is not known.
    var addressFamily: AddressFamily?

    init(_ data: CallbackDelivered) {
        self.init(
            at: data.deliveredAt, acceptance: data.acceptance, sequence: data.sequence, httpStatus: data.httpStatus,
            attempt: data.attempt, durationMilliseconds: data.durationMilliseconds, addressFamily: data.addressFamily)
    }

    init(
        at: Date, acceptance: Bool, sequence: Int = RequestDecided.sequence, httpStatus: Int, attempt: Int,
        durationMilliseconds: Int? = nil, addressFamily: AddressFamily? = nil
    ) {
        self.at = at
        self.acceptance = acceptance
        self.sequence = sequence
        self.httpStatus = httpStatus
        self.attempt = attempt
        self.durationMilliseconds = durationMilliseconds
        self.addressFamily = addressFamily
    }
}
