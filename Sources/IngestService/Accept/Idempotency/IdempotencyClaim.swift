import Contracts
import Crypto

/// A submission that came with a key: what the store compares with what came under the key before.
struct IdempotencyClaim: Sendable, Equatable {
    /// Seconds that an answer is kept for: a day.
    static let lifetime = Duration.seconds(86_400)

    var key: IdempotencyKey
    /// The SHA-256 of the submission in normal form.
    var fingerprint: [UInt8]

    init(key: IdempotencyKey, submission: Submission) {
        self.key = key
        fingerprint = Self.fingerprint(submission)
    }

    /// Each value with its length before it, so that no two submissions make the same bytes.
    private static func fingerprint(_ submission: Submission) -> [UInt8] {
        var hash = SHA256()
        let address = submission.address
        for value in [
            submission.providerRequestID, submission.name, address.street, address.city, address.state, address.zip,
            submission.phone, submission.email, submission.providerData,
        ] {
            let bytes = value.map { Array($0.utf8) }
            withUnsafeBytes(of: Int64(bytes?.count ?? -1).bigEndian) { hash.update(bufferPointer: $0) }
            hash.update(data: bytes ?? [])
        }
        return Array(hash.finalize())
    }
}
