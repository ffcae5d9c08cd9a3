/// Sends a partner, or whoever is told of trouble, a signed sample, and tells everything that came of it.
package enum TestCallback: AdminEndpoint {
    package static let route = AdminRoute(.post, "providers/{provider}/test", of: .callback)
    package typealias Subject = String
    package typealias Answer = CallbackExchange
    /// A minute for the attempt, and the time to resolve a name.
    package static let patience = Duration.seconds(90)
}

/// A sample callback, what came of it, and what Intake makes of that. Secrets that the partner's entry holds are left
/// out wherever they are.
package struct CallbackExchange: Sendable, Equatable, Codable {
    package var provider: String
    package var request: Request
    /// Every address that the host's name has.
    package var addresses: [Address]
    /// The one that was asked; absent when there was no connection, and behind a proxy.
    package var address: String?
    package var proxy: String?
    /// Absent without TLS.
    package var tls: TLS?
    /// Absent when no answer came.
    package var response: Response?
    package var receipt: Receipt
    package var durationMs: Int

    package init(
        provider: String, request: Request, addresses: [Address], address: String? = nil, proxy: String? = nil,
        tls: TLS? = nil, response: Response? = nil, receipt: Receipt, durationMs: Int
    ) {
        (self.provider, self.request, self.addresses) = (provider, request, addresses)
        (self.address, self.proxy, self.tls) = (address, proxy, tls)
        (self.response, self.receipt, self.durationMs) = (response, receipt, durationMs)
    }

    package struct Request: Sendable, Equatable, Codable {
        package var method: String
        package var url: String
        package var headers: [Header]
        package var body: String?

        package init(method: String, url: String, headers: [Header], body: String?) {
            (self.method, self.url, self.headers, self.body) = (method, url, headers, body)
        }
    }

    package struct Header: Sendable, Equatable, Codable {
        package var name: String
        package var value: String

        package init(name: String, value: String) { (self.name, self.value) = (name, value) }
    }

    package struct Address: Sendable, Equatable, Codable {
        package var address: String
        package var family: String
        /// `allowed` or `refused`.
        package var verdict: String
        package var reason: String?

        package init(address: String, family: String, verdict: String, reason: String? = nil) {
            (self.address, self.family, self.verdict, self.reason) = (address, family, verdict, reason)
        }
    }

    package struct TLS: Sendable, Equatable, Codable {
        /// Absent when no handshake came about.
        package var version: String?
        /// `system` or `ca_file`.
        package var trust: String?

        package init(version: String?, trust: String?) { (self.version, self.trust) = (version, trust) }
    }

    package struct Response: Sendable, Equatable, Codable {
        package var status: Int
        package var headers: [Header]
        package var body: String?
        /// Whether there was more than is shown.
        package var bodyCut: Bool?

        package init(status: Int, headers: [Header], body: String?, bodyCut: Bool?) {
            (self.status, self.headers, self.body, self.bodyCut) = (status, headers, body, bodyCut)
        }
    }

    package struct Receipt: Sendable, Equatable, Codable {
        package var isReceipt: Bool
        package var code: String?
        package var reason: String?
        /// What would become of a real one: `delivered`, `retry` or `dead`.
        package var outcome: String?

        package init(isReceipt: Bool, code: String? = nil, reason: String? = nil, outcome: String) {
            (self.isReceipt, self.code, self.reason, self.outcome) = (isReceipt, code, reason, outcome)
        }
    }
}
