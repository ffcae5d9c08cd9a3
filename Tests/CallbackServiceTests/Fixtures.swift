import Contracts
import Foundation
import Logging
import NIOCore
import ServiceRuntime
import TestSupport

@testable import CallbackService

extension Partner {
    /// A partner of which a test says only what matters to it: on the loopback, without TLS.
    static func fixture(
        _ template: String = "http://127.0.0.1:1/{providerRequestId}", id: String = "portal",
        authorization: String? = nil,
        headers: [Header] = [], signingSecrets: [SigningSecret] = [], timeout: Duration = .seconds(10),
        receipt: ReceiptRule = ReceiptRule(), permanent: Set<Int> = [], body: CallbackBody = CallbackBody(),
        allowances: Set<Allowance> = [.http, .privateNetworks], certificateAuthorities: String? = nil,
        proxy: Endpoint.Proxy? = nil
    ) throws -> Partner {
        Partner(
            id: id, url: try URLTemplate(template), authorization: authorization.map(Secret.init),
            headers: headers, signingSecrets: signingSecrets, timeout: timeout, receipt: receipt, permanent: permanent,
            body: body,
            allowances: allowances, certificateAuthorities: certificateAuthorities.map { Array($0.utf8) },
            proxy: proxy)
    }
}

extension Callback {
    static func fixture(_ url: String) -> Callback {
        Callback(
            url: url, body: ByteBuffer(string: #"{"acceptance":true,"status":"new"}"#), idempotencyKey: "key")
    }
}

extension Event<RequestDecided> {
    static func fixture(
        provider: String = "portal", providerRequestID: String = "r-1", acceptance: Bool = true
    ) -> Event<RequestDecided> {
        Event(
            id: UUID(uuid: (0xE7, 2, 3, 4, 5, 6, 0x57, 8, 0x89, 10, 11, 12, 13, 14, 15, 16)),
            source: "/intake/decision",
            time: Date(timeIntervalSince1970: 1_800_000_000),
            requestID: RequestID(UUID(uuid: (1, 2, 3, 4, 5, 6, 0x77, 8, 0x89, 10, 11, 12, 13, 14, 15, 16))),
            data: RequestDecided(
                RequestReference(
                    provider: provider, providerRequestID: providerRequestID, organization: "relief",
                    acceptedAt: Date(timeIntervalSince1970: 1_799_999_999.75)),
                Decision(
                    acceptance: acceptance, reason: acceptance ? .stateCovered : .notCovered,
                    rule: acceptance ? "state:TX" : nil, coverageVersion: "v1", precision: .zip)))
    }
}

extension Event<RequestStatusChanged> {
    static func change(
        status: RequestStatus = .assigned, sequence: Int = 2
    ) -> Event<RequestStatusChanged> {
        let decided = Event<RequestDecided>.fixture()
        return Event<RequestStatusChanged>(
            id: UUID(uuid: (0xE8, 2, 3, 4, 5, 6, 0x57, 8, 0x89, 10, 11, 12, 13, 14, 15, UInt8(sequence))),
            source: "/intake/ingest", time: decided.time, requestID: decided.requestID,
            data: RequestStatusChanged(
                decided.data.request,
                Decision(acceptance: true, reason: .stateCovered, rule: "state:TX", coverageVersion: "v1"),
                status: status, sequence: sequence, changedAt: decided.time))
    }
}

extension StageContext {
    static func fixture(attempt: Int = 1, span: RecordedSpan? = nil) -> StageContext {
        StageContext(
            attempt: attempt, maxAttempts: 11, now: Date(timeIntervalSince1970: 1_800_000_000),
            logger: Logger.silent, span: span)
    }
}

/// Runs a client as the process does, and shuts it down.
func withClient(
    now: Date = Date(timeIntervalSince1970: 1_800_000_000), lookup: HostLookup = .ofSystem,
    clock: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
    requests: PartnerRequestMetrics = PartnerRequestMetrics(),
    _ body: @escaping @Sendable (PartnerClient) async throws -> Void
) async throws {
    let client = PartnerClient(
        connectionsPerPartner: 16, lookup: lookup, clock: clock, requests: requests, now: { now })
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await client.run() }
        do {
            try await body(client)
        } catch {
            group.cancelAll()
            try await group.waitForAll()
            throw error
        }
        group.cancelAll()
        try await group.waitForAll()
    }
}

/// Runs the callback stage's handler with one partner and a state of its own.
func withHandler(
    _ partner: Partner, now: Date = Date(timeIntervalSince1970: 1_800_000_000),
    _ body: @escaping @Sendable (CallbackHandler) async throws -> Void
) async throws {
    let newest = try CallbackState(path: TestDirectory.make("callback") + "/callback.sqlite")
    try await withClient(now: now) { client in
        try await body(
            CallbackHandler(
                partners: { Partners(byID: [partner.id: partner]) }, client: client, newest: newest, now: { now }))
    }
}

extension TestServer {
    /// `http://127.0.0.1:<port>/callbacks/{providerRequestId}`
    var template: String { "\(url)/callbacks/{providerRequestId}" }
}
