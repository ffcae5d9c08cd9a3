import Contracts
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

    /// - Parameter typeMayMiss: whether a body without a content type is taken for JSON, as the first clients send it.
    /// - Throws: `Problem` when the body is not JSON by its content type, or too large; `BodyReadFailure`.
    func read(_ request: Request, typeMayMiss: Bool = false) async throws -> [UInt8] {
        let type = request.headers[.contentType]
        guard type == nil ? typeMayMiss : Self.isJSON(type) else { throw Problem.notJSON }
        if let coding = request.headers[.contentEncoding], coding.lowercased() != "identity" { throw Problem.encoded }
        if let length = request.headers[.contentLength].flatMap({ Int(foreign: $0) }), length > limit {
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

    /// Whether a content type is `application/json` or has the suffix `+json` (RFC 6839), in UTF-8, which is all that JSON
    /// may be written in (RFC 8259, 8.1). Other parameters say nothing.
    static func isJSON(_ contentType: String?) -> Bool {
        if contentType == "application/json" { return true }
        guard let parts = contentType?.lowercased().split(separator: ";", omittingEmptySubsequences: false) else {
            return false
        }
        let type = parts[0].trimmingBlanks()
        guard type == "application/json" || (type.hasPrefix("application/") && type.hasSuffix("+json")) else {
            return false
        }
        return parts.dropFirst().allSatisfy { parameter in
            let parameter = parameter.trimmingBlanks()
            guard parameter.hasPrefix("charset=") else { return true }
            return ["utf-8", "utf8", "us-ascii"].contains(parameter.dropFirst(8).filter { $0 != "\"" })
        }
    }
}
