import ArgumentParser
import Testing

@testable import Operator

@Suite struct TokenNewTests {
    @Test func aTokenHas256BitsAndNothingToEscape() {
        let tokens = Set((0..<100).map { _ in TokenNew.token() })
        #expect(tokens.count == 100)
        for token in tokens { #expect(token.wholeMatch(of: /[A-Za-z0-9_-]{43}/) != nil) }
    }

    @Test func theHashIsThatOfTheFile() {
        #expect(TokenNew.hash(of: "test") == "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")
    }

    @Test func theCommandIsThere() throws {
        #expect(try Intake.parseAsRoot(["token", "new"]) is TokenNew)
        #expect(throws: (any Error).self) { try Intake.parseAsRoot(["token", "new", "extra"]) }
    }
}
