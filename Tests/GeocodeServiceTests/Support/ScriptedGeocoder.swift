import Contracts
import Synchronization

@testable import GeocodeService

/// Answers what the test says, and remembers what it was asked.
final class ScriptedGeocoder: StreetGeocoder {
    typealias Answer = @Sendable (PostalAddress) async throws(GeocoderFailure) -> StreetFinding

    let name: String
    private let answer: Mutex<Answer>
    private let questions = Mutex<[PostalAddress]>([])

    init(_ name: String = "scripted", answer: @escaping Answer) {
        self.name = name
        self.answer = Mutex(answer)
    }

    convenience init(_ name: String = "scripted", finds match: StreetMatch) {
        self.init(name) { _ in .found(match) }
    }

    convenience init(_ name: String = "scripted", fails failure: GeocoderFailure) {
        self.init(name) { _ throws(GeocoderFailure) in throw failure }
    }

    /// What it was asked so far.
    var asked: [PostalAddress] { questions.withLock { $0 } }

    func answers(_ new: @escaping Answer) { answer.withLock { $0 = new } }

    func find(_ address: PostalAddress) async throws(GeocoderFailure) -> StreetFinding {
        questions.withLock { $0.append(address) }
        return try await answer.withLock { $0 }(address)
    }
}

extension StreetMatch {
    /// A house; in the middle of Houston unless said otherwise.
    static func house(
        latitude: Double = 29.7604, longitude: Double = -95.3698, precision: GeocodedLocation.Precision = .rooftop,
        state: String? = "TX", county: String? = nil, source: String = "scripted"
    ) -> StreetMatch {
        StreetMatch(
            location: GeocodedLocation(
                latitude: latitude, longitude: longitude, precision: precision, source: source, confidence: 1),
            state: state, countyFIPS: county, matchedText: "901 BAGBY ST, HOUSTON, TX, 77002")
    }
}

extension PostalAddress {
    static let cityHall = PostalAddress(street: "901 Bagby St", city: "Houston", state: "TX", zip: "77002")
}

extension GeocoderFailure {
    static func away(_ retryAfter: Duration? = nil) -> GeocoderFailure {
        GeocoderFailure(kind: .away(retryAfter: retryAfter), code: "http-503", message: "It is away.")
    }

    static let refused = GeocoderFailure(kind: .refused, code: "request-denied", message: "It refuses.")
    static let unreadable = GeocoderFailure(kind: .unreadable, code: "not-json", message: "It is no answer.")
}

extension GeocoderEntry {
    static func test(_ name: String = "scripted", kind: Kind = .pelias) -> GeocoderEntry {
        GeocoderEntry(name: name, kind: kind, location: "http://\(name).test")
    }
}
