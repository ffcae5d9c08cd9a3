import NIOCore
import Testing

@testable import HTTPExchange

/// The rules of a head, without a connection.
@Suite struct AnswerHeadTests {
    /// What comes out for what comes in, in one piece and byte by byte, which must be the same.
    private func read(_ text: String) -> Result<(text: String, status: Int)?, BadAnswer> {
        let whole = read([Array(text.utf8)])
        let bytes = read(text.utf8.map { [$0] })
        switch (whole, bytes) {
        case (.success(let one), .success(let other)):
            // Byte by byte, what is behind the head has not come yet.
            #expect(one?.status == other?.status)
            #expect(other.map { one?.text.hasPrefix($0.text) == true } ?? (one == nil))
        case (.failure(let one), .failure(let other)): #expect(one == other)
        case (.success, .failure), (.failure, .success): Issue.record("\(whole) \(bytes)")
        }
        return whole
    }

    private func read(_ parts: [[UInt8]]) -> Result<(text: String, status: Int)?, BadAnswer> {
        var head = AnswerHead()
        for part in parts {
            do throws(BadAnswer) {
                var bytes = ByteBuffer(bytes: part)
                if let answer = try head.received(&bytes) {
                    return .success((String(buffer: answer.bytes), answer.status))
                }
            } catch {
                return .failure(error)
            }
        }
        return .success(nil)
    }

    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\nA: b\r\n\r\nbody\r\n x", "HTTP/1.1 200 OK\r\nA: b\r\n\r\nbody\r\n x", 200),
        ("HTTP/1.1 204\r\n\r\n", "HTTP/1.1 204\r\n\r\n", 204),
        ("HTTP/1.0 999 \r\n\r\n", "HTTP/1.0 999 \r\n\r\n", 999),
        ("\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n", 200),
        (
            "HTTP/1.1 100 x\r\nA: b\r\n\r\nHTTP/1.1 103 x\r\n\r\n\r\nHTTP/1.1 301 y\r\n\r\n", "HTTP/1.1 301 y\r\n\r\n",
            301
        ),
        ("HTTP/1.1 200 OK\r\nA: b\r\n c\r\n\td\r\n\r\n", "HTTP/1.1 200 OK\r\nA: b   c  \td\r\n\r\n", 200),
        ("HTTP/1.1 200 OK\r\nA:\r\n b\r\n \r\nC: d\r\n\r\n", "HTTP/1.1 200 OK\r\nA:   b   \r\nC: d\r\n\r\n", 200),
        ("HTTP/1.1 200 OK\r\n\r\n folded\r\n not", "HTTP/1.1 200 OK\r\n\r\n folded\r\n not", 200),
        // What every client takes, as the parser knows it: and the connection is over.
        ("HTTP/1.1 200 OK\nA: b\n c\n\n", "HTTP/1.1 200 OK\r\nA: b  c\r\nConnection: close\r\n\r\n", 200),
        (
            "HTTP/1.1 200 OK\r\nConnection: keep-alive\nA: b\r\n\r\nx\n",
            "HTTP/1.1 200 OK\r\nA: b\r\nConnection: close\r\n\r\nx\n", 200
        ),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\ncontent-LENGTH:2 , 2\r\n\r\nok",
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok", 200
        ),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: CHUNKED\r\n\r\n0\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: CHUNKED\r\nConnection: close\r\n\r\n0\r\n\r\n", 200
        ),
        (
            "HTTP/1.3 200 OK\r\nA: b\r\n\r\n", "HTTP/1.1 200 OK\r\nA: b\r\nConnection: close\r\n\r\n", 200
        ),
        // What is not the same stays, for the parser to refuse.
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok",
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok", 200
        ),
    ])
    func aFinalHeadComesOutAndInterimOnesDoNot(text: String, expected: String, status: Int) throws {
        let answer = try #require(try read(text).get())
        #expect(answer.status == status)
        #expect(answer.text == expected)
    }

    @Test func fieldsBeyondMeasureAreDroppedButForTheFraming() throws {
        let many = (0..<300).map { "X-\($0): b\r\n" }.joined()
        let text = "HTTP/1.1 503 x\r\n\(many)Retry-After: 7\r\nContent-Length: 0\r\n\r\n"
        let answer = try #require(try read(text).get())
        #expect(answer.text.contains("X-199: b") && !answer.text.contains("X-200: b"))
        #expect(answer.text.hasSuffix("Retry-After: 7\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"))
    }

    @Test(arguments: [
        ("2  \r\nok\r\n0\r\n\r\n", "2\r\nok\r\n0\r\n\r\n"),
        ("0002 \t;a= b \r\n  \r\n0 \r\nX:  y\r\n\r\n", "0002;a= b \r\n  \r\n0\r\nX:  y\r\n\r\n"),
        ("a\r\n0123 5678 \r\n1 \r\n \r\n0\r\n\r\n", "a\r\n0123 5678 \r\n1\r\n \r\n0\r\n\r\n"),
        (" 2\r\nok\r\n", " 2\r\nok\r\n"), ("zz \r\n", "zz \r\n"),
        ("1 0\r\nok", "1 0\r\nok"), ("ffffffffffffffff \r\nok", "ffffffffffffffff \r\nok"),
    ])
    func onlyBlanksBehindAChunksSizeAreDropped(text: String, expected: String) {
        var whole = ChunkPadding()
        #expect(String(buffer: whole.received(ByteBuffer(string: text))) == expected)
        var bytes = ChunkPadding()
        #expect(text.utf8.map { String(buffer: bytes.received(ByteBuffer(bytes: [$0]))) }.joined() == expected)
    }

    @Test(arguments: [
        "", "\r\n", "HTTP", "HTTP/1.1 200 OK\r\nA: b\r\n", "HTTP/1.1 100 x\r\n\r\n", "HTTP/1.1 100 x\r\n\r\nHTTP/1.1",
    ])
    func halfAHeadIsWaitedFor(text: String) throws {
        #expect(try read(text).get() == nil)
    }

    @Test(
        arguments: [
            ("HTTP/1.1 000 x\r\n\r\n", .status), ("HTTP/1.1 099 x\r\n\r\n", .status), ("HTTP/1.1 001\r\n\r\n", .status),
            ("HTTP/1.1 101 x\r\n\r\n", .upgrade), ("HTTP/1.1 100 x\r\n\r\nHTTP/1.1 000 x\r\n\r\n", .status),
            ("HTTP/1.1 1000 x\r\n\r\n", .notHTTP), ("HTTP/1.1 -20 x\r\n\r\n", .notHTTP), ("HTTP/1.1 20", nil),
            ("HTTP/1.1 20x ", .notHTTP), ("HTTP/2.0 200", .notHTTP), ("HTTP/0.9 200", .notHTTP), ("http/1.1", .notHTTP),
            (" HTTP/1.1", .notHTTP), ("ICY 200 OK", .notHTTP), ("\u{feff}HTTP", .notHTTP), ("\u{0}", .notHTTP),
            ("HTTP/1.1 200 OK\r\n A: b\r\n\r\n", .notHTTP), ("HTTP/1.1 200 OK\r\n\tA: b\r\n\r\n", .notHTTP),
        ] as [(String, BadAnswer?)])
    func whatNoAnswerIsIsRefused(text: String, reason: BadAnswer?) {
        guard case .failure(let error) = read(text) else { return #expect(reason == nil) }
        #expect(error == reason)
    }

    @Test(arguments: ["\r\n", "HTTP/1.1 100 x\r\n\r\n", "HTTP/1.1 199 x\r\nA: b\r\n\r\n"])
    func whatComesBeforeTheAnswerHasAnEnd(text: String) {
        let flood = String(repeating: text, count: AnswerHead.longest / text.utf8.count + 1)
        #expect(throws: BadAnswer.tooLong) { try read([Array(flood.utf8)]).get() }
        let parts = Array(repeating: Array(text.utf8), count: AnswerHead.longest / text.utf8.count + 1)
        #expect(throws: BadAnswer.tooLong) { try read(parts).get() }
    }

    @Test(arguments: [0, 1]) func aHeadHasALongestLength(excess: Int) throws {
        let frame = "HTTP/1.1 200 OK\r\nA: \r\n\r\n"
        let value = String(repeating: "x", count: AnswerHead.longest - frame.utf8.count + excess)
        let text = "HTTP/1.1 200 OK\r\nA: \(value)\r\n\r\nbody"
        if excess == 0 {
            #expect(try read([Array(text.utf8)]).get()?.status == 200)
        } else {
            #expect(throws: BadAnswer.tooLong) { try read([Array(text.utf8)]).get() }
        }
    }
}
