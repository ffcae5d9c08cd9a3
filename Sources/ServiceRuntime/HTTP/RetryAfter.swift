import Contracts

package import struct Foundation.Date

/// The `Retry-After` header (RFC 9110, section 10.2.3).
package enum RetryAfter {
    /// More than this is taken for this: a slip of the other side must not park a message for years.
    package static let longest = Duration.seconds(24 * 3600)

    /// Reads seconds or an HTTP date.
    /// - Returns: zero for a date that has passed; `nil` for what is neither.
    package static func duration(_ value: String, now: Date) -> Duration? {
        let value = value.trimmingPrefix { $0 == " " || $0 == "\t" }
        if let first = value.utf8.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) {
            let digits = value.utf8.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            guard value.utf8.dropFirst(digits.count).allSatisfy({ $0 == UInt8(ascii: " ") }) else { return nil }
            // Digits that do not fit are a very long time all the same.
            return Int64(foreign: Substring(digits), in: 0...longest.components.seconds).map { .seconds($0) } ?? longest
        }
        guard let date = HTTPDate.parse(String(value)) else { return nil }
        let seconds = date.timeIntervalSince(now)
        return seconds <= 0 ? .zero : min(longest, Duration(clampingSeconds: seconds))
    }
}
