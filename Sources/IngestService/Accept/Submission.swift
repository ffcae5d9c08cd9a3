import Contracts

import struct Foundation.Date

/// What a partner sent, checked and in normal form. Everything personal about a request is in here.
struct Submission: Sendable, Equatable {
    /// The partner's own id of the request.
    var providerRequestID: String
    var name: String
    var address: PostalAddress
    /// Empty where the organisation takes an e-mail address in its place.
    var phone: String
    /// Empty where the organisation takes a phone number in its place.
    var email: String
    /// Free text of the partner, by which the first one names its region.
    var providerData: String?
    /// Of a house: an apartment, a floor, a lot.
    var unit: String?
    /// In which the person wants to be spoken to.
    var language: String?
    /// What is needed, in the partner's words.
    var need: String?
    /// What else the organisation's people should know. May have several lines.
    var notes: String?

    /// `providerData` when it is shaped like a code: 1 to 64 ASCII letters, digits, `-`, `_` or `.`. Anything else may
    /// hold personal data and stays in the store.
    var regionCode: String? {
        guard let providerData, (1...64).contains(providerData.utf8.count),
            providerData.utf8.allSatisfy(Self.isCodeByte)
        else { return nil }
        return providerData
    }

    /// The fields by their names in the body, in the order of the document.
    private var named: [(name: String, value: String?)] {
        [
            ("providerRequestId", providerRequestID), ("name", name), ("address", address.street),
            ("city", address.city), ("state", address.state), ("zip", address.zip), ("phone", phone), ("email", email),
            ("providerData", providerData), ("unit", unit), ("language", language), ("need", need), ("notes", notes),
        ]
    }

    /// The names of the fields that differ, byte by byte.
    func differences(from other: Submission) -> [String] {
        zip(named, other.named).filter { left, right in
            guard let left = left.value, let right = right.value else {
                return (left.value == nil) != (right.value == nil)
            }
            return !left.utf8.elementsEqual(right.utf8)
        }.map(\.0.name)
    }

    private static func isCodeByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}

/// A checked submission on its way into the store.
struct NewRequest: Sendable, Equatable {
    var id: RequestID
    var provider: Provider
    var submission: Submission
    /// Cut to the milliseconds that the wire carries.
    var acceptedAt: Date

    /// The event that the request is written together with.
    /// - Parameter traceParent: the W3C trace that the POST belongs to.
    /// - Throws: `ContractError` when the event cannot be written as JSON.
    func acceptedEvent(traceParent: String) throws(ContractError) -> EventMessage {
        try EventMessage(
            Event(
                id: EventID.derive(from: id.uuid, stage: "ingest", type: .requestAccepted),
                source: "/intake/ingest", time: acceptedAt, requestID: id, traceParent: traceParent,
                data: RequestAccepted(
                    RequestReference(
                        provider: provider.id, providerRequestID: submission.providerRequestID,
                        organization: provider.organization, acceptedAt: acceptedAt),
                    address: submission.address, regionCode: submission.regionCode)))
    }
}
