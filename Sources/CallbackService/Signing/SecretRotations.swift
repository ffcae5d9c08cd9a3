import struct Foundation.Date

/// A signing secret that was put in the place of those before it.
struct SecretRotation: Sendable, Equatable {
    var provider: String
    var secret: SigningSecret
    var since: Date
    var by: String
    /// Until when those before it sign too.
    var overlapEnd: Date
    /// Short names of the secrets of `callbacks.yaml` whose place it took.
    var replaced: [String]
}

/// What has come of one partner's signing secrets since `callbacks.yaml` named them.
///
/// The file stays what the operator writes: a secret that is put there later signs too, from then on.
struct SecretRotations: Sendable, Equatable {
    /// A secret that signs.
    struct Current: Sendable, Equatable {
        var secret: SigningSecret
        /// When it ends; `nil` for one whose place nothing has taken.
        var until: Date?
    }

    /// How many may sign at once: each callback carries a signature of each.
    static let most = 4

    /// The newest first.
    private(set) var rotations: [SecretRotation] = []

    /// - Parameter rotations: in any order.
    init(_ rotations: [SecretRotation] = []) {
        self.rotations = rotations.sorted { ($0.since, $0.secret.id) > ($1.since, $1.secret.id) }
    }

    var newest: SecretRotation? { rotations.first }

    /// What signs at a time, the newest first.
    /// - Parameter file: what the file says.
    func current(after file: [SigningSecret], at now: Date) -> [Current] {
        /// When the file's end whose place was taken.
        var ends: [String: Date] = [:]
        var end: Date?
        for rotation in rotations {
            end = min(end ?? .distantFuture, rotation.overlapEnd)
            for id in rotation.replaced { ends[id] = end }
        }
        var all: [Current] = []
        end = nil
        for rotation in rotations {
            // Once it stands in the file it is one of the file's.
            if !file.contains(rotation.secret) { all.append(Current(secret: rotation.secret, until: end)) }
            end = min(end ?? .distantFuture, rotation.overlapEnd)
        }
        all += file.map { Current(secret: $0, until: ends[$0.id]) }
        return all.filter { current in current.until.map { now < $0 } ?? true }
    }

    /// Those that can sign no more, whatever the file says: all before one whose overlap has ended.
    func ended(at now: Date) -> [SecretRotation] {
        guard let last = rotations.firstIndex(where: { $0.overlapEnd <= now }) else { return [] }
        return Array(rotations[(last + 1)...])
    }
}
