import Foundation

/// Addresses of a provider's, and those that browsers are sent back to.
package enum ProviderAddress {
    static let longest = 2048

    /// An absolute https address without a user or a fragment. http is for this host alone: trials and tests.
    package static func isGood(_ text: String, mayHaveQuery: Bool = false) -> Bool {
        guard (1...longest).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
            !text.contains("\\"), let parts = URLComponents(string: text), let host = parts.host, !host.isEmpty,
            parts.user == nil, parts.password == nil, parts.fragment == nil, mayHaveQuery || parts.query == nil
        else { return false }
        switch parts.scheme {
        case "https": return true
        case "http": return ["127.0.0.1", "localhost", "[::1]", "::1"].contains(host)
        default: return false
        }
    }

    /// A query as browsers write it (RFC 6749, appendix B: `application/x-www-form-urlencoded`).
    static func form(_ fields: [(String, String)]) -> String {
        fields.map { "\(encoded($0.0))=\(encoded($0.1))" }.joined(separator: "&")
    }

    /// An address with more in its query, which it keeps (RFC 6749, section 3.1).
    static func adding(_ fields: [(String, String)], to address: String) -> String {
        address + (address.contains("?") ? "&" : "?") + form(fields)
    }

    /// All but RFC 3986's unreserved characters.
    static func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }

    private static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
}
