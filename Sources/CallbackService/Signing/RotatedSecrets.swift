import Contracts
import Foundation
import Logging
import ServiceLifecycle
import ServiceRuntime
import Synchronization

/// The signing secrets that partners have had made for themselves, in the place of those of `callbacks.yaml`.
final class RotatedSecrets: Service {
    private let state: CallbackState
    private let logger: Logger
    private let current: Mutex<[String: SecretRotations]>

    init(_ state: CallbackState, logger: Logger) async throws(CallbackState.Failure) {
        self.state = state
        self.logger = logger
        current = Mutex(Self.byProvider(try await state.rotations()))
    }

    /// The partners of the file with what has come of their secrets.
    func applied(to partners: Partners) -> Partners {
        var partners = partners
        partners.rotations = current.withLock(\.self)
        return partners
    }

    /// Puts a secret in the place of all that sign for a partner. When it returns, that is durable, and signs here; in
    /// the other processes on the same state it signs a second later.
    ///
    /// One that is the newest already stays as it is: so it can be told to one process after the other.
    /// - Parameters:
    ///   - partner: as the file has it.
    ///   - overlap: how long those before it sign too.
    /// - Throws: `CallbackState.Failure`; `TooMany`.
    func rotate(_ partner: Partner, to secret: SigningSecret, overlap: Duration, by: String) async throws {
        try await reload()
        let rotations = current.withLock { $0[partner.id] } ?? SecretRotations()
        guard rotations.newest?.secret != secret else { return }
        let now = Timestamp.truncate(Date())
        let signing = rotations.current(after: partner.signingSecrets, at: now)
        // With no overlap those before it end, however many.
        guard signing.count < SecretRotations.most || overlap == .zero else {
            throw TooMany(until: signing.compactMap(\.until).min())
        }
        // After the newest, whatever the clocks of several hosts say.
        let since = max(now, rotations.newest?.since.shifted(by: .milliseconds(1)) ?? now)
        let rotation = SecretRotation(
            provider: partner.id, secret: secret, since: since, by: by,
            overlapEnd: now.shifted(by: overlap),
            replaced: partner.signingSecrets.map(\.id).filter { $0 != secret.id })
        try await state.rotate(rotation, forgetting: rotations.ended(at: now))
        try await reload()
        logger.notice(
            "A partner's callbacks are signed with another secret",
            metadata: [
                "provider": "\(partner.id)", "secret": "\(secret.id)", "by": "\(by)",
                "earlier_until": "\(Timestamp.string(rotation.overlapEnd))",
            ])
    }

    /// As many secrets as may sign for a partner do already.
    struct TooMany: Error {
        /// When the first of them ends; `nil` when they all stand in the file.
        var until: Date?
    }

    /// Looks what other processes on the same state were told.
    func run() async throws {
        await CallbackState.follow("Signing secrets", logger: logger) { [self] () async throws(CallbackState.Failure) in
            try await reload()
        }
    }

    private func reload() async throws(CallbackState.Failure) {
        let rotations = Self.byProvider(try await state.rotations())
        current.withLock { $0 = rotations }
    }

    private static func byProvider(_ rotations: [SecretRotation]) -> [String: SecretRotations] {
        Dictionary(grouping: rotations, by: \.provider).mapValues(SecretRotations.init)
    }
}
