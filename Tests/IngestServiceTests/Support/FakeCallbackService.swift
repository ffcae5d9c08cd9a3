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
        func json(_ value: Any) throws -> (status: Int, body: [UInt8]) {
            (200, Array(try JSONSerialization.data(withJSONObject: value)))
        }
        guard parts.count == 4 else { return try json(["providers": now.providers.map(entry)]) }
        let (provider, order) = (parts[2], parts[3])
        guard now.providers.contains(provider) else { return (404, []) }
        switch order {
        case "pause":
            let said = try JSONSerialization.jsonObject(with: Data(body ?? [])) as? [String: String] ?? [:]
            change { $0.paused[provider] = (by: said["by"] ?? "", why: said["why"]) }
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
            return try json([
                "provider": provider, "secret": "whsec_bmV3", "signingSecretIds": now.secrets, "endingSecrets": [],
            ])
        default: return try json(exchange(now.answer))
        }
    }

    private func entry(_ provider: String) -> [String: Any] {
        var entry: [String: Any] = [
            "provider": provider, "origin": "https://\(provider).example", "signingSecretIds": now.secrets,
        ]
        if now.secrets.count > 1 {
            entry["endingSecrets"] = now.secrets.dropFirst().map { ["id": $0, "until": "2026-12-01T10:00:00.000Z"] }
        }
        if let pause = now.paused[provider] {
            var shown = ["since": "2026-09-21T14:13:20.000Z", "by": pause.by]
            shown["why"] = pause.why
            entry["paused"] = shown
        }
        return entry
    }

    private func exchange(_ text: String?) -> [String: Any] {
        let shown = text ?? "fine"
        return [
            "request": [
                "method": "POST", "url": "https://portal.example/\(shown)",
                "headers": [["name": "webhook-id", "value": shown]], "body": "{\"a\": \"\(shown)\"}",
            ],
            "addresses": [["address": shown, "verdict": "refused", "reason": shown]],
            "response": [
                "status": 200, "headers": [["name": shown, "value": shown]], "body": "\(shown)\n\(shown)",
                "bodyCut": true,
            ],
            "receipt": text == nil
                ? ["isReceipt": true, "outcome": "delivered"]
                : ["isReceipt": false, "code": shown, "reason": shown, "outcome": "retry"],
            "durationMs": 12,
        ]
    }
}
