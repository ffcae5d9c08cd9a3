import Contracts

package import struct Foundation.UUID

/// An endpoint of a service's admin API. The service serves it by this type, and whoever calls it does so by the same:
/// its path, its query and the JSON of both sides stand here and nowhere else.
///
/// The type has no values: what is asked once is an `AdminCall`.
package protocol AdminEndpoint: Sendable {
    /// What stands in its path for the name between braces.
    associatedtype Subject: LosslessStringConvertible & Sendable = NoSubject
    associatedtype Query: AdminQuery = NoQuery
    associatedtype Body: Codable & Sendable = NoBody
    associatedtype Answer: Codable & Sendable

    static var route: AdminRoute { get }
    /// The status that an answer comes with.
    static func status(of answer: Answer) -> Int
    /// How long an operator waits for one.
    static var patience: Duration { get }
}

extension AdminEndpoint {
    package static func status(of answer: Answer) -> Int { 200 }
    package static var patience: Duration { .seconds(30) }
}

/// What an endpoint takes in its query: each has a value when nothing is said.
package protocol AdminQuery: Sendable, Equatable {
    init()
    /// Goes through the parameters.
    mutating func code(_ coder: inout QueryCoder)
}

/// Of an endpoint that has one path.
package struct NoSubject: LosslessStringConvertible, Sendable, Equatable {
    package init() {}
    package init?(_ description: String) { self.init() }
    package var description: String { "" }
}

package struct NoQuery: AdminQuery {
    package init() {}
    package mutating func code(_ coder: inout QueryCoder) {}
}

package struct NoBody: Codable, Sendable, Equatable {}

/// Which requests are an endpoint's.
package struct AdminRoute: Sendable, Hashable, CustomStringConvertible {
    package enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case delete = "DELETE"
    }

    /// What all paths have before them.
    package static let root = "/admin"

    package let method: Method
    /// Below the root. A name between braces stands for what is asked about.
    package let path: String
    /// Who serves it.
    package let services: [AdminService]

    init(_ method: Method, _ path: String, of services: AdminService...) {
        (self.method, self.path, self.services) = (method, path, services)
    }

    /// Another method of the same path.
    init(_ method: Method, _ other: AdminRoute) {
        (self.method, path, services) = (method, other.path, other.services)
    }

    package var description: String { "\(method.rawValue) \(Self.root)/\(path)" }
}

/// A service with an admin listener.
package enum AdminService: String, Sendable, CaseIterable {
    case ingest, geocode, decision, callback

    /// The header by which a readiness report says whose it is; absent in that of an older service.
    package static let header = "intake-service"

    /// As documents and errors name it.
    package var name: String { "\(rawValue.prefix(1).uppercased())\(rawValue.dropFirst())Service" }

    /// The environment variable that says where it is.
    package var variable: String { "INTAKE_\(rawValue.uppercased())_ADMIN_URL" }

    /// Where `deploy/up` puts it.
    package var url: String {
        switch self {
        case .ingest: "http://127.0.0.1:8081"
        case .geocode: "http://127.0.0.1:8082"
        case .decision: "http://127.0.0.1:8083"
        case .callback: "http://127.0.0.1:8084"
        }
    }
}

/// An id as it is written: in lower case.
package struct AdminID: LosslessStringConvertible, Sendable, Hashable, Codable {
    package var uuid: UUID

    package init(_ uuid: UUID) { self.uuid = uuid }

    package init?(_ description: String) {
        guard let uuid = UUID(canonical: description) else { return nil }
        self.uuid = uuid
    }

    package var description: String { uuid.canonical }

    package init(from decoder: any Decoder) throws { uuid = try decoder.singleValueContainer().decode(UUID.self) }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}

/// All endpoints of a service's admin API: tests hold what a service serves against it.
package enum AdminCatalogue {
    package static func routes(of service: AdminService) -> Set<AdminRoute> {
        Set(endpoints.map { $0.route }.filter { $0.services.contains(service) })
    }

    package static let endpoints: [any AdminEndpoint.Type] = [
        ListDeadLetters.self, ShowDeadLetters.self, CountRequests.self, ListPending.self, PublishAgain.self,
        ListWaiting.self, FindRequests.self, ShowRequest.self, ListAttempts.self, ResendCallback.self,
        EraseRequest.self, ListReviews.self, DecideReview.self, ListPlaces.self, ListStaff.self, AddStaff.self,
        LinkStaff.self, RevokeStaff.self, ListProviders.self, TestCallback.self, PauseCallbacks.self,
        ResumeCallbacks.self, RotateSecret.self, ListAreas.self, UploadDraft.self, DecidePlaces.self,
        ShowLogLevel.self, ChangeLogLevel.self, ResetLogLevel.self,
    ]
}
