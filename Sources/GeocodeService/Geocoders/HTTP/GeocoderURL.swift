import Foundation

/// Where a service answers: scheme, host, port, and the path that all its questions begin with.
struct GeocoderURL: Sendable, Equatable, CustomStringConvertible {
    /// Without a slash at the end.
    private let base: String
    let isSecure: Bool
    /// In lower case.
    let host: String

    /// - Throws: `Problem`, which says what is wrong without repeating the text.
    init(_ text: String) throws(Problem) {
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }), let parts = URLComponents(string: text) else {
            throw Problem("is no URL")
        }
        guard let scheme = parts.scheme?.lowercased(), scheme == "http" || scheme == "https" else {
            throw Problem("must start with http:// or https://")
        }
        guard parts.user == nil, parts.password == nil else { throw Problem("must not hold a user or password") }
        guard parts.query == nil, parts.fragment == nil else { throw Problem("must not have a query or a fragment") }
        guard let host = parts.host?.lowercased(), !host.isEmpty else { throw Problem("has no host") }
        if let port = parts.port, !(1...65535).contains(port) { throw Problem("has a port that is not 1 to 65535") }
        var base = text[...]
        while base.hasSuffix("/") { base = base.dropLast() }
        self.base = String(base)
        self.host = host
        isSecure = scheme == "https"
    }

    /// The URL of one question. It holds an address, and may hold a key: for the wire alone.
    func url(of question: GeocoderQuestion) -> String {
        let query = question.query.map { "\($0.name)=\(Self.percentEncoded($0.value))" }
        return "\(base)\(question.path)?\(query.joined(separator: "&"))"
    }

    var description: String { base }

    /// What is wrong with a URL; reads after the name of its key.
    struct Problem: Error, Sendable, Equatable, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }

    /// RFC 3986, section 2.3: all else could end the value.
    private static let unreserved = CharacterSet(
        charactersIn: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

    private static func percentEncoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: unreserved) ?? ""
    }
}
