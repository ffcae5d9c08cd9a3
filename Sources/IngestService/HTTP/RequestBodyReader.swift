import HTTPTypes
import Hummingbird
import NIOCore

/// The connection broke while a body was read.
struct BodyReadFailure: Error {
    var underlying: any Error
}

/// Reads JSON bodies of bounded size.
struct RequestBodyReader: Sendable {
    /// Bytes.
    var limit: Int

    /// - Throws: `Problem` when the body is not JSON by its content type, or too large; `BodyReadFailure`.
    func read(_ request: Request) async throws -> [UInt8] {
        guard Self.isJSON(request.headers[.contentType]) else { throw Problem.notJSON }
        if let length = request.headers[.contentLength].flatMap(Int.init), length > limit {
            throw Problem.tooLarge(limit: limit)
        }
        do {
            let buffer = try await request.body.collect(upTo: limit)
            return Array(buffer.readableBytesView)
        } catch is NIOTooManyBytesError {
            throw Problem.tooLarge(limit: limit)
        } catch {
            throw BodyReadFailure(underlying: error)
        }
    }

    /// Whether a content type is `application/json` or has the suffix `+json` (RFC 6839), whatever its parameters.
    static func isJSON(_ contentType: String?) -> Bool {
        if contentType == "application/json" { return true }
        guard let type = contentType?.prefix(while: { $0 != ";" }).filter({ !$0.isWhitespace }).lowercased() else {
            return false
        }
        return type == "application/json" || (type.hasPrefix("application/") && type.hasSuffix("+json"))
    }
}
