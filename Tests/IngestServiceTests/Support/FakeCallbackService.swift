import AdminAPI
import AdminCalls
import Contracts
import Foundation
import NIOHTTP1
import Synchronization

@testable import IngestService

/// CallbackService's admin API, as far as the pages ask it.
final class FakeCallbackService: Sendable {
    struct State: Sendable {
        var isAway = false
        /// Who is paused, by whom and why.
        var paused: [String: (by: String, why: String?)] = [:]
        /// Whose endpoint is left alone.
        var degraded: Set<String> = []
        var secrets = ["0a1b2c3d"]
        /// What is answered to who wants another secret.
        var rotation = 200
        var orders: [String] = []
        var providers = ["portal", "other"]
        /// What a test comes to: a receipt, or an answer that is none, with this text wherever a partner may put one.
        var answer: String?
        var asked: [String] = []
    }

    private let state = Mutex(State())

    var now: State {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }

    func change(_ body: (inout sending State) -> Void) { state.withLock { body(&$0) } }

    var peers: CallbackPeers { CallbackPeers([client]) }

    var client: AdminClient {
        AdminClient(base: "http://callback/") { [self] method, url, body, _ in
            let path = url.dropFirst("http://callback".count)
            change { $0.asked.append("\(method.rawValue) \(path)") }
            if now.isAway { throw CancellationError() }
            return try answer(String(path), body)
        }
    }

    private func answer(_ path: String, _ body: [UInt8]?) throws -> (status: Int, body: [UInt8]) {
        let parts = path.split(separator: "/").map(String.init)
        func json(_ value: some Encodable) throws -> (status: Int, body: [UInt8]) { (200, try WireJSON.bytes(value)) }
        guard parts.count == 4 else {
            return try json(ListProviders.Answer(providers: now.providers.map(entry), recipients: []))
        }
        let (provider, order) = (parts[2], parts[3])
        guard now.providers.contains(provider) else { return (404, []) }
        switch order {
        case "pause":
            let said = try WireJSON.value(PauseOrder.self, from: body ?? [])
            change { $0.paused[provider] = (by: said.by, why: said.why) }
            return try json(entry(provider))
        case "resume":
            change { $0.paused[provider] = nil }
            return try json(entry(provider))
        case "secret":
            change {
                $0.orders.append(String(decoding: body ?? [], as: UTF8.self))
                if $0.rotation == 200 { $0.secrets.insert("99999999", at: 0) }
            }
            guard now.rotation == 200 else { return (now.rotation, Array("{}".utf8)) }
            return try json(
                RotatedSecret(
                    provider: provider, secret: "whsec_bmV3", signingSecretIds: now.secrets, endingSecrets: []))
        default: return try json(exchange(provider, now.answer))
        }
    }

    private func entry(_ provider: String) -> ProviderEntry {
        ProviderEntry(
            provider: provider, origin: "https://\(provider).example", timeoutMs: 10_000, allow: [],
            signingSecretIds: now.secrets,
            endingSecrets: now.secrets.dropFirst().map {
                .init(id: $0, until: Date(timeIntervalSince1970: 1_796_119_200))
            },
            authorization: false, headers: [], detail: "minimal", receipt: "status 2xx",
            circuit: now.degraded.contains(provider) ? "open" : "closed",
            paused: now.paused[provider].map {
                .init(since: Date(timeIntervalSince1970: 1_790_000_000), by: $0.by, why: $0.why)
            })
    }

    private func exchange(_ provider: String, _ text: String?) -> CallbackExchange {
        let shown = text ?? "fine"
        return CallbackExchange(
            provider: provider,
            request: .init(
                method: "POST", url: "https://portal.example/\(shown)",
                headers: [.init(name: "webhook-id", value: shown)],
                body: "{\"a\": \"\(shown)\"}"),
            addresses: [.init(address: shown, family: "IPv4", verdict: "refused", reason: shown)],
            response: .init(
                status: 200, headers: [.init(name: shown, value: shown)], body: "\(shown)\n\(shown)", bodyCut: true),
            receipt: text == nil
                ? .init(isReceipt: true, outcome: "delivered")
                : .init(isReceipt: false, code: shown, reason: shown, outcome: "retry"),
            durationMs: 12)
    }
}
