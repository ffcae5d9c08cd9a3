import Contracts

/// What is asked of an endpoint, once.
package struct AdminCall<Endpoint: AdminEndpoint>: Sendable {
    package var subject: Endpoint.Subject
    package var query: Endpoint.Query
    /// `nil` where the endpoint takes none.
    package var body: Endpoint.Body?

    /// The path and the query of its URL, from the root on.
    package var target: String {
        let path = Endpoint.route.path.split(separator: "/").map { part in
            part.hasPrefix("{") ? PercentEncoding.segment(subject.description) : String(part)
        }
        var (coder, query) = (QueryCoder(), query)
        query.code(&coder)
        let items = coder.items.map { "\($0.name)=\(PercentEncoding.text($0.value))" }
        return ([AdminRoute.root] + path).joined(separator: "/")
            + (items.isEmpty ? "" : "?" + items.joined(separator: "&"))
    }

    package func bodyJSON() throws -> [UInt8]? { try body.map { try WireJSON.bytes($0) } }
}

extension AdminEndpoint {
    package static func call(of subject: Subject, body: Body) -> AdminCall<Self> {
        AdminCall(subject: subject, query: Query(), body: body)
    }
}

extension AdminEndpoint where Body == NoBody {
    /// - Parameter ask: says what else is to be in the query.
    package static func call(of subject: Subject, _ ask: (inout Query) -> Void = { _ in }) -> AdminCall<Self> {
        var call = AdminCall<Self>(subject: subject, query: Query())
        ask(&call.query)
        return call
    }
}

extension AdminEndpoint where Subject == NoSubject {
    package static func call(body: Body) -> AdminCall<Self> { call(of: NoSubject(), body: body) }
}

extension AdminEndpoint where Subject == NoSubject, Body == NoBody {
    package static func call(_ ask: (inout Query) -> Void = { _ in }) -> AdminCall<Self> {
        call(of: NoSubject(), ask)
    }
}

/// Text in a URL (RFC 3986).
enum PercentEncoding {
    /// All but the unreserved characters (section 2.3) is encoded.
    static func text(_ text: String) -> String {
        text.utf8.reduce(into: "") { encoded, byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default: encoded += (byte < 0x10 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
            }
        }
    }

    /// Stays one segment of a path, whatever it is: dots alone would lead out of it (section 5.2.4).
    static func segment(_ text: String) -> String {
        text == "." || text == ".." ? text.replacing(".", with: "%2E") : Self.text(text)
    }
}
