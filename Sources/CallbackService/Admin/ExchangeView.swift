import AsyncHTTPClient
import Contracts
import Foundation
import NIOCore
import NIOHTTP1

/// All of one attempt, as an operator sees it: secrets that the partner's entry holds are left out wherever they are.
struct ExchangeView: Encodable {
    struct Header: Encodable {
        var name: String
        var value: String
    }

    struct Request: Encodable {
        var method: String
        var url: String
        var headers: [Header]
        var body: String
    }

    struct Address: Encodable {
        var address: String
        var family: String
        /// `allowed` or `refused`.
        var verdict: String
        var reason: String?
    }

    struct TLS: Encodable {
        /// Absent when no handshake came about.
        var version: String?
        /// `system` or `ca_file`.
        var trust: String
    }

    struct Response: Encodable {
        var status: Int
        var headers: [Header]
        var body: String
        /// Whether there was more than is shown.
        var bodyCut: Bool
    }

    struct Receipt: Encodable {
        var isReceipt: Bool
        var code: String?
        var reason: String?
        /// What a callback would come to: `delivered`, `retry` or `dead`.
        var outcome: String
    }

    var provider: String
    var request: Request
    var addresses: [Address]
    /// Absent when there was no connection, and behind a proxy.
    var address: String?
    var proxy: String?
    var tls: TLS?
    var response: Response?
    var receipt: Receipt
    var durationMs: Int

    init(
        _ partner: Partner, _ callback: Callback, _ record: ExchangeRecorder.Record,
        _ result: Result<PartnerReceipt, DeliveryFailure>, took duration: Duration
    ) {
        let excerpt = Excerpt(partner)
        provider = partner.id
        request = Request(
            method: "POST", url: excerpt.redactSecrets(callback.url),
            headers: record.request?.headers.map { name, value in
                Header(name: name, value: Self.secretHeaders(partner).contains(name) ? Excerpt.mark : value)
            } ?? [],
            body: String(buffer: callback.body))
        addresses = record.verdicts.map { verdict in
            Address(
                address: "\(verdict.address)", family: verdict.address.family.rawValue,
                verdict: verdict.refusal == nil ? "allowed" : "refused", reason: verdict.refusal)
        }
        address = record.client?.address.map { "\($0)" }
        proxy = partner.endpoint.proxy?.description
        if partner.endpoint.isSecure {
            tls = TLS(
                version: record.client?.tlsVersion,
                trust: partner.endpoint.certificateAuthorities == nil ? "system" : "ca_file")
        }
        response = record.status.map { status in
            let body = excerpt.of(record.answer) ?? ""
            return Response(
                status: status,
                headers: record.headers.map { Header(name: $0.name, value: excerpt.redact($0.value)) }, body: body,
                bodyCut: record.answer.isCut || record.answer.bytes.count > Excerpt.longest)
        }
        switch result {
        case .success: receipt = Receipt(isReceipt: true, outcome: "delivered")
        case .failure(let failure):
            let reason = failure.message + (failure.detail.map { " (\($0))" } ?? "")
            receipt = Receipt(
                isReceipt: false, code: failure.code.rawValue, reason: reason,
                outcome: failure.verdict == .final ? "dead" : "retry")
        }
        durationMs = duration.wholeMilliseconds
    }

    private static func secretHeaders(_ partner: Partner) -> Set<String> {
        Set(partner.headers.map(\.name) + ["authorization", "webhook-signature"])
    }
}
