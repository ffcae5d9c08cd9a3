import Contracts
import Foundation
import HTTPTypes
import Pages
import Testing

@testable import IngestService

@Suite("Signing in", .serialized)
struct SignInTests {
    @Test func aLinkSignsOnePersonInOnce() async throws {
        try await DeskHarness.with { desk in
            #expect(try await desk.send(.get, "/desk").headers[.location] == "/desk/sign-in")
            let code = try await desk.add(DeskHarness.ada)
            // Looking at it uses nothing up.
            for _ in 0..<3 {
                #expect(try await desk.send(.get, "/desk/sign-in/\(code.text)").text.contains("Ada Lovelace"))
            }
            let pasted = try await desk.send(
                .post, "/desk/sign-in", form: [("code", " https://intake.example/desk/sign-in/\(code.text) ")])
            #expect(pasted.headers[.location] == "/desk/sign-in/\(code.text)")
            let answer = try await desk.send(.post, "/desk/sign-in/\(code.text)", form: [])
            #expect(answer.status == 303 && answer.headers[.location] == "/desk")
            let cookie = try #require(answer.headers[.setCookie])
            for part in ["HttpOnly", "SameSite=Lax", "Path=/desk", "Max-Age=43200"] { #expect(cookie.contains(part)) }
            let again = try await desk.send(.post, "/desk/sign-in/\(code.text)", form: [])
            #expect(again.status == 403 && again.headers[.setCookie] == nil)
            let value = String(cookie.prefix { $0 != ";" })
            #expect(try await desk.send(.get, "/desk", cookie: value).text.contains("Inbox"))
            #expect(
                try await desk.send(.get, "/desk/sign-in", cookie: "a=b; \(value); c=d").headers[.location] == "/desk")
            // Neither secret is kept.
            let secret = String(value.split(separator: "=")[1])
            let dump = try await desk.dump()
            #expect(!dump.contains { $0.contains(secret) || $0.contains(code.secret.text) })
            let actions = try await desk.store.audit(AuditFilter(), before: nil, limit: 9).map(\.action)
            #expect(actions == [.signedIn, .staffAdded])
        }
    }

    @Test(arguments: StoreDriver.allCases) func aLinkEndsByItsTimeByGuessesAndByAnotherOne(_ driver: StoreDriver)
        async throws
    {
        try await DeskHarness.with(driver) { desk in
            let old = try await desk.add(DeskHarness.ada)
            let new = try await desk.add(DeskHarness.ada)
            #expect(try await desk.send(.post, "/desk/sign-in/\(old.text)", form: []).status == 403)
            for _ in 0..<SignInLink.mostGuesses {
                let wrong = new.selector + String(repeating: "0", count: 64)
                #expect(try await desk.send(.post, "/desk/sign-in/\(wrong)", form: []).status == 403)
            }
            #expect(try await desk.send(.post, "/desk/sign-in/\(new.text)", form: []).status == 403)
            let late = try await desk.add(DeskHarness.ada)
            desk.clock.advance(by: 86401)
            #expect(try await desk.send(.get, "/desk/sign-in/\(late.text)").status == 403)
            #expect(try await desk.send(.post, "/desk/sign-in/\(late.text)", form: []).status == 403)
        }
    }

    @Test(arguments: StoreDriver.allCases) func guessersAreSlowedDownAndNobodyElse(_ driver: StoreDriver) async throws {
        try await DeskHarness.with(driver) { desk in
            let code = try await desk.add(DeskHarness.ada)
            var statuses: Set<Int> = []
            for _ in 0..<30 {
                statuses.insert(try await desk.send(.post, "/desk/sign-in/\(SignInCode().text)", form: []).status)
            }
            #expect(statuses == [403, 429])
            #expect(try await desk.send(.post, "/desk/sign-in/\(code.text)", form: []).status == 303)
        }
    }

    @Test(arguments: StoreDriver.allCases) func anOperatorIsNobodyAtTheDesk(_ driver: StoreDriver) async throws {
        try await DeskHarness.with(driver) { desk in
            let code = try await desk.add(DeskHarness.olu)
            #expect(try await desk.send(.get, "/desk/sign-in/\(code.text)").status == 403)
            #expect(try await desk.send(.post, "/desk/sign-in/\(code.text)", form: []).status == 403)
        }
    }

    @Test(arguments: StoreDriver.allCases) func anotherSitesFormSignsNobodyIn(_ driver: StoreDriver) async throws {
        try await DeskHarness.with(driver) { desk in
            let code = try await desk.add(DeskHarness.ada)
            let headers: HTTPFields = [.origin: "https://evil.example"]
            #expect(try await desk.send(.post, "/desk/sign-in/\(code.text)", headers: headers, form: []).status == 403)
            #expect(try await desk.send(.post, "/desk/sign-in/\(code.text)", form: []).status == 303)
        }
    }
}
