import Contracts
import Foundation

@testable import IngestService

/// Made-up values with every part overridable.
enum Fixture {
    static let now = Date(timeIntervalSince1970: 1_790_000_000)
    static let provider = Provider(id: "portal", organization: "relief-org")
    static let otherProvider = Provider(id: "other", organization: "other-org")
    static let token = "token-of-the-portal"
    static let otherToken = "token-of-the-other"

    static let readToken = "token-of-staff-that-may-read"
    static let writeToken = "token-of-staff-that-may-write"
    static let otherStaffToken = "token-of-the-others-staff"

    static var directory: ProviderDirectory {
        ProviderDirectory(
            byToken: [TokenHash(token: token): provider, TokenHash(token: otherToken): otherProvider],
            staffByToken: [
                TokenHash(token: readToken): Staff(organization: provider.organization, may: .read),
                TokenHash(token: writeToken): Staff(organization: provider.organization, may: .write),
                TokenHash(token: otherStaffToken): Staff(organization: otherProvider.organization, may: .write),
            ])
    }

    static func id(at date: Date = now) -> RequestID {
        var generator = SystemRandomNumberGenerator()
        return RequestID(at: date, using: &generator)
    }

    static func submission(
        providerRequestID: String = UUID().uuidString, name: String = "Ada Example", street: String = "1 Main St",
        state: String = "MA", zip: String = "02108", providerData: String? = "NE-7"
    ) -> Submission {
        Submission(
            providerRequestID: providerRequestID, name: name,
            address: PostalAddress(street: street, city: "Boston", state: state, zip: zip), phone: "617 555 0100",
            email: "ada@example.org", providerData: providerData)
    }

    static func newRequest(
        at date: Date = now, provider: Provider = provider, submission: Submission = submission()
    ) -> NewRequest {
        NewRequest(id: id(at: date), provider: provider, submission: submission, acceptedAt: date)
    }

    static func event(_ request: NewRequest) throws -> EventMessage {
        try request.acceptedEvent(traceParent: traceParent)
    }

    static let traceParent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"

    /// A body as partners send it; a `nil` takes a field away.
    static func body(_ changes: [String: Any?] = [:]) -> [String: Any] {
        var body: [String: Any] = [
            "providerRequestId": "R-1", "name": "Ada Example", "address": "1 Main St", "city": "Boston", "state": "MA",
            "zip": "02108", "phone": "617 555 0100", "email": "ada@example.org", "status": "new",
        ]
        for (key, value) in changes { body[key] = value }
        return body
    }

    static func json(_ changes: [String: Any?] = [:]) throws -> Data {
        try JSONSerialization.data(withJSONObject: body(changes))
    }
}

extension Acceptance {
    var duplicateOf: RequestID? { if case .duplicate(let id) = self { id } else { nil } }
}
