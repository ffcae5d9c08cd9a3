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
        ("HTTP/1.1 200 OK\nA: b\n c\n\n", "HTTP/1.1 200 OK\nA: b\n c\n\n", 200),
    ])
    func aFinalHeadComesOutAndInterimOnesDoNot(text: String, expected: String, status: Int) throws {
        let answer = try #require(try read(text).get())
        #expect(answer.status == status)
        #expect(answer.text == expected)
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
