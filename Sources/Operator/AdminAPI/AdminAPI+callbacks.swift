import Contracts
import Foundation
import NIOCore
import NIOHTTP1
import Terminal

extension AdminAPI {
    /// Has CallbackService send a sample to a provider. Waits as long as the provider may take.
    func testCallback(_ provider: ProviderName) async throws(CommandError) -> CallbackExchange {
        let path = "providers/\(provider.pathSegment)/test"
        // A minute for the attempt, and the time to resolve a name.
        guard let answer = try await sendIfThere(.POST, path, timeout: .seconds(90)) else {
            throw CommandError(
                "\(base) knows no provider \(provider.name): "
                    + "is it CallbackService's admin listener, and in its callbacks file?"
            )
        }
        return try Self.decode(answer)
    }

    /// Has CallbackService pause a provider's callbacks, or resume them.
    func setCallbacks(
        paused: Bool, of provider: ProviderName, by: String, why: String?
    ) async throws(CommandError) -> PausedCallbacks {
        struct Order: Encodable {
            var by: String
            var why: String?
        }
        return try await order(paused ? "pause" : "resume", provider, Order(by: by, why: why))
    }

    /// Has CallbackService sign a provider's callbacks with a new secret.
    /// - Parameters:
    ///   - secret: one that another process has made; `nil` for this one to make it.
    ///   - overlap: how long what signs today signs too.
    func rotateSecret(
        of provider: ProviderName, to secret: String?, overlap: Duration, by: String
    ) async throws(CommandError) -> RotatedSecret {
        struct Order: Encodable {
            var by: String
            var overlapSeconds: Int
            var secret: String?
        }
        return try await order(
            "secret", provider, Order(by: by, overlapSeconds: Int(clamping: overlap / .seconds(1)), secret: secret))
    }

    private func order<Answer: Decodable>(
        _ name: String, _ provider: ProviderName, _ order: some Encodable
    ) async throws(CommandError) -> Answer {
        let body: Data
        do { body = try JSONEncoder().encode(order) } catch {
            // Texts and numbers are always JSON.
            throw CommandError("the order cannot be written as JSON")
        }
        guard let answer = try await sendIfThere(.POST, "providers/\(provider.pathSegment)/\(name)", body: body) else {
            throw CommandError(
                "\(base) knows no provider \(provider.name): "
                    + "is it CallbackService's admin listener, and in its callbacks file?")
        }
        return try Self.decode(answer)
    }

    /// The attempts to tell a request's partner, oldest first.
    func callbackAttempts(_ request: UUID) async throws(CommandError) -> CallbackAttempts {
        guard let answer = try await sendIfThere(.GET, "requests/\(request.canonical)/attempts") else {
            throw Self.noRequest(request)
        }
        return try Self.decode(answer)
    }

    /// Has a request's partner told again what it was last told.
    func resendCallback(_ request: UUID) async throws(CommandError) -> ResentCallback {
        guard let answer = try await sendIfThere(.POST, "requests/\(request.canonical)/resend") else {
            throw Self.noRequest(request)
        }
        return try Self.decode(answer)
    }

    private static func noRequest(_ id: UUID) -> CommandError {
        CommandError("no request has the id \(id.canonical)")
    }
}

/// What the admin API knows of the callbacks about a request.
struct CallbackAttempts: Sendable, Equatable, Codable {
    var request: AdminID
    var provider: String
    /// How far the newest notification is; absent before there is something to tell.
    var notification: Notification?
    var attempts: [Attempt]
    /// Present while the provider's endpoint is taken to be away.
    var endpoint: Endpoint?

    struct Notification: Sendable, Equatable, Codable {
        var status: String
        var summary: String?
        var attempt: Int?
        /// How many attempts are made at most.
        var of: Int?
        var since: Date?
        var nextAttemptAt: Date?
    }

    struct Attempt: Sendable, Equatable, Codable {
        var at: Date
        /// 1 for the decision, more for what followed it.
        var sequence: Int
        var attempt: Int
        var durationMs: Int?
        var addressFamily: String?
        var httpStatus: Int?
        var error: Trouble?
        /// The beginning of the partner's answer.
        var excerpt: String?
        var delivered: Bool
    }

    struct Trouble: Sendable, Equatable, Codable {
        var code: String
        var message: String?
    }

    struct Endpoint: Sendable, Equatable, Codable {
        var degradedSince: Date?
        var error: Trouble?
    }
}

/// Whether a provider's callbacks go out.
struct PausedCallbacks: Sendable, Equatable, Codable {
    struct Pause: Sendable, Equatable, Codable {
        var since: Date
        var by: String
        var why: String?
    }

    var provider: String
    var paused: Pause?

    var text: String {
        guard let paused else { return "the callbacks to \(provider) go out" }
        let why = paused.why.map { ": \($0)" } ?? ""
        return PrintableText.of(
            "the callbacks to \(provider) are paused since \(Timestamp.string(paused.since)), by \(paused.by)\(why)")
    }
}

/// A provider's new signing secret, and what signs beside it.
struct RotatedSecret: Sendable, Equatable, Codable {
    struct Ending: Sendable, Equatable, Codable {
        var id: String
        var until: Date
    }

    var provider: String
    var secret: String
    var signingSecretIds: [String]
    var endingSecrets: [Ending]

    var text: String {
        let first = PrintableText.of("callbacks to \(provider) are signed with \(signingSecretIds.first ?? "it"): ")
        let ends = endingSecrets.map {
            PrintableText.of("\($0.id) signs too until \(Timestamp.string($0.until))")
        }
        return ([first + PrintableText.of(secret)] + ends).joined(separator: "\n")
    }
}

/// A sample callback, what came of it, and what Intake makes of that.
struct CallbackExchange: Sendable, Equatable, Codable {
    var provider: String
    var request: Request
    /// Every address that the host's name has.
    var addresses: [Address]
    /// The one that was asked; absent when none was, or a proxy.
    var address: String?
    var proxy: String?
    /// Absent without TLS.
    var tls: TLS?
    /// Absent when no answer came.
    var response: Response?
    var receipt: Receipt
    var durationMs: Int

    struct Request: Sendable, Equatable, Codable {
        var method: String
        var url: String
        var headers: [Header]
        var body: String?
    }

    struct Header: Sendable, Equatable, Codable {
        var name: String
        var value: String
    }

    struct Address: Sendable, Equatable, Codable {
        var address: String
        var family: String
        /// `allowed` or `refused`.
        var verdict: String
        var reason: String?
    }

    struct TLS: Sendable, Equatable, Codable {
        var version: String?
        var trust: String?
    }

    struct Response: Sendable, Equatable, Codable {
        var status: Int
        var headers: [Header]
        var body: String?
        var bodyCut: Bool?
    }

    struct Receipt: Sendable, Equatable, Codable {
        var isReceipt: Bool
        var code: String?
        var reason: String?
        /// What would become of a real one: `delivered`, `retry` or `dead`.
        var outcome: String?
    }
}

/// The event that tells a partner again.
struct ResentCallback: Sendable, Equatable, Codable {
    var eventId: AdminID
    var eventType: String?
    /// Which notification of the request it is.
    var sequence: Int?
}
