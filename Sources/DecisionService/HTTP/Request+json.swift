import Foundation
import HTTPListener
import Hummingbird
import NIOCore

extension Request {
    /// The body, decoded.
    /// - Throws: `Problem` with status 413 for more than `limit` bytes, 400 for what is not the JSON that is asked for.
    func json<Value: Decodable>(_ type: Value.Type, upTo limit: Int) async throws -> Value {
        let buffer: ByteBuffer
        do {
            buffer = try await body.collect(upTo: limit)
        } catch is NIOTooManyBytesError {
            throw Problem.bodyTooLarge(limit: limit)
        }
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        do {
            return try decoder.decode(type, from: Data(buffer.readableBytesView))
        } catch let error as DecodingError {
            throw Problem.badBody("The body is not the JSON that is asked for\(Self.place(of: error)).")
        }
    }

    /// Names the member; what stands there may be anything.
    private static func place(of error: DecodingError) -> String {
        let path: [any CodingKey]
        switch error {
        case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
            path = context.codingPath
        case .keyNotFound(let key, let context): path = context.codingPath + [key]
        @unknown default: path = []
        }
        return path.isEmpty
            ? "" : ": /" + path.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: "/")
    }
}
