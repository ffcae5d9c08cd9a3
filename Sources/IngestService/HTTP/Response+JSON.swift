import Contracts
import Foundation
import HTTPTypes
import Hummingbird

extension Response {
    /// A response with a JSON body.
    init(
        status: HTTPResponse.Status, json: some Encodable, contentType: String = "application/json",
        headers: HTTPFields = [:]
    ) {
        do {
            self.init(status: status, bytes: try Self.json(json), contentType: contentType, headers: headers)
        } catch {
            // Only a number that is not finite cannot be written as JSON, and no body holds one that is not checked.
            self.init(status: .internalServerError)
        }
    }

    static func json(_ value: some Encodable) throws -> [UInt8] { [UInt8](try encoder.encode(value)) }

    private static let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .custom { date, encoder in
            var container = encoder.singleValueContainer()
            try container.encode(Timestamp.string(date))
        }
        return encoder
    }()

    /// A response with a body that is JSON already. Nothing that this service sends may be kept by a cache.
    init(
        status: HTTPResponse.Status, bytes: [UInt8], contentType: String = "application/json", headers: HTTPFields
    ) {
        var headers = headers
        headers[.contentType] = contentType
        headers[.cacheControl] = "no-store"
        self.init(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
