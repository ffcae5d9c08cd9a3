import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import Testing

@testable import IngestService

/// Numbers that nobody would send who means well, wherever a client may send one: an answer comes, whatever it is.
///
/// Numbers from outside.
@Suite
struct ForeignNumberAPITests {
    /// Ends of the types, what lies beyond them, and what only looks like a number.
    static let extremes = [
        "9223372036854775807", "-9223372036854775808", "9223372036854775808", "18446744073709551615",
        "18446744073709551616", "99999999999999999", "-99999999999999999", "4294967296", "-1", "-0", "0", "1e308",
        "-1e308",
        "1e309", "5e-324", "NaN", "nan", "inf", "-Infinity", "0x7fffffffffffffff", "１２", "١٢", "1.5", "", "%00", "+1",
        String(repeating: "9", count: 2000), "-" + String(repeating: "9", count: 2000),
        "0." + String(repeating: "9", count: 2000), "253402300800000", "-62167219200001",
    ]

    @Test(arguments: [
        "/admin/dead-letters?olderThan=#", "/admin/dead-letters?limit=#", "/admin/dead-letters?after=#",
        "/admin/dead-letters?after=#.callback.01a1ff81-1877-7f2c-be46-2d711b4ad772",
        "/admin/pending?olderThan=#", "/admin/pending?limit=#", "/admin/pending?after=#",
        "/admin/reviews?limit=#", "/admin/reviews?after=#",
        "/admin/reviews?after=#.01a1ff81-1877-7f2c-be46-2d711b4ad772",
        "/admin/requests/places?since=#", "/admin/requests/places?limit=#", "/admin/requests/places?after=#",
        "/admin/requests/#/attempts", "/admin/dead-letters/#",
        "/api/requests?limit=#", "/api/requests?cursor=#", "/api/requests?from=#", "/api/requests?to=#",
        "/api/requests?county=#", "/api/jobs/#", "/api/requests/#",
        // Times at the ends of the calendar, moved beyond them by an offset or a millisecond.
        "/api/requests?from=9999-12-31T23:59:60-23:59&limit=#", "/api/requests?to=0000-01-01T00:00:00%2B23:59&limit=#",
        "/api/requests?to=9999-12-31T23:59:60.999Z&limit=#",
        "/admin/requests/places?since=9999-12-31T23:59:60-23:59&limit=#",
        "/admin/requests/places?since=0000-01-01T00:00:00%2B23:59&limit=#",
    ])
    func everyNumberInAURLIsAnswered(_ template: String) async throws {
        try await Self.serve { api, _ in
            for extreme in Self.extremes {
                let path = template.replacing("#", with: extreme)
                let answer = try await api.get(path)
                #expect([200, 400, 404, 410].contains(answer.status), "\(path.prefix(120)): \(answer.status)")
            }
        }
    }

    /// The two that stopped the service, by name.
    @Test(arguments: [
        "/admin/dead-letters?after=9223372036854775807.callback.01a1ff81-1877-7f2c-be46-2d711b4ad772",
        "/admin/dead-letters?olderThan=99999999999999999", "/admin/pending?olderThan=9223372036854775807",
    ])
    func aCursorOrAnAgeBeyondTheCalendarFindsNothing(_ path: String) async throws {
        try await Self.serve { api, _ in
            let answer = try await api.get(path)
            #expect(answer.status == 200)
            #expect(((answer.json["deadLetters"] ?? answer.json["pending"]) as? [Any])?.isEmpty == true)
        }
    }

    @Test func everyNumberInAHeaderIsAnswered() async throws {
        try await Self.serve { api, id in
            for extreme in Self.extremes {
                guard let text = extreme.removingPercentEncoding, !text.contains("\0") else { continue }
                let fields: [HTTPFields] = [
                    [.prefer: "wait=\(text)"], [.prefer: "wait=\"\(text)\""], [.accept: "text/csv;q=\(text)"],
                    [.ifNoneMatch: "\"\(text)\""], [.contentLength: text], [.range: "bytes=\(text)-\(text)"],
                ]
                for fields in fields {
                    for path in ["/api/requests", "/api/jobs/\(id)"] {
                        let answer = try await api.get(path, headers: fields)
                        #expect([200, 304, 400, 406].contains(answer.status), "\(fields) \(answer.status)")
                    }
                }
                let posted = try await api.post(try Fixture.json(), headers: [.contentLength: text])
                #expect([202, 400, 409, 413].contains(posted.status), "\(text.prefix(40)) \(posted.status)")
            }
        }
    }

    @Test func everyNumberInABodyIsAnswered() async throws {
        try await Self.serve { api, id in
            for extreme in Self.extremes where !extreme.hasPrefix("%") {
                for field in ["zip", "phone", "providerRequestId", "name", "providerData", "status"] {
                    var body = Fixture.body()
                    body[field] = "@@"
                    let text = String(decoding: try JSONSerialization.data(withJSONObject: body), as: UTF8.self)
                    for value in [extreme, "\"\(extreme)\"", "{\"a\": \(extreme)}"] {
                        let answer = try await api.post(Data(text.replacing("\"@@\"", with: value).utf8))
                        #expect([202, 400, 409, 422].contains(answer.status), "\(field) \(value.prefix(40))")
                    }
                }
                let patched = try await api.patch(id, "{\"status\": \(extreme), \"appointment\": \(extreme)}")
                #expect([400, 422].contains(patched.status), "\(extreme.prefix(40)) \(patched.status)")
            }
        }
    }

    /// Front door and admin routes on one store with a request, without the listeners around them.
    private static func serve(
        _ body: @escaping @Sendable (APIHarness, Contracts.RequestID) async throws -> Void
    ) async throws {
        try await withSQLiteStore { store, _ in
            let request = Fixture.newRequest()
            _ = try await store.accept(request, event: try Fixture.event(request))
            // A waiter of no patience: `Prefer: wait` is read, and nobody waits.
            let waiting = JobWaiting(waiters: JobWaiters(limit: 0))
            let handedOver = APIHarness.HandedOver()
            let access = StoreAccess(store: handedOver.follow(store))
            let now: @Sendable () -> Date = { Fixture.now + 60 }
            try await APIHarness.with(store, waiting: waiting, adapt: { _ in }) { api in
                let router = Router()
                let group = router.group("/admin")
                PlaceController(access: access).register(on: group)
                AdminRouter.register(
                    on: group, deadLetters: DeadLetterController(access: access, now: now),
                    reconciliation: ReconciliationController(access: access, now: now),
                    requests: RequestAdminController(
                        access: access,
                        log: LogTruncation(store: store, metrics: IngestMetrics(), logger: Logger(label: "test")),
                        now: now),
                    finder: RequestFinder(access: access, now: now),
                    reviews: ReviewController(
                        access: access,
                        decider: ReviewDecider(waiters: JobWaiters(limit: 1)), now: now))
                try await Application(router: router).test(.router) { admin in
                    let both = EitherClient(api: api.client, admin: admin)
                    try await body(APIHarness(client: both, handedOver: handedOver), request.id)
                }
            }
        }
    }

    /// Sends what is below `/admin` one way, and the rest the other.
    private struct EitherClient: TestClientProtocol {
        var api: any TestClientProtocol
        var admin: any TestClientProtocol

        var port: Int? { nil }

        func executeRequest(
            uri: String, method: HTTPRequest.Method, headers: HTTPFields, body: ByteBuffer?
        ) async throws -> TestResponse {
            try await (uri.hasPrefix("/admin") ? admin : api)
                .executeRequest(uri: uri, method: method, headers: headers, body: body)
        }
    }
}
