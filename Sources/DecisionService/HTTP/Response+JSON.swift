import Contracts
import Foundation
import HTTPTypes
import Hummingbird

extension Response {
    /// A response with a JSON body, which no cache may keep unless the headers say so.
    init(
        status: HTTPResponse.Status, json: some Encodable, contentType: String = "application/json",
        headers: HTTPFields = [:]
    ) {
        var headers = headers
        headers[.contentType] = contentType
        if headers[.cacheControl] == nil { headers[.cacheControl] = "no-store" }
        headers[.xContentTypeOptions] = "nosniff"
        do {
            self.init(
                status: status, headers: headers,
                body: ResponseBody(byteBuffer: ByteBuffer(bytes: try Self.json(json))))
        } catch {
            // Only a number that is not finite cannot be written as JSON, and no body holds one that is not checked.
            self.init(status: .internalServerError)
        }
    }

    static func json(_ value: some Encodable) throws -> [UInt8] { [UInt8](try encoder.encode(value)) }

    private static let encoder: JSONEncoder = {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return encoder
    }()
}
