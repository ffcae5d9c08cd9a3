import Foundation

/// What a service answered.
struct GeocoderAnswer: Sendable {
    /// No single answer is a tenth as long.
    static let longest = 256 * 1024

    var status: Int
    /// What `Retry-After` asks for.
    var retryAfter: Duration?
    /// At most `longest` bytes. It repeats the address: it is not shown anywhere.
    var body: [UInt8]

    /// - Throws: `GeocoderFailure`, for any status but 200.
    func requireOK() throws(GeocoderFailure) {
        if let failure = GeocoderFailure(status: status, retryAfter: retryAfter) { throw failure }
    }

    /// The body as JSON, whatever the headers call it.
    /// - Throws: `GeocoderFailure` `not-json` or `wrong-shape`. The decoder's own words are not passed on: they can
    ///   hold the address.
    func json<Value: Decodable>(_ type: Value.Type) throws(GeocoderFailure) -> Value {
        do {
            return try JSONDecoder().decode(type, from: Data(body))
        } catch DecodingError.dataCorrupted(let context) where context.codingPath.isEmpty {
            throw GeocoderFailure(
                kind: .unreadable, code: "not-json", message: "The answer is \(isMarkup ? "a web page" : "no JSON").")
        } catch {
            throw GeocoderFailure(
                kind: .unreadable, code: "wrong-shape", message: "The answer is JSON, but not this service's.")
        }
    }

    /// Whether it is HTML or XML.
    var isMarkup: Bool { body.first { !Self.blanks.contains($0) } == UInt8(ascii: "<") }

    private static let blanks = Set(" \t\r\n\u{FEFF}".utf8)
}
