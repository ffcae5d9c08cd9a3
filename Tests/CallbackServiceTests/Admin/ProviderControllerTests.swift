import AdminAPI
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import ServiceRuntime
import TestSupport
import Testing

@testable import CallbackService

@Suite struct ProviderControllerTests {
    /// Asks the router of a service that knows these partners.
    private func ask(
        _ partners: [Partner], _ method: HTTPRequest.Method, _ path: String,
        recipients: [String: AlertRecipient] = [:], body: String = "", state: CallbackState? = nil,
        lookup: HostLookup = .ofSystem
    ) async throws -> (status: Int, json: [String: Any]) {
        let bodies = Recorder<(Int, Data)>()
        try await withClient(lookup: lookup) { client in
            let byID = Dictionary(uniqueKeysWithValues: partners.map { ($0.id, $0) })
            let state = try state ?? CallbackState(path: TestDirectory.make("callback") + "/callback.sqlite")
            let secrets = try await RotatedSecrets(state, logger: .silent)
            let controller = ProviderController(
                partners: { secrets.applied(to: Partners(byID: byID, recipients: recipients)) }, client: client,
                pauses: try await CallbackPauses(state, logger: .silent), secrets: secrets, logger: .silent)
            let router = Router()
            controller.register(on: router.group("/admin"))
            // What is typed is served, and nothing else is.
            let own = AdminCatalogue.routes(of: .callback).subtracting(AdminCatalogue.routes(of: .geocode))
            #expect(Set(router.routes.map { "\($0.method) \($0.path)" }) == Set(own.map(\.description)))
            try await Application(router: router).test(.router) { test in
                try await test.execute(uri: path, method: method, body: ByteBuffer(string: body)) { response in
                    bodies.add((Int(response.status.code), Data(response.body.readableBytesView)))
                }
            }
        }
        let (status, body) = try #require(bodies.all.first)
        return (status, try #require(try JSONSerialization.jsonObject(with: body) as? [String: Any]))
    }

    private func test(
        answer: String = "200 OK", headers: [String] = [], body: String = "", receipt: ReceiptRule = ReceiptRule()
    ) async throws -> (json: [String: Any], requests: [TestConnection.Request]) {
        let requests = Recorder<TestConnection.Request>()
        let answers = Recorder<Data>()
        try await TestServer.serving { connection in
            while let request = try await connection.request() {
                requests.add(request)
                try await connection.answer(answer, headers: headers, body: body)
            }
        } _: { server in
            let partner = try Partner.fixture(
                server.template, authorization: "Bearer s3cret-token",
                headers: [.init(name: "X-Portal-Key", value: Secret("s3cret-key"))],
                signingSecrets: [try SigningSecret("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX")], receipt: receipt)
            let answer = try await ask([partner], .post, "/admin/providers/portal/test")
            #expect(answer.status == 200)
            answers.add(try JSONSerialization.data(withJSONObject: answer.json))
        }
        let json = try JSONSerialization.jsonObject(with: try #require(answers.all.first))
        return (try #require(json as? [String: Any]), requests.all)
    }

    @Test func aSecretIsChangedAndShownOnce() async throws {
        let state = try CallbackState(path: TestDirectory.make("callback") + "/callback.sqlite")
        let old = try SigningSecret("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX")
        let partner = try Partner.fixture(signingSecrets: [old])
        let path = "/admin/providers/portal/secret"
        let made = try await ask(
            [partner], .post, path, body: #"{"by": "olu", "overlapSeconds": 60}"#, state: state)
        let secret = try SigningSecret(try #require(made.json["secret"] as? String))
        #expect(made.status == 200 && made.json["signingSecretIds"] as? [String] == [secret.id, old.id])
        let listed = try await ask([partner], .get, "/admin/providers", state: state)
        let entry = try #require((listed.json["providers"] as? [[String: Any]])?.first)
        #expect(entry["signingSecretIds"] as? [String] == [secret.id, old.id])
        #expect((entry["endingSecrets"] as? [[String: String]])?.map { $0["id"] } == [old.id])
        #expect(!"\(listed.json)".contains("whsec_"))
        // The same one again, as the next process is told it.
        let again = try await ask(
            [partner], .post, path, body: #"{"by": "olu", "secret": "\#(secret.text.revealed)"}"#, state: state)
        #expect(again.status == 200 && again.json["signingSecretIds"] as? [String] == [secret.id, old.id])
        for _ in 1...2 {
            #expect(try await ask([partner], .post, path, body: #"{"by": "olu"}"#, state: state).status == 200)
        }
        let fifth = try await ask([partner], .post, path, body: #"{"by": "olu"}"#, state: state)
        #expect(fifth.status == 409 && fifth.json["code"] as? String == "too-many-secrets")
        #expect((fifth.json["detail"] as? String)?.contains("The first of them ends at 20") == true)
    }

    @Test(arguments: [
        ("", "Say who it is"), ("[]", "Say who it is"), (#"{"overlapSeconds": 60}"#, "Say who it is"),
        (#"{"by": ""}"#, "by is empty."), (#"{"by": "olu", "overlapSeconds": -1}"#, "overlapSeconds is not from 0"),
        (#"{"by": "olu", "overlapSeconds": 604801}"#, "overlapSeconds is not from 0 to 604800."),
        (#"{"by": "olu", "overlapSeconds": 1e99}"#, "Say who it is"),
        (#"{"by": "olu", "secret": "hunter2"}"#, "secret does not start with whsec_."),
        (#"{"by": "olu", "secret": "whsec_AAAA"}"#, "secret has 3 bytes, not 24 to 64."),
    ])
    func anOrderThatIsNoneChangesNothing(_ body: String, _ problem: String) async throws {
        let state = try CallbackState(path: TestDirectory.make("callback") + "/callback.sqlite")
        let answer = try await ask(
            [try Partner.fixture()], .post, "/admin/providers/portal/secret", body: body, state: state)
        #expect(answer.status == 422 && (answer.json["detail"] as? String)?.hasPrefix(problem) == true)
        #expect(!"\(answer.json)".contains("hunter2"))
        #expect(try await state.rotations() == [])
        let unknown = try await ask([], .post, "/admin/providers/portal/secret", body: body, state: state)
        #expect(unknown.status == 404)
    }

    @Test func aTrialShowsTheWholeExchangeAndNoSecret() async throws {
        let (json, requests) = try await test(
            answer: "202 Accepted", headers: ["X-Echo: s3cret-token", "X-Twice: 1", "X-Twice: 2"],
            body: #"{"seen":"s3cret-key"}"#)
        let sent = try #require(requests.first)
        #expect(sent.headers["intake-test"] == "true" && sent.headers["webhook-signature"]?.hasPrefix("v1,") == true)
        #expect(sent.line.hasPrefix("POST /callbacks/intake-test-"))
        #expect(sent.body == #"{"acceptance":true,"status":"new"}"#)

        let text = String(decoding: try JSONSerialization.data(withJSONObject: json), as: UTF8.self)
        #expect(!text.contains("s3cret"))
        #expect(!text.contains(try #require(sent.headers["webhook-signature"])))
        let request = try #require(json["request"] as? [String: Any])
        #expect((request["url"] as? String)?.contains("/callbacks/intake-test-") == true)
        #expect(request["body"] as? String == sent.body)
        let headers = try #require(request["headers"] as? [[String: String]])
        #expect(headers.contains(["name": "authorization", "value": "[redacted]"]))
        #expect(headers.contains(["name": "X-Portal-Key", "value": "[redacted]"]))
        #expect(headers.contains(["name": "intake-test", "value": "true"]))
        #expect(
            json["addresses"] as? [[String: String]] == [
                ["address": "127.0.0.1", "family": "IPv4", "verdict": "allowed"]
            ])
        #expect(json["address"] as? String == "127.0.0.1" && json["tls"] == nil && json["proxy"] == nil)
        let response = try #require(json["response"] as? [String: Any])
        #expect(response["status"] as? Int == 202 && response["body"] as? String == #"{"seen":"[redacted]"}"#)
        #expect(response["bodyCut"] as? Bool == false)
        let received = try #require(response["headers"] as? [[String: String]])
        #expect(received.filter { $0["name"]?.lowercased() == "x-twice" }.count == 2)
        let receipt = try #require(json["receipt"] as? [String: Any])
        #expect(receipt["isReceipt"] as? Bool == true && receipt["outcome"] as? String == "delivered")
        #expect(receipt["code"] == nil && json["durationMs"] is Int)
    }

    @Test(arguments: [
        ("200 OK", #"{"error":1}"#, "no-receipt", "retry"), ("503 Busy", "", "http-503", "retry"),
        ("410 Gone", "", "http-410", "dead"), ("307 Moved", "", "redirected", "retry"),
    ])
    func aTrialSaysWhyItIsNoReceipt(answer: String, body: String, code: String, outcome: String) async throws {
        let rule = ReceiptRule(body: [.absent(try #require(JSONPointer("/error")))])
        let receipt = try #require(
            try await test(answer: answer, body: body, receipt: rule).json["receipt"] as? [String: Any])
        #expect(receipt["isReceipt"] as? Bool == false && receipt["code"] as? String == code)
        #expect(receipt["outcome"] as? String == outcome && (receipt["reason"] as? String)?.isEmpty == false)
    }

    @Test func aTrialShowsEachAddressAndWhatIsWrongWithIt() async throws {
        let lookup = HostLookup { _ in [.v4(0x0808_0808), .v4(0xA9FE_A9FE)] }
        let partner = try Partner.fixture("https://portal.example/{providerRequestId}", allowances: [])
        let json = try await ask([partner], .post, "/admin/providers/portal/test", lookup: lookup).json
        #expect(
            json["addresses"] as? [[String: String]] == [
                ["address": "8.8.8.8", "family": "IPv4", "verdict": "allowed"],
                [
                    "address": "169.254.169.254", "family": "IPv4", "verdict": "refused",
                    "reason": "link-local (169.254.0.0/16)",
                ],
            ])
        #expect(json["address"] == nil && json["response"] == nil)
        #expect((json["tls"] as? [String: String]) == ["trust": "system"])
        #expect((json["receipt"] as? [String: Any])?["code"] as? String == "address-forbidden")
    }

    /// Names of every kind come as the caller's URL encodes them.
    @Test(arguments: ["a.b", "a/b", "100%", "..", "a b"])
    func aProviderIsFoundWhateverItIsCalled(_ name: String) async throws {
        let target = PauseCallbacks.call(of: name, body: PauseOrder(by: "olu", why: nil)).target
        let answer = try await ask([try Partner.fixture(id: name)], .post, target, body: #"{"by": "olu"}"#)
        #expect(answer.status == 200 && answer.json["provider"] as? String == name)
    }

    @Test func aProviderThatTheFileDoesNotNameIsNotFound() async throws {
        let answer = try await ask([], .post, "/admin/providers/nobody/test")
        #expect(answer.status == 404 && answer.json["code"] as? String == "unknown-provider")
    }

    /// Whoever `notify` names can be tried, too, before there is trouble.
    @Test func aRecipientIsToldThatNothingIsWrong() async throws {
        let requests = Recorder<TestConnection.Request>()
        try await TestServer.serving { connection in
            while let request = try await connection.request() {
                requests.add(request)
                try await connection.answer("204 No Content")
            }
        } _: { server in
            let secret = try SigningSecret("whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX")
            let recipient = AlertRecipient(
                endpoint: Partner(
                    id: "on-call", url: try URLTemplate(fixed: "\(server.url)/s3cret/hook"), signingSecrets: [secret],
                    allowances: [.http, .privateNetworks]),
                organizations: ["relief"], kinds: [.dead])
            let answer = try await ask(
                [], .post, "/admin/providers/on-call/test", recipients: ["on-call": recipient])
            #expect(answer.status == 200 && answer.json["provider"] as? String == "on-call")
            #expect((answer.json["receipt"] as? [String: Any])?["isReceipt"] as? Bool == true)
            let list = try await ask([], .get, "/admin/providers", recipients: ["on-call": recipient]).json
            let shown = try #require((list["recipients"] as? [[String: Any]])?.first)
            #expect(shown["recipient"] as? String == "on-call" && shown["organizations"] as? [String] == ["relief"])
            #expect(shown["on"] as? [String] == ["dead"] && shown["providers"] == nil)
            #expect(shown["signingSecretIds"] as? [String] == ["c1d0cfcf"] && !"\(shown)".contains("s3cret"))
            // Its callbacks cannot be paused: it has none.
            let pause = try await ask(
                [], .post, "/admin/providers/on-call/pause", recipients: ["on-call": recipient],
                body: #"{"by": "Olu"}"#)
            #expect(pause.status == 404)
        }
        let request = try #require(requests.all.first)
        #expect(requests.all.count == 1 && request.line == "POST /s3cret/hook HTTP/1.1")
        #expect(request.headers["intake-test"] == "true" && request.headers["webhook-signature"] != nil)
        #expect(
            request.body.hasPrefix(
                #"{"type":"test","text":"A trial, to see that on-call is told of trouble. Nothing is wrong.","at":"#))
    }

    @Test func aPauseIsKeptAndShownAndEnded() async throws {
        let state = try CallbackState(path: TestDirectory.make("callback") + "/callback.sqlite")
        let partner = try Partner.fixture("http://127.0.0.1:8090/{providerRequestId}")
        let path = "/admin/providers/portal/"
        func paused() async throws -> [String: Any]? {
            let json = try await ask([partner], .get, "/admin/providers", state: state).json
            return (json["providers"] as? [[String: Any]])?.first?["paused"] as? [String: Any]
        }
        for body in ["", "{}", "[]", #"{"by": ""}"#, #"{"by": 3}"#, #"{"why": "x"}"#] {
            let answer = try await ask([partner], .post, path + "pause", body: body, state: state)
            #expect(answer.status == 422, "\(body)")
        }
        #expect(try await ask([], .post, path + "pause", body: #"{"by": "Olu"}"#).status == 404)
        #expect(try await paused() == nil)
        let order = #"{"by": "Olu\u001b[2J", "why": "they move house"}"#
        let answer = try await ask([partner], .post, path + "pause", body: order, state: state)
        #expect(answer.status == 200 && answer.json["paused"] != nil)
        // Who comes second changes nothing. Another process on the same file knows it.
        _ = try await ask([partner], .post, path + "pause", body: #"{"by": "Eve"}"#, state: state)
        let pause = try #require(try await paused())
        #expect(pause["by"] as? String == "Olu\u{FFFD}[2J" && pause["why"] as? String == "they move house")
        #expect(pause["since"] is String)
        _ = try await ask([partner], .post, path + "resume", body: #"{"by": "Olu"}"#, state: state)
        #expect(try await paused() == nil)
    }

    @Test func secretsAreNamedByTheirHash() async throws {
        let secret = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"
        let partner = try Partner.fixture(
            "http://127.0.0.1:8090/{providerRequestId}", signingSecrets: [try SigningSecret(secret)])
        let json = try await ask([partner], .get, "/admin/providers").json
        let shown = try #require((json["providers"] as? [[String: Any]])?.first)
        // printf %s whsec_… | sha256sum
        #expect(shown["signingSecretIds"] as? [String] == ["c1d0cfcf"] && !"\(shown)".contains("AAECAw"))
    }

    @Test func theListShowsNoSecretAndNoPath() async throws {
        let partner = try Partner.fixture(
            "http://127.0.0.1:8090/s3cret/{providerRequestId}", authorization: "s3cret",
            headers: [.init(name: "X-Portal-Key", value: Secret("s3cret"))])
        let json = try await ask([partner], .get, "/admin/providers").json
        let shown = try #require((json["providers"] as? [[String: Any]])?.first)
        #expect(shown["provider"] as? String == "portal" && shown["origin"] as? String == "http://127.0.0.1:8090")
        #expect(shown["allow"] as? [String] == ["http", "private-networks"] && shown["timeoutMs"] as? Int == 10_000)
        #expect(shown["authorization"] as? Bool == true && shown["headers"] as? [String] == ["X-Portal-Key"])
        #expect(shown["receipt"] as? String == "status 2xx" && shown["signingSecrets"] as? Int == 0)
        #expect(shown["rate"] == nil && shown["circuit"] == nil)
        #expect(!"\(shown)".contains("s3cret"))
    }
}
