import AsyncHTTPClient
import Contracts
import Foundation
import NIOCore
import NIOHTTP1
import ServiceRuntime

extension Partner {
    /// Names that the file may not give headers: what HTTP needs for the connection and the framing, and what says
    /// something else already.
    static let reservedHeaders: Set<String> = [
        "host", "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection", "te",
        "trailer", "transfer-encoding", "upgrade", "content-length", "expect", "content-type", "content-encoding",
        "accept-encoding", "user-agent", "authorization", "idempotency-key",
        "traceparent", "tracestate",
    ]
    /// What the names of Intake's own headers begin with.
    static let reservedHeaderPrefixes = ["webhook-", "intake-"]

    /// The request that tells the partner.
    /// - Parameter now: what a signature is dated by.
    func request(_ callback: Callback, at now: Date) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: callback.url)
        request.method = .POST
        var fields: [(String, String)] = [
            ("content-type", "application/json"),
            ("user-agent", Self.userAgent),
            // The receipt rule reads the answer's text, and what is short needs no compression.
            ("accept-encoding", "identity"),
            ("idempotency-key", callback.idempotencyKey),
        ]
        if let authorization { fields.append(("authorization", authorization.revealed)) }
        for header in headers { fields.append((header.name, header.value.revealed)) }
        if !signingSecrets.isEmpty {
            let timestamp = Int(clamping: now.timeIntervalSince1970.rounded(.down))
            let signatures = signingSecrets.map {
                $0.signature(
                    id: callback.idempotencyKey, timestamp: timestamp, body: callback.body.readableBytesView)
            }
            fields.append(("webhook-id", callback.idempotencyKey))
            fields.append(("webhook-timestamp", String(timestamp)))
            fields.append(("webhook-signature", signatures.joined(separator: " ")))
        }
        if let place = callback.place { fields.append((EventMessage.Header.traceParent, place.header)) }
        if callback.isTest { fields.append(("intake-test", "true")) }
        request.headers = HTTPHeaders(fields)
        request.body = .bytes(callback.body)
        return request
    }

    private static let userAgent = "Intake/\(ProcessIdentity.version)"
}
