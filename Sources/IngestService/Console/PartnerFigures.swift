import Contracts
import HTTPListener
import Synchronization

import struct Foundation.Date

/// What of each partner's submissions was refused, and for what, since the process began. Bounded, whatever partners
/// send: their own words are not among the keys.
final class RefusalTally: Sendable {
    struct Entry: Sendable, Equatable {
        /// The field and what was wrong with it, or the problem's code: `zip format`, `rate-limited`.
        var what: String
        var count: Int
        var lastAt: Date
    }

    private static let mostPartners = 500
    private static let mostEntries = 64

    private let entries = Mutex<[String: [String: Entry]]>([:])

    func count(_ problem: Problem, of provider: String, at now: Date) {
        let errors = (problem.extensions as? Problem.Extensions)?.errors ?? []
        let kinds = errors.isEmpty ? [problem.code] : Set(errors.map(Self.kind)).sorted()
        entries.withLock { all in
            guard all[provider] != nil || all.count < Self.mostPartners else { return }
            var own = all[provider] ?? [:]
            for kind in kinds where own[kind] != nil || own.count < Self.mostEntries {
                own[kind, default: Entry(what: kind, count: 0, lastAt: now)].count += 1
                own[kind]?.lastAt = now
            }
            all[provider] = own
        }
    }

    /// Those of a provider, the most frequent first.
    func entries(of provider: String) -> [Entry] {
        entries.withLock { $0[provider]?.values.sorted { ($1.count, $0.what) < ($0.count, $1.what) } ?? [] }
    }

    /// A field under our name of it, whatever the client calls it.
    private static func kind(_ error: FieldError) -> String {
        let name = error.pointer.dropFirst().lowercased()
        let field =
            name == "postalcode"
            ? "zip" : SubmissionBody.Field.allCases.first { $0.rawValue.lowercased() == name }?.rawValue
        return "\(field ?? (name.isEmpty ? "body" : "other")) \(error.code.rawValue)"
    }
}

/// How a partner's callbacks fare, as far as it has not taken them.
struct CallbackTrouble: Sendable, Equatable {
    /// Requests whose callback failed and is tried again.
    var retrying = 0
    /// Requests whose callback was given up.
    var dead = 0
    var lastError: StageError?
    var lastAt: Date?
}

extension RequestStore {
    /// How many rows of trouble are looked at, the newest: more than that, and the counts are "at least".
    static let mostTrouble = 20_000

    /// The trouble with callbacks that were not taken since, by provider, and the endpoints that are left alone.
    func callbackTrouble() async throws(StoreError) -> (
        trouble: [String: CallbackTrouble], endpoints: [String: DegradedEndpoint]
    ) {
        try await read { transaction in
            var trouble: [String: CallbackTrouble] = [:]
            var seen = 0
            try transaction.forEachRow(
                """
                SELECT provider, retry_at, retry_code, retry_message, dead_at, dead_code, dead_message,
                    dead_replays, resolution, resolved_replays, resolved_death_at
                FROM stage_trouble JOIN request ON request.id = stage_trouble.request_id
                WHERE stage = '\(Stage.callback.rawValue)' AND told_at IS NULL LIMIT \(Self.mostTrouble)
                """, []
            ) { row in
                seen += 1
                var own = trouble[try row["provider"]] ?? CallbackTrouble()
                let (retryAt, deadAt): (Date?, Date?) = (try row["retry_at"], try row["dead_at"])
                let (resolution, resolvedAt): (String?, Date?) = (try row["resolution"], try row["resolved_death_at"])
                let (resolved, replays): (Int?, Int) = (try row["resolved_replays"], try row["dead_replays"])
                // As `DeadLetterResolution.covers` has it.
                let isCovered =
                    resolution != nil
                    && (resolved.map { $0 >= replays } ?? ((resolvedAt ?? .distantPast) >= (deadAt ?? .distantPast)))
                if deadAt == nil || (isCovered && resolution == DeadLetterResolution.Kind.replayed.rawValue) {
                    own.retrying += 1
                } else if !isCovered {
                    own.dead += 1
                }
                let at = [retryAt, deadAt].compactMap(\.self).max()
                if let at, at >= own.lastAt ?? .distantPast {
                    let (code, message): (String?, String?) =
                        deadAt == at
                        ? (try row["dead_code"], try row["dead_message"])
                        : (try row["retry_code"], try row["retry_message"])
                    own.lastAt = at
                    own.lastError = code.map { StageError(code: $0, message: message ?? "") }
                }
                trouble[try row["provider"]] = own
                return true
            }
            return (trouble, try transaction.degradedEndpoints())
        }
    }
}
