import Crypto
import Foundation
import HTTPListener
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Pages
import ServiceRuntime
import Testing
import Yams

@testable import IngestService

/// GET /docs: the OpenAPI document for people.
@Suite struct DocsTests {
    private static func html() throws -> String {
        DocsController.html(PackageResources.openapi_yaml, try PageTemplates())
    }

    @Test func isThereForEverybodyAndRunsNothingOfOthers() async throws {
        let router = Router(context: BasicRequestContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: SecurityHeaders(isTLS: true))
        router.add(middleware: ProblemMiddleware(otherMethod: APIPath.otherMethod))
        DocsController(templates: try PageTemplates()).register(on: router)
        try await Application(router: router).test(.router) { client in
            let asset = try await client.execute(uri: "/docs", method: .get) { response in
                #expect(response.status == .ok && response.headers[.contentType] == "text/html; charset=utf-8")
                #expect(response.headers[.contentSecurityPolicy] == Response.pagePolicy)
                #expect(response.headers[.strictTransportSecurity] != nil)
                let html = String(buffer: response.body)
                #expect(!html.contains("style=") && html.matches(of: /<script/).count == 1)
                return try #require(html.firstMatch(of: /href="(\/docs\/assets\/style[^"]+)"/)).1
            }
            try await client.execute(uri: String(asset), method: .get) { #expect($0.status == .ok) }
            try await client.execute(uri: "/docs/assets/nothing.css", method: .get) { #expect($0.status == .notFound) }
            try await client.execute(uri: "/docs", method: .head) {
                #expect($0.status == .ok && $0.body.readableBytes == 0)
            }
            try await client.execute(uri: "/docs", method: .post) {
                #expect($0.status == .methodNotAllowed && $0.headers[.allow] == "GET, HEAD")
            }
        }
    }

    /// Whatever the document says to people stands on the page, in its words.
    @Test func allThatTheDocumentSaysIsShown() throws {
        let html = try Self.html()
        let text = Self.text(html)
        let document = try #require(try Yams.load(yaml: String(decoding: PackageResources.openapi_yaml, as: UTF8.self)))
        var count = 0
        for words in Self.words(in: document) {
            count += 1
            for block in DescriptionText(words).blocks {
                for runs in [block.runs] + (block.heads + block.rows.flatMap(\.cells)).map(\.runs) {
                    let shown = Self.spaced(runs.map(\.words).joined())
                    #expect(shown.isEmpty || text.contains(shown), "\(shown)")
                }
            }
        }
        #expect(count > 200)
        let page = try #require(OpenAPIPage(PackageResources.openapi_yaml))
        let operations = page.groups.flatMap(\.operations)
        #expect(operations.map(\.anchor).contains("submitRequest") && operations.last?.anchor != nil)
        #expect(operations.count == 12 && page.schemas.count > 25 && page.answers.count > 12)
        for operation in operations { #expect(!operation.answers.isEmpty && !operation.calls.isEmpty) }
        let submit = try #require(operations.first { $0.anchor == "submitRequest" })
        #expect(submit.answers.map(\.status).contains("409") && submit.tokens.map(\.label) == ["partner"])
        #expect(submit.lists.map(\.title) == ["Headers"] && submit.bodies.first?.fields.count == 14)
        let call = submit.calls[0].code
        #expect(
            call.contains("curl -i \"$INTAKE/api/requests\"") && call.contains("\"providerRequestId\": \"SA-1001\""))
    }

    @Test func everyLinkLeadsSomewhereAndEachPlaceIsThereOnce() throws {
        let html = try Self.html()
        let ids = html.matches(of: /\ id="([^"]+)"/).map { String($0.1) }
        #expect(Set(ids).count == ids.count)
        let links = Set(html.matches(of: /href="#([^"]*)"/).map { String($0.1) })
        #expect(links.count > 60 && links.subtracting(ids) == [])
        for path in ["/openapi.yaml", "/openapi.json", "/partner"] { #expect(html.contains("href=\"\(path)\"")) }
    }

    /// The callback's example can be checked as a partner would check it.
    @Test func theSignatureOfTheExampleIsTrue() throws {
        let page = try #require(OpenAPIPage(PackageResources.openapi_yaml))
        let webhook = try #require(page.groups.flatMap(\.operations).first { $0.anchor == "receiveDecision" })
        let message = webhook.calls[0].code
        func header(_ name: String) throws -> String {
            let line = try #require(message.split(separator: "\n").first { $0.hasPrefix("\(name): ") })
            return String(line.dropFirst(name.count + 2))
        }
        let body = try #require(message.split(separator: "\n").last)
        #expect(body == #"{"acceptance":true,"status":"new"}"#)
        let secret = try #require(Self.text(try Self.html()).firstMatch(of: /whsec_([A-Za-z0-9+\/=]{32})/)).1
        let key = SymmetricKey(data: try #require(Data(base64Encoded: String(secret))))
        let signed = "\(try header("webhook-id")).\(try header("webhook-timestamp")).\(body)"
        let code = Data(HMAC<SHA256>.authenticationCode(for: Data(signed.utf8), using: key))
        #expect(try header("webhook-signature") == "v1,\(code.base64EncodedString())")
        #expect(try header("Idempotency-Key") == header("webhook-id"))
    }

    @Test func versionAndLicenceAreThoseOfTheProgram() throws {
        let page = try #require(OpenAPIPage(PackageResources.openapi_yaml))
        #expect(page.version == ProcessIdentity.version)
        #expect(String(decoding: PackageResources.openapi_yaml, as: UTF8.self).contains("identifier: Apache-2.0"))
    }

    @Test func whatIsNoDocumentIsNoPage() throws {
        #expect(OpenAPIPage(Array("{".utf8)) == nil && OpenAPIPage([]) == nil)
        let hostile = """
            openapi: 3.1.0
            info: {title: <script>alert(1)</script>, version: "1", description: "a `<b>` **<i>** & \\"q\\""}
            tags: [{name: T}]
            paths:
              /x:
                get:
                  tags: [T]
                  operationId: <x y="z">
                  responses: {'200': {$ref: '#/components/responses/Nowhere'}}
            """
        let html = DocsController.html(Array(hostile.utf8), try PageTemplates())
        #expect(!html.contains("<script>") && !html.contains("<i>") && !html.contains("<b>") && !html.contains("<x "))
        #expect(html.contains("&lt;script&gt;"))
    }

    @Test func aSchemaOfItselfHasAnEnd() throws {
        let document = """
            openapi: 3.1.0
            components:
              schemas:
                Tree:
                  type: object
                  properties:
                    leaves: {type: array, items: {$ref: '#/components/schemas/Tree'}}
                    other: {$ref: '#/components/schemas/Tree'}
            """
        let page = try #require(OpenAPIPage(Array(document.utf8)))
        #expect(page.schemas.first?.fields.first?.types.map(\.label) == ["array of ", "Tree"])
    }

    // MARK: Parts

    @Test func descriptionsAreMarkdown() {
        let text = DescriptionText("One\nline, `a|b` and **two** `open\n\n| A | `b` |\n|---|---|\n| **c** | d, `e` |\n")
        #expect(text.blocks.count == 2)
        #expect(
            text.blocks[0].runs == [
                .init(words: "One line, "), .init(words: "a|b", isCode: true), .init(words: " and "),
                .init(words: "two", isStrong: true), .init(words: " `open"),
            ])
        #expect(
            text.blocks[1].isTable
                && text.blocks[1].heads.map(\.runs) == [[.init(words: "A")], [.init(words: "b", isCode: true)]])
        #expect(text.blocks[1].rows.count == 1 && text.blocks[1].rows[0].cells.count == 2)
        #expect(DescriptionText("").blocks.isEmpty && DescriptionText("| no table").blocks[0].runs.count == 1)
    }

    @Test(arguments: [
        "{}", "[]", "{a: 1, b: [x, true, ~], c: {d: '1'}}", "plain",
        "{long: [\(String(repeating: "abcdefghij, ", count: 12))], nested: {k: {l: [1.5, {m: \"q\\\"\\n\"}]}}}",
    ])
    func listingsAreTheSameJSON(_ yaml: String) throws {
        let node = try #require(try Yams.compose(yaml: yaml))
        let listing = JSONListing(node).text
        func object(_ text: String) throws -> NSObject? {
            try JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed) as? NSObject
        }
        #expect(try object(listing) == object(JSONListing.compact(node)))
        #expect(listing.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }

    @Test func rulesAreSaidInWords() throws {
        func notes(_ yaml: String) throws -> [String] {
            SchemaWords.notes(on: try #require(try Yams.compose(yaml: yaml)))
        }
        #expect(try notes("{minLength: 1, maxLength: 64}") == ["1 to 64 characters"])
        #expect(try notes("{maxLength: 3, default: x}") == ["3 characters at most; x without it"])
        #expect(try notes("{minimum: 1}") == ["1 or more"])
        #expect(try notes("{minItems: 2, maxItems: 2}") == ["2 elements"])
        #expect(
            try notes("{minProperties: 1, additionalProperties: false}") == [
                "1 of the members at least; no other members"
            ])
        #expect(try notes("{type: string}") == [])
    }

    /// The descriptions and summaries of the whole document, but for what says what the document itself is.
    private static func words(in value: Any) -> [String] {
        if let list = value as? [Any] { return list.flatMap(words) }
        guard let object = value as? [AnyHashable: Any] else { return [] }
        return object.flatMap { key, value -> [String] in
            let name = "\(key)"
            if ["servers", "externalDocs"].contains(name) { return [] }
            if ["description", "summary"].contains(name), let text = value as? String { return [text] }
            // An example's own members are data.
            return name == "value" ? [] : words(in: value)
        }
    }

    private static func text(_ html: String) -> String {
        var text = html.replacing(/<[^>]+>/, with: "")
        for (name, character) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")] {
            text = text.replacing(name, with: character)
        }
        return spaced(text)
    }

    private static func spaced(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
