import Crypto
import HTTPListener
import HTTPTypes
import Hummingbird
import NIOCore

/// `GET /openapi.yaml`: what this API is, for programs. The document beside this file is part of the executable.
struct OpenAPIController: Sendable {
    private let document = ByteBuffer(bytes: PackageResources.openapi_yaml)
    /// Strong (RFC 9110, section 8.8.3): it names the bytes.
    private let tag: String = {
        let digest = SHA256.hash(data: PackageResources.openapi_yaml)
        return "\"" + digest.prefix(12).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined() + "\""
    }()

    @Sendable func get(_ request: Request, context: some RequestContext) -> Response {
        let headers: HTTPFields = [.eTag: tag, .cacheControl: "no-store"]
        guard !matches(request.headers[.ifNoneMatch]) else { return Response(status: .notModified, headers: headers) }
        var described = headers
        described[.contentType] = "application/yaml"
        return Response(status: .ok, headers: described, body: ResponseBody(byteBuffer: document))
    }

    /// Compares as RFC 9110, section 13.1.2, wants it for this header: weak tags count too.
    private func matches(_ field: String?) -> Bool {
        guard let field, field.isShortASCII else { return false }
        return field.split(separator: ",").contains { candidate in
            let candidate = candidate.trimmingBlanks()
            return candidate == "*" || candidate == tag || candidate == "W/\(tag)"
        }
    }
}
