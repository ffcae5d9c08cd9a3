import Contracts
import Crypto
import HTTPListener
import HTTPTypes
import Synchronization

/// What a client names its try by, so that it may send it again (draft-ietf-httpapi-idempotency-key-header).
struct IdempotencyKey: Sendable, Hashable {
    /// The SHA-256 of the key: clients make keys of anything, and what stands in a store should say nothing.
    let digest: [UInt8]

    /// - Returns: `nil` when there is no such header.
    /// - Throws: `Problem` with status 400 for more than one, and for what is not 1 to 255 visible ASCII characters,
    ///   with or without the quotes of a structured field's string (RFC 9651, 3.3.3).
    static func of(_ headers: HTTPFields) throws(Problem) -> IdempotencyKey? {
        let values = headers[values: .idempotencyKey]
        guard let value = values.first else { return nil }
        guard values.count == 1, let text = unquoted(Array(value.utf8)), (1...255).contains(text.count),
            text.allSatisfy({ (0x21...0x7E).contains($0) })
        else { throw .badIdempotencyKey }
        return IdempotencyKey(digest: Array(SHA256.hash(data: text)))
    }

    /// `nil` for quotes that do not fit.
    private static func unquoted(_ value: [UInt8]) -> [UInt8]? {
        let quote = UInt8(ascii: "\"")
        let backslash = UInt8(ascii: "\\")
        guard value.first == quote else { return value }
        guard value.count >= 2, value.last == quote else { return nil }
        var text: [UInt8] = []
        var isEscaped = false
        for byte in value.dropFirst().dropLast() {
            if isEscaped {
                guard byte == quote || byte == backslash else { return nil }
                isEscaped = false
            } else if byte == backslash {
                isEscaped = true
                continue
            } else if byte == quote {
                return nil
            }
            text.append(byte)
        }
        return isEscaped ? nil : text
    }
}

extension HTTPField.Name {
    /// The names are valid tokens, so that these cannot fail.
    static let idempotencyKey = HTTPField.Name("Idempotency-Key")!
    static let idempotencyReplayed = HTTPField.Name("Idempotency-Replayed")!
}

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
        // What came later is not in the keys of requests without it.
        let later = [submission.unit, submission.language, submission.need, submission.notes]
        if later.contains(where: { $0 != nil }) {
            for value in later {
                let bytes = value.map { Array($0.utf8) }
                withUnsafeBytes(of: Int64(bytes?.count ?? -1).bigEndian) { hash.update(bufferPointer: $0) }
                hash.update(data: bytes ?? [])
            }
        }
        return Array(hash.finalize())
    }
}

/// The keys whose first try is being answered in this process. Two processes on one store need no such list: the second
/// finds the first one's answer in the store, or waits for its transaction.
final class KeysUnderWay: Sendable {
    private struct Entry: Hashable {
        var provider: String
        var key: IdempotencyKey
    }

    /// Bounded by the submissions under way.
    private let entries = Mutex<Set<Entry>>([])

    var count: Int { entries.withLock { $0.count } }

    /// Runs `body` unless another try with the key is under way.
    /// - Throws: `Problem` with status 409; what `body` throws.
    func run<Result>(_ key: IdempotencyKey?, of provider: String, _ body: () async throws -> Result) async throws
        -> Result
    {
        guard let key else { return try await body() }
        let entry = Entry(provider: provider, key: key)
        guard entries.withLock({ $0.insert(entry).inserted }) else { throw Problem.idempotencyKeyInUse }
        defer { entries.withLock { _ = $0.remove(entry) } }
        return try await body()
    }
}
