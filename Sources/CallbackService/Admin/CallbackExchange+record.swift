import AdminAPI
import AsyncHTTPClient
import Contracts
import Foundation
import NIOCore
import NIOHTTP1

extension CallbackExchange {
    /// All of one attempt.
    init(
        _ partner: Partner, _ callback: Callback, _ record: ExchangeRecorder.Record,
        _ result: Result<PartnerReceipt, DeliveryFailure>, took duration: Duration
    ) {
        let excerpt = Excerpt(partner)
        let reached = record.client
        let trust = partner.endpoint.certificateAuthorities == nil ? "system" : "ca_file"
        self.init(
            provider: partner.id,
            request: Request(
                method: "POST", url: excerpt.redactSecrets(callback.url),
                headers: record.request?.headers.map { name, value in
                    Header(name: name, value: Self.secretHeaders(partner).contains(name) ? Excerpt.mark : value)
                } ?? [],
                body: String(buffer: callback.body)),
            addresses: record.verdicts.map { verdict in
                Address(
                    address: "\(verdict.address)", family: verdict.address.family.rawValue,
                    verdict: verdict.refusal == nil ? "allowed" : "refused", reason: verdict.refusal)
            },
            address: reached?.address.map { "\($0)" }, proxy: partner.endpoint.proxy?.description,
            tls: partner.endpoint.isSecure ? TLS(version: reached?.tlsVersion, trust: trust) : nil,
            response: record.status.map { status in
                Response(
                    status: status,
                    headers: record.headers.map { Header(name: $0.name, value: excerpt.redact($0.value)) },
                    body: excerpt.of(record.answer) ?? "",
                    bodyCut: record.answer.isCut || record.answer.bytes.count > Excerpt.longest)
            }, receipt: Receipt(result), durationMs: duration.wholeMilliseconds)
    }

    private static func secretHeaders(_ partner: Partner) -> Set<String> {
        Set(partner.headers.map(\.name) + ["authorization", "webhook-signature"])
    }
}

extension CallbackExchange.Receipt {
    fileprivate init(_ result: Result<PartnerReceipt, DeliveryFailure>) {
        switch result {
        case .success: self.init(isReceipt: true, outcome: "delivered")
        case .failure(let failure):
            let reason = failure.message + (failure.detail.map { " (\($0))" } ?? "")
            self.init(
                isReceipt: false, code: failure.code.rawValue, reason: reason,
                outcome: failure.verdict == .final ? "dead" : "retry")
        }
    }
}
