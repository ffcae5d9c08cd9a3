import AdminAPI
import AdminCalls
import Contracts
import Foundation
import NIOCore
import NIOHTTP1
import Testing

/// What a caller gets of an endpoint: the typed answer, or the typed problem.
@Suite struct AdminClientTests {
    private static func client(_ status: Int, _ body: String) -> AdminClient {
        AdminClient(base: "http://h:1/") { _, _, _, _ in (status, Array(body.utf8)) }
    }

    private static func ask(_ status: Int, _ body: String) async -> Result<FoundRequests, AdminFailure> {
        do throws(AdminFailure) {
            let call = FindRequests.call { $0.q = "x" }
            return .success(try await client(status, body).send(call, timeout: .seconds(1)))
        } catch { return .failure(error) }
    }

    @Test func aCallIsWhatItsEndpointSays() async throws {
        let client = AdminClient(base: "http://h:1/ops/") { method, url, body, timeout in
            #expect(method == .PUT && url == "http://h:1/ops/admin/log-level" && timeout == .seconds(7))
            #expect(String(decoding: body ?? [], as: UTF8.self) == #"{"level":"debug"}"#)
            return (200, Array(#"{"configured":"info","level":"debug","parts":[]}"#.utf8))
        }
        let call = ChangeLogLevel.call(body: .init(level: "debug", part: nil, time: nil))
        #expect(try await client.send(call, timeout: .seconds(7)).level == "debug")
        let plain = AdminClient(base: "http://h:1") { method, url, body, _ in
            #expect(method == .GET && url == "http://h:1/admin/requests?q=x" && body == nil)
            return (200, Array(#"{"requests":[]}"#.utf8))
        }
        #expect(try await plain.send(FindRequests.call { $0.q = "x" }, timeout: .seconds(1)).requests == [])
    }

    @Test(arguments: [
        "", "{}", "[]", "null", "<html>", #"{"requests":{}}"#, #"{"requests":[{"id":"1"}]}"#, "{\"requests\":[",
    ])
    func anAnswerThatIsNoneIsNotUnderstood(_ body: String) async {
        #expect(await Self.ask(200, body) == .failure(.notUnderstood))
    }

    @Test(arguments: [301, 400, 401, 403, 404, 409, 422, 500, 503])
    func anyOtherStatusIsAProblem(_ status: Int) async {
        for body in ["", "oops", "[]", #"{"detail":3}"#, #"{"code":"x"}"#] {
            guard case .failure(.problem(let problem)) = await Self.ask(status, body) else {
                Issue.record("\(status) is no problem")
                return
            }
            #expect(problem.status == status && problem.detail == nil && problem.draft == nil)
        }
        let full =
            #"{"type":"urn:x","title":"t","status":1,"detail":"d","code":"c","problems":["p"],"missingFiles":[]}"#
        guard case .failure(.problem(let problem)) = await Self.ask(status, full) else { return }
        #expect(problem.detail == "d" && problem.code == "c" && problem.status == status)
        #expect(problem.draft == DraftFaults(problems: ["p"], missingFiles: []))
    }

    @Test func whoIsAwayIsSaidToBe() async {
        let client = AdminClient(base: "http://h:1") { _, _, _, _ in throw CancellationError() }
        await #expect(throws: AdminFailure.unreachable("stopping")) {
            try await client.send(CountRequests.call(), timeout: .seconds(1))
        }
    }

    @Test(arguments: [
        ("http://h:1", true), ("https://h/ops", true), ("ftp://h", false), ("h:1", false), ("http://", false),
        ("http://h?x", false), ("http://u@h", false), ("http://h#x", false), ("", false),
    ])
    func aBaseHasAHost(_ text: String, _ isOne: Bool) { #expect(AdminClient.isBase(text) == isOne) }
}
