import AsyncHTTPClient
import Contracts
import HTTPExchange
import NIOCore
import NIOHTTP1

/// Asks a provider: no redirects, an answer of bounded length within a bounded time, see `HTTPClient.guarded`.
struct ProviderExchange: Sendable {
    /// For one exchange, from the look-up of its name to the last byte.
    var timeout: TimeAmount = .seconds(5)

    /// Lives as long as the process.
    private static let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: .guarded())

    /// - Parameter token: an access token (RFC 6750, section 2.1).
    /// - Throws: `OpenIDFailure`, also for any status but 200.
    func get(_ address: String, token: String? = nil, upTo limit: Int) async throws(OpenIDFailure) -> [UInt8] {
        var request = HTTPClientRequest(url: address)
        if let token { request.headers.add(name: "authorization", value: "Bearer \(token)") }
        let (status, bytes) = try await send(request, upTo: limit)
        guard status == 200 else { throw .status(status) }
        return bytes
    }

    /// Sends a form.
    /// - Parameter basic: user and password (RFC 6749, section 2.3.1: each encoded as in a form first).
    func post(
        _ address: String, _ fields: [(String, String)], basic: (String, String)?, upTo limit: Int
    ) async throws(OpenIDFailure) -> (status: Int, bytes: [UInt8]) {
        var request = HTTPClientRequest(url: address)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/x-www-form-urlencoded")
        if let basic {
            request.setBasicAuth(
                username: ProviderAddress.encoded(basic.0), password: ProviderAddress.encoded(basic.1))
        }
        request.body = .bytes(ByteBuffer(string: ProviderAddress.form(fields)))
        return try await send(request, upTo: limit)
    }

    private func send(
        _ request: HTTPClientRequest, upTo limit: Int
    ) async throws(OpenIDFailure) -> (status: Int, bytes: [UInt8]) {
        var request = request
        request.headers.add(name: "accept", value: "application/json")
        let answer: (status: Int, bytes: [UInt8], isCut: Bool)
        do {
            let deadline = NIODeadline.now() + timeout
            let response = try await Self.client.execute(request, deadline: deadline)
            let body = try await response.body(upTo: limit, until: deadline)
            answer = (Int(response.status.code), body.bytes, body.isCut)
        } catch { throw .unreachable(NetworkFailure(error)) }
        guard !answer.isCut else { throw .answer(.tooLong) }
        return (answer.status, answer.bytes)
    }
}
