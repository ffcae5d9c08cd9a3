import AdminAPI
import Contracts
import Foundation
import Testing

/// Paths, queries and answers, as both sides of an endpoint have them.
@Suite struct EndpointTests {
    private static let at = Date(timeIntervalSince1970: 1_790_000_000)
    private static let id = RequestID(UUID(uuid: (1, 2, 3, 4, 5, 6, 0x70, 8, 0x89, 10, 11, 12, 13, 14, 15, 16)))
    private static let idText = "01020304-0506-7008-890a-0b0c0d0e0f10"

    /// Each stands with method and path in docs/operations.md, whatever its names between braces are there.
    @Test func everyEndpointIsInTheDocuments() throws {
        let page = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/operations.md")
        let text = try String(contentsOf: page.standardized, encoding: .utf8)
        // Queries and names say what they stand for in their own words.
        let named = text.matches(of: /`(GET|POST|PUT|DELETE) (\/admin\/[^?`]*)/).map { match in
            "\(match.1) \(match.2.replacing(/\{[^}]*\}/, with: "{}"))"
        }
        for endpoint in AdminCatalogue.endpoints {
            let route = endpoint.route.description.replacing(/\{[^}]*\}/, with: "{}")
            #expect(named.contains(route), "\(endpoint.route)")
        }
    }

    @Test func aCallGoesToItsPathWithItsQuery() {
        let places = ListPlaces.call {
            ($0.since, $0.organization, $0.limit, $0.after) = (Self.at, "a&b=c d+é", 7, Self.id)
        }
        for (target, expected) in [
            (CountRequests.call().target, "/admin/conservation"),
            (ShowRequest.call(of: Self.id).target, "/admin/requests/\(Self.idText)"),
            (
                ShowDeadLetters.call(of: AdminID(Self.id.uuid)) { $0.raw = true }.target,
                "/admin/dead-letters/\(Self.idText)?raw=true"
            ),
            (EraseRequest.call(of: Self.id).target, "/admin/requests/\(Self.idText)/erase"),
            (
                places.target,
                "/admin/requests/places?since=2026-09-21T14%3A13%3A20.000Z&organization=a%26b%3Dc%20d%2B%C3%A9"
                    + "&limit=7&after=\(Self.idText)"
            ),
            (ListAreas.call().target, "/admin/coverage/areas"),
            (
                DecidePlaces.call(of: DecidePlaces.current, body: .init(places: [], on: nil)).target,
                "/admin/coverage/drafts/current/decisions"
            ),
        ] { #expect(target == expected) }
    }

    /// Whatever a partner is called, it names one thing, and stays below its endpoint.
    @Test(arguments: [
        ("portal", "portal"), ("smoke-alarm_1.example~x", "smoke-alarm_1.example~x"),
        ("a/../b?c#d", "a%2F..%2Fb%3Fc%23d"), ("..", "%2E%2E"), (".", "%2E"), ("100%", "100%25"),
        ("é \n", "%C3%A9%20%0A"),
    ])
    func whatAPathNamesStaysOneSegment(_ name: String, _ segment: String) {
        let call = PauseCallbacks.call(of: name, body: PauseOrder(by: "olu", why: nil))
        #expect(call.target == "/admin/providers/\(segment)/pause")
        #expect(segment.removingPercentEncoding == name)
    }

    @Test func aQueryThatIsWrittenReadsTheSame() throws {
        var letters = DeadLetterQuery(
            stage: .callback, reason: "out-of-attempts", olderThan: .seconds(7200), provider: "portal")
        (letters.includesResolved, letters.limit, letters.after) = (true, 0, "7.callback.\(Self.idText)")
        try expectSame(ListDeadLetters.call { $0 = letters })
        try expectSame(ListPending.call { ($0.olderThan, $0.limit, $0.after) = (.seconds(Int64.max), 1000, Self.id) })
        try expectSame(
            ListPlaces.call { ($0.since, $0.organization, $0.limit, $0.after) = (Self.at, "é&=?#", 1, Self.id) })
        try expectSame(ListReviews.call { ($0.limit, $0.after) = (500, "7.\(Self.idText)") })
        try expectSame(FindRequests.call { $0.q = "Ada+Lovelace 02108 %" })
        try expectSame(ListAreas.call { $0.organization = "relief & co" })
        try expectSame(EraseRequest.call(of: Self.id) { $0.force = true })
        try expectSame(ShowDeadLetters.call(of: AdminID(UUID())) { $0.raw = true })
        #expect(DeadLetterQuery(stage: nil, reason: nil, provider: nil) == DeadLetterQuery())
        #expect(try read(ListDeadLetters.call()) == DeadLetterQuery())
    }

    private func expectSame<Endpoint: AdminEndpoint>(_ call: AdminCall<Endpoint>) throws {
        #expect(try read(call) == call.query && call.query != Endpoint.Query())
    }

    /// What a service reads of a call's URL.
    private func read<Endpoint: AdminEndpoint>(_ call: AdminCall<Endpoint>) throws -> Endpoint.Query {
        let items = try #require(URLComponents(string: "http://h\(call.target)")).queryItems ?? []
        var (query, coder) = (Endpoint.Query(), QueryCoder { name in items.first { $0.name == name }?.value })
        query.code(&coder)
        #expect(coder.faults == [])
        return query
    }

    @Test func everythingThatIsWrongWithAQueryIsSaidInItsOrder() {
        let wrong = [
            "stage": "x", "reason": "", "olderThan": "-1", "state": "gone", "provider": "", "limit": "1001",
            "after": "x",
        ]
        var (query, coder) = (DeadLetterQuery(), QueryCoder(isCursor: { _ in false }) { wrong[$0] })
        query.code(&coder)
        #expect(coder.faults.map(\.name) == ["stage", "reason", "olderThan", "state", "provider", "limit", "after"])
        #expect(
            coder.faults.map(\.detail) == [
                "must be one of geocode, decision, callback, progress", "must not be empty",
                "must be a number of seconds, 0 or more", "must be dead or all", "must not be empty",
                "must be 0 to 1000", "must come from the next of a page",
            ])
        #expect(coder.faults.map(\.kind).filter { $0 == .notAllowed }.count == 2 && query == DeadLetterQuery())
        for (text, kind) in [
            (nil, QueryCoder.Fault.Kind.required), (" ", .format), (String(repeating: "é", count: 101), .format),
        ] {
            var (search, coder) = (FindRequests.Query(), QueryCoder { _ in text })
            search.code(&coder)
            #expect(coder.faults.map(\.kind) == [kind])
        }
    }

    @Test func noTwoEndpointsAreTheSame() {
        let routes = AdminCatalogue.endpoints.map { $0.route }
        #expect(Set(routes.map(\.description)).count == routes.count)
        for route in routes {
            // What its calls name stands in one place.
            #expect(route.path.split(separator: "/").count { $0.hasPrefix("{") } <= 1 && !route.path.hasPrefix("/"))
            #expect(!route.services.isEmpty)
        }
        #expect(AdminCatalogue.routes(of: .geocode).count == 3 && AdminService.callback.name == "CallbackService")
    }

    /// JSON, and what is read of it.
    private func expectJSON<Value: Codable & Equatable>(_ value: Value, _ json: String) throws {
        #expect(String(decoding: try WireJSON.bytes(value), as: UTF8.self) == json)
        #expect(try WireJSON.value(Value.self, from: json.utf8) == value)
    }

    @Test func answersAreTheSameOnBothSides() throws {
        let (error, id) = (StageError(code: "http-503", message: "It is away."), Self.idText)
        let place = RequestPlace(
            id: Self.id, organization: "relief", provider: "portal", acceptedAt: Self.at, state: "TX", zip: "77002",
            regionCode: nil,
            geocoding: Geocoding(
                state: "TX", zip: "77002", countyFIPS: "48201", county: "Harris County",
                counties: [CountyShare(fips: "48201", name: "Harris County", share: 1)],
                location: GeocodedLocation(latitude: 29.5, longitude: -95.5, precision: .zip, source: "gazetteer"),
                conflict: PlaceConflict(distanceKilometres: 12, zipState: nil)),
            decision: .init(
                Decision(acceptance: true, reason: .stateCovered, rule: "state:TX", coverageVersion: "v1"), at: Self.at)
        )
        try expectJSON(
            ListPlaces.Answer(places: [place], next: Self.id),
            """
            {"next":"\(id)","places":[{"acceptedAt":"2026-09-21T14:13:20.000Z","conflict":{"distanceKilometres":12},\
            "counties":[{"fips":"48201","name":"Harris County","share":1}],"county":"Harris County",\
            "countyFips":"48201","decision":{"acceptance":true,"at":"2026-09-21T14:13:20.000Z","coverageVersion":"v1",\
            "reason":"state_covered","rule":"state:TX"},"geocoded":true,"id":"\(id)","location":{"latitude":29.5,\
            "longitude":-95.5,"precision":"zip","source":"gazetteer"},"organization":"relief","provider":"portal",\
            "state":"TX","zip":"77002"}]}
            """)
        // Of a place only what the rules ask for goes on, and the day without fractions.
        #expect(
            String(
                decoding: try WireJSON.bytes(DecidePlaces.Body(places: [PlaceInQuestion(place)], on: Self.at + 0.25)),
                as: UTF8.self) == """
                    {"on":"2026-09-21T14:13:20Z","places":[{"conflict":{"distanceKilometres":12},"counties":[{"fips":"48201",\
                    "name":"Harris County","share":1}],"county":"Harris County","countyFips":"48201",\
                    "location":{"latitude":29.5,"longitude":-95.5,"precision":"zip"},"organization":"relief","state":"TX",\
                    "zip":"77002"}]}
                    """)
        try expectJSON(
            DecidePlaces.Answer(
                coverageVersion: "v1",
                outcomes: [
                    Verdict(outcome: .covered, reason: "state_covered", rule: "state:TX"), nil,
                    Verdict(outcome: .unknown, reason: "location_unknown"),
                ]),
            """
            {"coverageVersion":"v1","outcomes":[{"acceptance":true,"outcome":"covered","reason":"state_covered",\
            "rule":"state:TX"},null,{"acceptance":null,"outcome":"unknown","reason":"location_unknown"}]}
            """)
        try expectJSON(
            ConservationTable([
                RequestCounts(provider: "a", accepted: 5, told: 1, pending: 2, review: 1, dead: 1),
                RequestCounts(provider: "b", accepted: 1, told: 1, pending: 0, review: 0, dead: 0),
            ]),
            """
            {"providers":[{"accepted":5,"dead":1,"pending":2,"provider":"a","review":1,"told":1},\
            {"accepted":1,"dead":0,"pending":0,"provider":"b","review":0,"told":1}],\
            "total":{"accepted":6,"dead":1,"pending":2,"review":1,"told":2}}
            """)
        try expectJSON(
            CallbackAttempts(
                request: Self.id, provider: "portal",
                notification: .init(status: "held", sequence: 1, since: Self.at, error: error, summary: "covered"),
                attempts: [
                    .init(at: Self.at, sequence: 1, attempt: 2, httpStatus: 503, error: error, delivered: false)
                ],
                endpoint: .init(degradedSince: Self.at, error: error)),
            """
            {"attempts":[{"at":"2026-09-21T14:13:20.000Z","attempt":2,"delivered":false,"error":{"code":"http-503",\
            "message":"It is away."},"httpStatus":503,"sequence":1}],"endpoint":{"degradedSince":\
            "2026-09-21T14:13:20.000Z","error":{"code":"http-503","message":"It is away."}},"notification":{"error":\
            {"code":"http-503","message":"It is away."},"sequence":1,"since":"2026-09-21T14:13:20.000Z","status":"held",\
            "summary":"covered"},"provider":"portal","request":"\(id)"}
            """)
        try expectJSON(
            EraseRequest.Answer(id: Self.id, erasedAt: Self.at, erased: true, pending: false),
            #"{"erased":true,"erasedAt":"2026-09-21T14:13:20.000Z","id":"\#(id)","pending":false}"#)
        try expectJSON(
            PublishAgain.Answer(eventId: AdminID(Self.id.uuid), eventType: .requestDecided, enqueued: true),
            #"{"enqueued":true,"eventId":"\#(id)","eventType":"request.decided"}"#)
        try expectJSON(
            LogLevelState(
                level: "debug", until: Self.at, configured: "info",
                parts: [.init(part: "Broker", level: "trace", until: nil)]),
            #"{"configured":"info","level":"debug","parts":[{"level":"trace","part":"Broker"}],"until":"2026-09-21T14:13:20.000Z"}"#
        )
        try expectJSON(ChangeLogLevel.Body(level: "debug", part: nil, time: "10m"), #"{"for":"10m","level":"debug"}"#)
        try expectJSON(
            RotateSecret.Body(by: "olu", overlap: .seconds(60), secret: "whsec_x"),
            #"{"by":"olu","overlapSeconds":60,"secret":"whsec_x"}"#)
        try expectJSON(
            AddStaff.Body(email: "a@b", name: nil, organization: "relief", may: .read, by: "olu"),
            #"{"by":"olu","email":"a@b","may":"read","organization":"relief"}"#)
    }

    /// As long as services are brought up to date one by one.
    @Test func anOlderServiceMayKnowLess() throws {
        let erased = try WireJSON.value(
            EraseRequest.Answer.self,
            from: #"{"id":"\#(Self.idText)","erasedAt":"2026-09-21T14:13:20.000Z","erased":true}"#.utf8)
        #expect(erased.pending == nil && EraseRequest.status(of: erased) == 200)
        let page = try WireJSON.value(
            DeadLetterPage.self,
            from: """
                {"deadLetters":[{"stage":"callback","messageId":"\(Self.idText.uppercased())","reason":"permanent",
                "code":"x","message":"y","attempts":1,"diedAt":"2026-09-21T14:13:20Z","told":false,"new":1}]}
                """.utf8)
        let letter = try #require(page.deadLetters.first)
        #expect(letter.replays == nil && letter.requestId == nil && "\(letter.messageId)" == Self.idText)
        #expect(try WireJSON.value(ListProviders.Answer.self, from: #"{"providers":[]}"#.utf8).recipients == nil)
        #expect(throws: (any Error).self) {
            try WireJSON.value(EraseRequest.Answer.self, from: #"{"id":"x","erasedAt":"today","erased":1}"#.utf8)
        }
    }
}
