import Contracts
import Foundation
import Logging
import PostgreSQL
import ServiceLifecycle
import ServiceRuntime

/// What the service keeps: whose callbacks are paused, which signing secrets took the place of the file's, and which of
/// the things that a partner is told about a request is the newest that was taken in hand: what is older is out of
/// date, and is told no more.
///
/// Beside it: who was told that which partner's endpoint is degraded, and is to be told of the end of it.
///
/// Only requests with more than the answer to tell have a row. It is kept for longer than any message waits in the
/// retry queues. A file is shared by the processes on one host; PostgreSQL by those on any number of hosts.
struct CallbackState: Sendable {
    /// How long a row is kept: twice as long as all of the schedule's waits together take.
    static let lifetime = Duration.seconds(7 * 24 * 3600)

    /// How old what is known may be when it is acted upon: what came back late, from a slow database or into a process
    /// that was stopped meanwhile, says little of now.
    static let freshness = Duration.milliseconds(100)
    /// How often one asks again for what has come back late.
    private static let mostLooks = 20

    private let database: any CallbackStateDatabase
    private let freshness: Duration
    private let now: @Sendable () -> Date

    /// Opens the file, or makes it, readable by its owner alone. Blocks: for start-up.
    /// - Throws: `Failure` when the file cannot be opened or written, or is no database.
    init(
        path: String, freshness: Duration = Self.freshness, now: @escaping @Sendable () -> Date = { Date() }
    ) throws(Failure) {
        self.freshness = freshness
        self.now = now
        database = try SQLiteCallbackState(path: path, forgetting: Self.limit(now()))
    }

    /// Connects, and makes the tables or brings them up to date. Blocks: for start-up.
    /// - Throws: `Failure` when the server cannot be reached or written, or its tables are newer than this program.
    init(
        _ address: PostgresAddress, limits: PostgresLimits = PostgresLimits(),
        now: @escaping @Sendable () -> Date = { Date() }
    ) throws(Failure) {
        freshness = Self.freshness
        self.now = now
        database = try PostgresCallbackState(address, limits, forgetting: Self.limit(now()))
    }

    /// What is older is forgotten.
    private static func limit(_ now: Date) -> Date { now.shifted(by: .zero - lifetime) }

    /// Takes something in hand: when it returns what was given, that is durably the newest.
    /// - Returns: the newest there is; more than `sequence` when that one is out of date.
    /// - Throws: `Failure` also when nothing is said in time to be true of now.
    func take(_ sequence: Int, of request: RequestID) async throws(Failure) -> Int {
        let now = now()
        let known = try await database.take(sequence, of: request, at: now, forgetting: Self.limit(now))
        // A commit may wait for its standby; that it is the newest may be over by then.
        if let newest = known.sequence, newest > sequence || isFresh(known) { return newest }
        return try await newest(of: request) ?? sequence
    }

    /// - Returns: `nil` when nothing but the answer was taken in hand.
    /// - Throws: `Failure` also when nothing is said in time to be true of now.
    func newest(of request: RequestID) async throws(Failure) -> Int? {
        for _ in 0..<Self.mostLooks {
            let known = try await database.newest(of: request)
            if isFresh(known) { return known.sequence }
        }
        throw Failure(detail: "its database answers too late to be true of now")
    }

    private func isFresh(_ known: KnownSequence) -> Bool { known.at.duration(to: .now) < freshness }

    // MARK: Whom to tell of the end of trouble

    /// Somebody is told that a partner's endpoint is degraded.
    func rememberDegraded(_ provider: String, toldTo recipient: String) async throws(Failure) {
        try await database.rememberDegraded(provider, toldTo: recipient)
    }

    func isDegraded(_ provider: String, toldTo recipient: String) async throws(Failure) -> Bool {
        try await database.isDegraded(provider, toldTo: recipient)
    }

    func forgetDegraded(_ provider: String, toldTo recipient: String) async throws(Failure) {
        try await database.forgetDegraded(provider, toldTo: recipient)
    }

    // MARK: Pauses, which outlast the process, and which all processes keep

    /// By provider.
    func pauses() async throws(Failure) -> [String: CallbackPause] {
        let all = try await database.pauses()
        return Dictionary(all.map { ($0.provider, $0) }) { first, _ in first }
    }

    /// The first pause stays as it is, until it is over.
    func pause(_ pause: CallbackPause) async throws(Failure) { try await database.pause(pause) }

    func resume(_ provider: String) async throws(Failure) { try await database.resume(provider) }

    // MARK: Signing secrets that took the place of the file's, kept as they are, since they sign

    func rotations() async throws(Failure) -> [SecretRotation] {
        try await database.rotations().map { kept throws(Failure) in
            // What is wrong with one that somebody else has written there: no value of it is said.
            do { return try SecretRotation(kept) } catch { throw Failure(detail: "a secret in it \(error)") }
        }
    }

    /// - Parameter ended: those that sign no more, and need not be known any longer.
    func rotate(_ rotation: SecretRotation, forgetting ended: [SecretRotation]) async throws(Failure) {
        try await database.rotate(KeptSecret(rotation), forgetting: ended.map(KeptSecret.init))
    }

    // MARK: What other processes were told

    /// How soon something counts that another process on the same state was told.
    private static let pace = Duration.seconds(1)

    /// Looks for it again and again until the process stops. What cannot be read stays as it is known.
    /// - Parameter what: for the log.
    static func follow(
        _ what: String, logger: Logger, _ reload: @escaping @Sendable () async throws(Failure) -> Void
    ) async {
        // The only error is the cancellation, which is how this ends.
        try? await cancelWhenGracefulShutdown {
            while true {
                try await Task.sleep(for: Self.pace)
                do throws(Failure) { try await reload() } catch {
                    logger.warning("\(what) cannot be read.", metadata: ["error": "\(error)"])
                }
            }
        }
    }

    /// The file or the server could not be used.
    struct Failure: Error, Sendable, Equatable, CustomStringConvertible {
        /// Names codes and columns, never values.
        var detail: String

        var description: String { detail }
    }
}

/// A provider whose callbacks an operator has paused.
struct CallbackPause: Sendable, Equatable {
    var provider: String
    var since: Date
    var by: String
    var why: String?
}

/// A rotation as it is written.
struct KeptSecret: Sendable {
    var provider: String
    var secret: String
    var since: Date
    var by: String
    var overlapEnd: Date
    /// With a blank between each two.
    var replaced: String
}

extension KeptSecret {
    fileprivate init(_ rotation: SecretRotation) {
        self.init(
            provider: rotation.provider, secret: rotation.secret.text.revealed, since: rotation.since, by: rotation.by,
            overlapEnd: rotation.overlapEnd, replaced: rotation.replaced.joined(separator: " "))
    }
}

extension SecretRotation {
    fileprivate init(_ kept: KeptSecret) throws {
        self.init(
            provider: kept.provider, secret: try SigningSecret(kept.secret), since: kept.since, by: kept.by,
            overlapEnd: kept.overlapEnd, replaced: kept.replaced.split(separator: " ").map(String.init))
    }
}

/// What was known of a request.
struct KnownSequence: Sendable {
    /// The newest that was taken in hand; `nil` for nothing but the answer.
    var sequence: Int?
    /// Before it was read.
    var at: ContinuousClock.Instant
}

/// What `CallbackState` asks of a database. What has returned is durable.
protocol CallbackStateDatabase: Sendable {
    /// Writes that `sequence` is the newest of a request unless a greater one is there, and forgets a few rows that
    /// were written before `limit`: nothing has to come by for it, and no callback waits for it.
    /// - Returns: the newest.
    func take(
        _ sequence: Int, of request: RequestID, at now: Date, forgetting limit: Date
    ) async throws(CallbackState.Failure) -> KnownSequence
    func newest(of request: RequestID) async throws(CallbackState.Failure) -> KnownSequence

    func rememberDegraded(_ provider: String, toldTo recipient: String) async throws(CallbackState.Failure)
    func isDegraded(_ provider: String, toldTo recipient: String) async throws(CallbackState.Failure) -> Bool
    func forgetDegraded(_ provider: String, toldTo recipient: String) async throws(CallbackState.Failure)

    func pauses() async throws(CallbackState.Failure) -> [CallbackPause]
    /// Leaves a pause that is there as it is.
    func pause(_ pause: CallbackPause) async throws(CallbackState.Failure)
    func resume(_ provider: String) async throws(CallbackState.Failure)

    func rotations() async throws(CallbackState.Failure) -> [KeptSecret]
    /// Writes one, over the same of before, and takes others away, all of it or nothing.
    func rotate(_ rotation: KeptSecret, forgetting ended: [KeptSecret]) async throws(CallbackState.Failure)
}
