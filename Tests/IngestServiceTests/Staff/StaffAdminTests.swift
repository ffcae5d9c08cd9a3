import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import IngestService

@Suite("Admin API of people", .serialized)
struct StaffAdminTests {
    @Test(arguments: StoreDriver.allCases) func aPersonIsAddedListedAndRevoked(_ driver: StoreDriver) async throws {
        try await Self.with(driver) { client, store in
            let body =
                #"{"email":"Ada@Chapter.example","name":"Ada Lovelace","organization":"relief-org","may":"write","by":"root"}"#
            let added = try await Self.post(client, "/admin/staff", body)
            #expect(added.status == 201)
            let link = try #require(added.json["link"] as? String)
            #expect(link.hasPrefix("/desk/sign-in/"))
            let token = try #require(added.json["token"] as? String)
            #expect((added.json["person"] as? [String: Any])?["email"] as? String == "ada@chapter.example")
            #expect(try await Self.post(client, "/admin/staff", body).status == 409)
            // The token has the person's rights and name in the API.
            try await APIHarness.with(store) { api in
                let request = Fixture.newRequest()
                _ = try await store.accept(request, event: try Fixture.event(request))
                _ = try await store.apply(Fixture.decided(), to: request.id)
                let patched = try await api.patch(request.id, #"{"status":"assigned"}"#, token: token)
                #expect(patched.status == 200)
                #expect(try await store.job(request.id)?.timeline.last?.person == "Ada Lovelace")
                #expect(try await api.patch(request.id, #"{"status":"canceled"}"#, token: token + "0").status == 401)
                #expect(try await api.get("/api/requests", authorization: "Bearer \(token)").json["requests"] != nil)
                #expect(
                    try await Self.post(client, "/admin/staff/revoke", #"{"email":"ada@chapter.example","by":"root"}"#)
                        .status == 200)
                #expect(try await api.patch(request.id, #"{"status":"canceled"}"#, token: token).status == 401)
            }
            #expect(
                try await Self.post(client, "/admin/staff/link", #"{"email":"ada@chapter.example","by":"root"}"#).status
                    == 404)
            let listed = try await Self.send(client, .get, "/admin/staff", nil).json["staff"] as? [[String: Any]]
            #expect(listed?.count == 1 && listed?.first?["revokedAt"] is String && listed?.first?["token"] == nil)
        }
    }

    @Test(arguments: [
        ("{", 400), ("[]", 422), ("{}", 422), (#"{"email":"x","may":"read","organization":"o","by":"r"}"#, 422),
        (#"{"email":"a@b","may":"fly","organization":"o","by":"r"}"#, 422),
        (#"{"email":"a@b","may":"read","by":"r"}"#, 422),
        (#"{"email":"a@b","may":"operate","organization":"o","by":"r"}"#, 422),
        (#"{"email":"a@b","may":"read","organization":"o"}"#, 422),
        (#"{"email":"a@b\u0000","may":"read","organization":"o","by":"r"}"#, 422),
        (#"{"email":"a b@c","may":"read","organization":"o","by":"r"}"#, 422),
        (#"{"email":"a@b","name":"\u202ex","may":"read","organization":"o","by":"r"}"#, 422),
    ])
    func whatCannotBeIsRefused(_ body: String, _ status: Int) async throws {
        try await Self.with(.sqlite) { client, store in
            let answer = try await Self.post(client, "/admin/staff", body)
            let staff = try await store.staff()
            #expect(answer.status == status && staff.isEmpty)
        }
    }

    @Test(arguments: StoreDriver.allCases) func anOperatorGetsALinkToTheConsole(_ driver: StoreDriver) async throws {
        try await Self.with(driver) { client, _ in
            let added = try await Self.post(
                client, "/admin/staff", #"{"email":"olu@ops.example","may":"operate","by":"root"}"#)
            #expect(added.status == 201 && added.json["token"] == nil)
            #expect((added.json["link"] as? String)?.hasPrefix("/console/sign-in/") == true)
            let again = try await Self.post(client, "/admin/staff/link", #"{"email":"olu@ops.example","by":"root"}"#)
            #expect(again.status == 201 && again.json["link"] as? String != added.json["link"] as? String)
            #expect(
                try await Self.post(client, "/admin/staff/link", #"{"email":"no@one.example","by":"root"}"#).status
                    == 404)
        }
    }

    private static func with(
        _ driver: StoreDriver, _ body: @escaping @Sendable (any TestClientProtocol, RequestStore) async throws -> Void
    )
        async throws
    {
        try await driver.withStore { store in
            let router = Router(context: BasicRequestContext.self)
            StaffAdminController(access: StoreAccess(store: store), now: { Fixture.now }).register(
                on: router.group("/admin"))
            try await Application(router: router).test(.router) { try await body($0, store) }
        }
    }

    private static func post(_ client: any TestClientProtocol, _ path: String, _ body: String) async throws
        -> APIHarness.Answer
    {
        try await send(client, .post, path, body)
    }

    private static func send(
        _ client: any TestClientProtocol, _ method: HTTPRequest.Method, _ path: String, _ body: String?
    ) async throws -> APIHarness.Answer {
        try await client.execute(
            uri: path, method: method, headers: [.contentType: "application/json"],
            body: body.map { ByteBuffer(string: $0) }
        ) { APIHarness.Answer(status: $0.status.code, headers: $0.headers, bytes: Data($0.body.readableBytesView)) }
    }
}
