import Contracts
import HTTPListener
package import Hummingbird
import NIOCore

/// The fields of a form (`application/x-www-form-urlencoded`, WHATWG URL, 5.1).
package struct FormBody: Sendable {
    /// Bytes: a selection of some hundred requests.
    package static let limit = 64 * 1024

    private var fields: [(name: String, value: String)] = []

    package init(_ text: some StringProtocol) {
        for pair in text.utf8.split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            fields.append((Self.decoded(parts[0]), parts.count > 1 ? Self.decoded(parts[1]) : ""))
        }
    }

    /// - Throws: `Problem` when it is no form, or too large; `BodyReadFailure`.
    package static func read(_ request: Request) async throws -> FormBody {
        let type = request.headers[.contentType] ?? ""
        guard type.isShortASCII, type.lowercased().hasPrefix("application/x-www-form-urlencoded") else {
            throw Problem(
                status: .unsupportedMediaType, code: "unsupported-media-type", detail: "Send the page's own form.")
        }
        do {
            let buffer = try await request.body.collect(upTo: limit)
            return FormBody(String(decoding: buffer.readableBytesView, as: UTF8.self))
        } catch is NIOTooManyBytesError {
            throw Problem(status: .contentTooLarge, code: "too-large", detail: "The form is too large.")
        } catch {
            throw BodyReadFailure(underlying: error)
        }
    }

    /// The first value of a name; `nil` when it is absent or blank.
    package subscript(name: String) -> String? {
        guard let value = fields.first(where: { $0.name == name })?.value, !value.isBlank else { return nil }
        return value
    }

    /// All values of a name.
    package func all(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }

    private static func decoded(_ bytes: Substring.UTF8View.SubSequence) -> String { decoded(Array(bytes)) }

    private static func decoded(_ bytes: some Collection<UInt8>) -> String {
        var result: [UInt8] = []
        var rest = Array(bytes)[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "+"): result.append(UInt8(ascii: " "))
            case UInt8(ascii: "%"):
                let digits = rest.prefix(2)
                if digits.count == 2, let high = HexDigit.value(digits[digits.startIndex]),
                    let low = HexDigit.value(digits[digits.startIndex + 1])
                {
                    result.append(high << 4 | low)
                    rest = rest.dropFirst(2)
                } else {
                    result.append(byte)
                }
            default: result.append(byte)
            }
        }
        return String(decoding: result, as: UTF8.self)
    }
}
