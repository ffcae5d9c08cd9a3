import Contracts
import HTTPListener
import HTTPTypes
import Hummingbird
import NIOCore

/// Reads JSON bodies of bounded size.
struct RequestBodyReader: Sendable {
    /// Bytes.
    var limit: Int

    /// - Parameter typeMayMiss: whether a body without a content type is taken for JSON, as the first clients send it.
    /// - Throws: `Problem` when the body is not JSON by its content type, or too large; `BodyReadFailure`.
    func read(_ request: Request, typeMayMiss: Bool = false) async throws -> [UInt8] {
        let type = request.headers.value(.contentType)
        guard type == nil ? typeMayMiss : MediaType.isJSON(type) else { throw Problem.notJSON }
        if let coding = request.headers.value(.contentEncoding) {
            guard coding.isShortASCII, coding.lowercased() == "identity" else { throw Problem.encoded }
        }
        if let length = request.headers.value(.contentLength).flatMap({ Int(foreign: $0) }), length > limit {
            throw Problem.tooLarge(limit: limit)
        }
        do {
            let buffer = try await request.body.collect(upTo: limit)
            let bytes = Array(buffer.readableBytesView)
            // RFC 8259, section 8.1: nobody may send a byte order mark, and whoever reads may pass over it.
            return bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
        } catch is NIOTooManyBytesError {
            throw Problem.tooLarge(limit: limit)
        } catch {
            throw BodyReadFailure(underlying: error)
        }
    }
}

extension JSONObject {
    /// - Throws: `Problem` with status 400 when the bytes are not JSON, with 422 when they are no object.
    init(body: [UInt8]) throws(Problem) {
        let json: JSONValue
        do throws(MalformedJSON) { json = try JSONValue(parsing: body) } catch { throw .malformed(error) }
        guard case .object(let object) = json else {
            throw .invalid([FieldError(pointer: "", detail: "must be an object", code: .type)])
        }
        self = object
    }
}
