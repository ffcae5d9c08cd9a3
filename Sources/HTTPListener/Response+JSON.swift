import Contracts
package import HTTPTypes
package import Hummingbird

extension Response {
    /// A response with a JSON body, which no cache may keep unless the headers say so.
    package init(
        status: HTTPResponse.Status, json: some Encodable, contentType: String = "application/json",
        headers: HTTPFields = [:]
    ) {
        do {
            self.init(status: status, bytes: try WireJSON.bytes(json), contentType: contentType, headers: headers)
        } catch {
            // Only a number that is not finite cannot be written as JSON, and no body holds one that is not checked.
            self.init(status: .internalServerError)
        }
    }

    /// A response with a body that is JSON already.
    package init(
        status: HTTPResponse.Status, bytes: [UInt8], contentType: String = "application/json", headers: HTTPFields
    ) {
        var headers = headers
        headers[.contentType] = contentType
        if headers[.cacheControl] == nil { headers[.cacheControl] = "no-store" }
        headers[.xContentTypeOptions] = "nosniff"
        self.init(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
