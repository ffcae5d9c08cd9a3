/// What a peer may answer to a request, by carelessness, malice or bad luck.
package struct HostileAnswer: Sendable, CustomStringConvertible {
    /// What a client makes of it.
    package enum Meaning: Sendable {
        /// A good answer, whatever it looks like.
        case good
        /// An answer, but none that agrees.
        case refusal
        /// No answer: it does not look like HTTP, or nobody asked for it.
        case none
        /// It may be an answer or not, by how soon the client reads it. Nothing worse comes of it.
        case either
    }

    package enum Ending: Sendable { case keepOpen, close, reset }

    package var name: String
    package var meaning: Meaning
    /// Sent as soon as there is a connection.
    package var early: [UInt8] = []
    /// Sent when the request has come.
    package var answer: [UInt8] = []
    /// Sent after that, again and again, as long as somebody takes it.
    package var endless: [UInt8] = []
    package var ending = Ending.keepOpen

    package var description: String { name }

    /// How long a client is to wait for it: many never end, and a busy host takes long over those that do.
    package var patience: Duration {
        switch meaning {
        case .good, .refusal: Self.enough
        case .none, .either: .seconds(1)
        }
    }

    /// More than any good answer takes.
    package static let enough = Duration.seconds(30)

    package init(
        _ name: String, _ meaning: Meaning, _ answer: String, early: String = "", endless: String = "",
        then ending: Ending = .keepOpen
    ) {
        self.name = name
        self.meaning = meaning
        self.answer = Array(answer.utf8)
        self.early = Array(early.utf8)
        self.endless = Array(endless.utf8)
        self.ending = ending
    }

    package static let all = statuses + interim + heads + framing + endings + protocols

    /// An answer of this status without a body.
    private static func head(_ status: String) -> String { "HTTP/1.1 \(status)\r\nContent-Length: 0\r\n\r\n" }

    private static let statuses: [HostileAnswer] =
        [
            "000 x", "001 x", "010 x", "099 x", "00 x", "20 x", "2", "1000 x", "2000 x", "-1 x", "+200 x", "0200 x",
            "2OO x", "", " 200 x", "9 x", "200x",
        ]
        .map { HostileAnswer("status '\($0)'", .none, head($0)) }
        + ["000", "099"].map {
            HostileAnswer("status \($0) with a body", .none, "HTTP/1.1 \($0) x\r\nContent-Length: 2\r\n\r\nok")
        }
        + [
            HostileAnswer("status 000 before a good one", .none, "HTTP/1.1 000 x\r\n\r\n" + head("200 OK")),
            HostileAnswer(
                "status 001, chunked", .none, "HTTP/1.1 001 x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n"),
            HostileAnswer("status 600", .refusal, head("600 x")),
            HostileAnswer("status 999", .refusal, head("999 x")),
            HostileAnswer("no reason phrase", .good, head("200")),
            HostileAnswer("no reason phrase, but its space", .good, head("200 ")),
            HostileAnswer("a reason phrase of Latin-1", .good, head("200 \u{e9}")),
            HostileAnswer("a reason phrase with a tab", .good, head("200 O\tK")),
        ]
        + ["\0", "\u{1}", "\u{8}", "\u{b}", "\u{1b}[2J", "\u{7f}"].map {
            HostileAnswer(
                "a control in the reason phrase: \($0.unicodeScalars.map(\.value))", .none, head("200 O\($0)K"))
        }

    private static let interim: [HostileAnswer] = [
        HostileAnswer("100 and then nothing", .none, "HTTP/1.1 100 Continue\r\n\r\n", then: .close),
        HostileAnswer(
            "103, 199, then the answer", .good,
            "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 199 x\r\n\r\n" + head("200 OK")),
        HostileAnswer(
            "100 that says it has a body", .good, "HTTP/1.1 100 x\r\nContent-Length: 500\r\n\r\n" + head("200 OK")),
        HostileAnswer("100 that closes", .good, "HTTP/1.1 100 x\r\nConnection: close\r\n\r\n" + head("200 OK")),
        HostileAnswer("100 before a refusal", .refusal, "HTTP/1.1 100 x\r\n\r\n" + head("503 x")),
        HostileAnswer("100 before status 000", .none, "HTTP/1.1 100 x\r\n\r\n" + head("000 x")),
        HostileAnswer(
            "1,000 interim answers", .good, String(repeating: "HTTP/1.1 100 x\r\n\r\n", count: 1000) + head("200 OK")),
        HostileAnswer(
            "100 without end", .none, "", endless: String(repeating: "HTTP/1.1 100 Continue\r\n\r\n", count: 1000)),
        HostileAnswer(
            "103 without end", .none, "",
            endless: "HTTP/1.1 103 x\r\nLink: \(String(repeating: "x", count: 5000))\r\n\r\n"),
        HostileAnswer("empty lines without end", .none, "", endless: String(repeating: "\r\n", count: 1000)),
        HostileAnswer("101", .none, "HTTP/1.1 101 Switching Protocols\r\n\r\n"),
        HostileAnswer(
            "101 to h2c", .none,
            "HTTP/1.1 101 x\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n\u{0}\u{0}\u{12}\u{4}\u{0}"),
        HostileAnswer("101 before a good one", .none, "HTTP/1.1 101 x\r\n\r\n" + head("200 OK")),
        HostileAnswer(
            "100 with an upgrade", .good,
            "HTTP/1.1 100 x\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n" + head("200 OK")),
        HostileAnswer(
            "200 with an upgrade", .either,
            "HTTP/1.1 200 OK\r\nUpgrade: h2c\r\nConnection: Upgrade\r\nContent-Length: 0\r\n\r\n"),
    ]

    private static func field(_ line: String) -> String { "HTTP/1.1 200 OK\r\n\(line)Content-Length: 0\r\n\r\n" }

    private static let heads: [HostileAnswer] = [
        HostileAnswer("a folded field", .good, field("X-Note: one\r\n two\r\n\tthree\r\n")),
        HostileAnswer("a folded field of blanks", .good, field("X-Note: one\r\n \r\n")),
        HostileAnswer("a folded length", .good, "HTTP/1.1 200 OK\r\nContent-Length:\r\n 0\r\n\r\n"),
        HostileAnswer("a fold behind the status line", .none, field(" X-Note: one\r\n")),
        HostileAnswer("a folded name", .none, field("X-No\r\n te: one\r\n")),
        HostileAnswer("a carriage return in a value", .none, field("X-Note: one\rtwo\r\n")),
        HostileAnswer("a NUL in a value", .none, field("X-Note: one\u{0}two\r\n")),
        HostileAnswer("lines that end in LF", .good, "HTTP/1.1 200 OK\nContent-Length: 0\n\n"),
        HostileAnswer("lines that end in CR", .none, "HTTP/1.1 200 OK\rContent-Length: 0\r\r", then: .close),
        HostileAnswer("an empty line first", .good, "\r\n" + head("200 OK")),
        HostileAnswer("a field without a colon", .none, field("X-Note\r\n")),
        HostileAnswer("a field without a name", .none, field(": one\r\n")),
        HostileAnswer("a blank before the colon", .none, field("X-Note : one\r\n")),
        HostileAnswer("a field without a value", .good, field("X-Note:\r\n")),
        HostileAnswer("a name of UTF-8", .none, field("X-N\u{f6}te: one\r\n")),
        HostileAnswer("a field of a megabyte", .none, field("X-Note: \(String(repeating: "x", count: 1 << 20))\r\n")),
        HostileAnswer("a name of a megabyte", .none, field("\(String(repeating: "x", count: 1 << 20)): x\r\n")),
        HostileAnswer("100,000 fields", .none, field(String(repeating: "X: 1\r\n", count: 100_000))),
        HostileAnswer("1,000 fields", .good, field(String(repeating: "X: 1\r\n", count: 1000))),
        HostileAnswer(
            "a head without end", .none, "HTTP/1.1 200 OK\r\n", endless: String(repeating: "X: 1\r\n", count: 1000)),
        HostileAnswer(
            "a line without end", .none, "HTTP/1.1 200 OK\r\nX: ", endless: String(repeating: "x", count: 8000)),
        HostileAnswer(
            "a reason phrase without end", .none, "HTTP/1.1 200 ", endless: String(repeating: "x", count: 8000)),
    ]

    private static func framed(_ fields: String, _ body: String = "") -> String {
        "HTTP/1.1 200 OK\r\n\(fields)\r\n\r\n\(body)"
    }
    private static func chunked(_ body: String) -> String { framed("Transfer-Encoding: chunked", body) }

    private static let framing: [HostileAnswer] = [
        HostileAnswer("two lengths", .none, framed("Content-Length: 0\r\nContent-Length: 5", "hello")),
        HostileAnswer("two lengths in one field", .none, framed("Content-Length: 2, 3", "ok")),
        HostileAnswer("a length twice in one field", .good, framed("Content-Length: 2, 2", "ok")),
        HostileAnswer("a length twice", .good, framed("Content-Length: 2\r\nX: 1\r\ncontent-length: 2", "ok")),
        HostileAnswer(
            "a length thrice, once another", .none, framed("Content-Length: 2,2\r\nContent-Length: 02", "ok")),
        HostileAnswer(
            "a length, and chunks", .good, framed("Content-Length: 2\r\nTransfer-Encoding: chunked", "0\r\n\r\n")),
        HostileAnswer(
            "chunks, and a length", .good, framed("Transfer-Encoding: Chunked\r\nContent-Length: 2", "0\r\n\r\n")),
        HostileAnswer(
            "a length, and another coding", .either, framed("Transfer-Encoding: gzip\r\nContent-Length: 2", "ok")),
        HostileAnswer("sizes of chunks with blanks", .good, chunked("2  \r\nok\r\n3 \t;a=b\r\nok!\r\n0 \r\n\r\n")),
        HostileAnswer("a blank within a chunk's size", .none, chunked("1 0\r\nok\r\n0\r\n\r\n")),
        HostileAnswer("a blank before a chunk's size", .none, chunked(" 2\r\nok\r\n0\r\n\r\n")),
        HostileAnswer("a negative length", .none, framed("Content-Length: -1")),
        HostileAnswer("a length of 2^63", .none, framed("Content-Length: 9223372036854775808", "ok"), then: .close),
        HostileAnswer("a length of 2^64", .none, framed("Content-Length: 18446744073709551616")),
        HostileAnswer("a length of 2^64-1", .none, framed("Content-Length: 18446744073709551615", "ok"), then: .close),
        HostileAnswer("a length of 400 digits", .none, framed("Content-Length: \(String(repeating: "9", count: 400))")),
        HostileAnswer("a length that is a sum", .none, framed("Content-Length: +2", "ok")),
        HostileAnswer("a length in hexadecimal", .none, framed("Content-Length: 0x2", "ok")),
        HostileAnswer("a length that is nothing", .none, framed("Content-Length: ", "ok")),
        HostileAnswer("a body that is cut off", .none, framed("Content-Length: 500", "ok"), then: .close),
        HostileAnswer("a body that is reset", .none, framed("Content-Length: 500", "ok"), then: .reset),
        HostileAnswer("a body that does not go on", .none, framed("Content-Length: 500", "ok")),
        HostileAnswer(
            "a body without end", .either, framed("Content-Length: 9000000000000000000"),
            endless: String(repeating: " ", count: 8000)),
        HostileAnswer("a 204 with a body", .either, "HTTP/1.1 204 No\r\nContent-Length: 5\r\n\r\nhello"),
        HostileAnswer("a 304 with a body", .refusal, "HTTP/1.1 304 No\r\nContent-Length: 5\r\n\r\nhello"),
        HostileAnswer("no framing", .good, "HTTP/1.1 200 OK\r\n\r\n", then: .close),
        HostileAnswer("a chunk of 2^64", .none, chunked("10000000000000000\r\n")),
        HostileAnswer("a chunk of 2^64-1", .none, chunked("ffffffffffffffff\r\nok"), then: .close),
        HostileAnswer("a chunk of 100 digits", .none, chunked("\(String(repeating: "f", count: 100))\r\n")),
        HostileAnswer("a negative chunk", .none, chunked("-1\r\n")),
        HostileAnswer("a chunk that is no number", .none, chunked("zz\r\n")),
        HostileAnswer("a chunk without its end", .none, chunked("2\r\nokX0\r\n\r\n")),
        HostileAnswer("chunk extensions", .good, chunked("2;a=b;c=\"d\"\r\n{}\r\n0;last\r\n\r\n")),
        HostileAnswer(
            "a chunk extension without end", .either, chunked("2;"), endless: String(repeating: "x", count: 8000)),
        HostileAnswer(
            "empty chunks without end", .either, chunked(""), endless: String(repeating: "1\r\n \r\n", count: 1000)),
        HostileAnswer("chunks that are cut off", .none, chunked("2\r\n{}\r\n"), then: .close),
        HostileAnswer(
            "chunked twice", .either, framed("Transfer-Encoding: chunked, chunked", "0\r\n\r\n"), then: .close),
        HostileAnswer(
            "chunked, then compressed", .either, framed("Transfer-Encoding: chunked, gzip", "0\r\n\r\n"), then: .close),
        HostileAnswer("an unknown transfer coding", .either, framed("Transfer-Encoding: rot13", "ok"), then: .close),
        HostileAnswer("trailers", .good, chunked("0\r\nX-Sum: 1\r\n\r\n")),
        HostileAnswer(
            "trailers that are forbidden", .none,
            chunked("0\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nHTTP: 1\r\n\r\n")),
        HostileAnswer("a folded trailer", .none, chunked("0\r\nX: 1\r\n 2\r\n\r\n")),
        HostileAnswer("a trailer without a name", .none, chunked("0\r\n: 1\r\n\r\n")),
        HostileAnswer(
            "a trailer of a megabyte", .none, chunked("0\r\nX: \(String(repeating: "x", count: 1 << 20))\r\n\r\n")),
        HostileAnswer(
            "100,000 trailers", .none, chunked("0\r\n" + String(repeating: "X: 1\r\n", count: 100_000) + "\r\n")),
        HostileAnswer(
            "trailers without end", .none, chunked("0\r\n"), endless: String(repeating: "X: 1\r\n", count: 1000)),
        HostileAnswer("trailers that are cut off", .none, chunked("0\r\nX: 1\r\n"), then: .close),
    ]

    private static let endings: [HostileAnswer] = [
        HostileAnswer("nothing", .none, ""),
        HostileAnswer("nothing, and closes", .none, "", then: .close),
        HostileAnswer("nothing, and resets", .none, "", then: .reset),
        HostileAnswer("half a status line, and closes", .none, "HTTP/1.1 20", then: .close),
        HostileAnswer("half a head, and closes", .none, "HTTP/1.1 200 OK\r\nContent-Le", then: .close),
        HostileAnswer("half a head, and resets", .none, "HTTP/1.1 200 OK\r\nContent-Le", then: .reset),
        HostileAnswer("a good answer, and resets", .either, head("200 OK"), then: .reset),
        HostileAnswer("two answers", .either, head("200 OK") + head("200 OK")),
        HostileAnswer("a thousand answers", .either, String(repeating: head("200 OK"), count: 1000)),
        HostileAnswer("an answer, and status 000", .either, head("200 OK") + head("000 x")),
        HostileAnswer("an answer, and garbage", .either, head("200 OK") + "garbage"),
        HostileAnswer("a refusal, and an answer", .refusal, head("503 x") + head("200 OK")),
        HostileAnswer("an answer before the request", .either, "", early: head("200 OK")),
        HostileAnswer("status 000 before the request", .none, "", early: head("000 x")),
        HostileAnswer("100 before the request", .either, head("200 OK"), early: "HTTP/1.1 100 x\r\n\r\n"),
        HostileAnswer("a refusal before the request", .either, "", early: head("503 x")),
        HostileAnswer("an answer before the request, and closes", .either, "", early: head("200 OK"), then: .close),
        HostileAnswer("garbage before the request", .none, "", early: "\u{0}\u{1}\u{2}"),
    ]

    private static let protocols: [HostileAnswer] = [
        HostileAnswer("HTTP/0.9", .none, "<html>hello</html>", then: .close),
        HostileAnswer("HTTP/0.9 by name", .none, "HTTP/0.9 200 OK\r\nContent-Length: 0\r\n\r\n"),
        HostileAnswer("HTTP/1.0", .good, "HTTP/1.0 200 OK\r\n\r\n", then: .close),
        HostileAnswer(
            "HTTP/1.0 that says it keeps the connection", .good,
            "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n"),
        HostileAnswer("HTTP/1.9", .good, "HTTP/1.9 200 OK\r\nContent-Length: 0\r\n\r\n"),
        HostileAnswer("HTTP/2.0 by name", .none, "HTTP/2.0 200 OK\r\nContent-Length: 0\r\n\r\n"),
        HostileAnswer("HTTP/2 by name", .none, "HTTP/2 200 OK\r\nContent-Length: 0\r\n\r\n"),
        HostileAnswer("HTTP/99999.1", .none, "HTTP/99999.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
        HostileAnswer("lower case", .none, "http/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
        HostileAnswer("HTTP/2's preface", .none, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
        HostileAnswer("HTTP/2's settings", .none, "\u{0}\u{0}\u{0}\u{4}\u{0}\u{0}\u{0}\u{0}\u{0}"),
        HostileAnswer("a request", .none, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
        HostileAnswer("SSH", .none, "SSH-2.0-OpenSSH_9.2\r\n"),
        HostileAnswer("SMTP", .none, "220 mail.example ESMTP\r\n"),
        HostileAnswer("ICY", .none, "ICY 200 OK\r\nContent-Length: 0\r\n\r\n"),
        HostileAnswer("a TLS alert", .none, "\u{15}\u{3}\u{1}\u{0}\u{2}\u{2}F"),
        HostileAnswer("a byte order mark first", .none, "\u{feff}" + head("200 OK")),
        HostileAnswer("NULs without end", .none, "", endless: String(repeating: "\u{0}", count: 8000)),
    ]
}
