/// What came over a connection is no answer that a client may act upon. The connection is given up with it.
package enum BadAnswer: String, Error, Sendable, CustomStringConvertible {
    /// It does not begin as an answer of HTTP/1 does (RFC 9112, section 4).
    case notHTTP = "what came is not HTTP/1"
    /// Its status is below 100, which no answer has (RFC 9110, section 15).
    case status = "its status is below 100"
    /// It switches to another protocol, which nobody asked for (RFC 9110, section 15.2.2).
    case upgrade = "it switches protocols unasked"
    /// Its head, with all interim answers before it, is longer than `AnswerHead.longest`.
    case tooLong = "its head is too long, or too many interim answers came before it"
    /// It agrees to a request that was not yet sent to its end.
    case early = "it came before the request had been sent"
    /// It came before any request (RFC 9112, section 9.2: such data is no answer).
    case unasked = "it came before a request"

    package var description: String { rawValue }
}
