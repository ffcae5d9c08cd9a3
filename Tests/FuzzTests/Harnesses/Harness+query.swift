import AdminAPI
import Contracts
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore

@testable import DecisionService
@testable import HTTPListener
@testable import IngestService
@testable import ServiceRuntime

extension Harness {
    static let query = Harness(
        "query", "URLs with their queries, cursors, times, numbers and header values; a cursor is what it says"
    ) { input in
        let text = input.text
        readURL(text)
        readCursors(text)
        readHeader(text)
        let now = Date(timeIntervalSince1970: 1_780_000_000)
        _ = RetryAfter.duration(text, now: now)
        if let date = RFC3339.date(text) { demand(Timestamp.date(Timestamp.string(date)) != nil, "\(text) is a time") }
        _ = (Int64(foreign: text), Int(foreign: text, in: 1...200), UInt16(foreign: text))
        if let seconds = Double(text) {
            _ = (Int(clamping: seconds), Duration(clampingSeconds: seconds), Date(clampingSeconds: seconds))
            _ = Timestamp.string(now.shifted(by: Duration(clampingSeconds: seconds)))
        }
    }

    private static func readURL(_ text: String) {
        let parameters = URI(text).queryParameters
        if let query = try? RequestQuery(parameters) {
            let last = RequestID(UUID(uuid: (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16)))
            let path = query.path(after: last)
            guard let next = try? RequestQuery(URI(path).queryParameters) else { fatalError("the next page: \(path)") }
            demand(next.before == last && next.filter == query.filter && next.limit == query.limit, "the same: \(path)")
        }
        _ = try? CoverageQuestion(parameters)
        let now = Date(timeIntervalSince1970: 1_780_000_000)
        _ = readAdmin(ListDeadLetters.self, parameters).olderThan.map(now.before)
        _ = readAdmin(ListPending.self, parameters).olderThan.map(now.before)
        _ = (readAdmin(ListPlaces.self, parameters), readAdmin(FindRequests.self, parameters))
    }

    /// What was read and is written again reads the same.
    private static func readAdmin<Endpoint: AdminEndpoint>(
        _ endpoint: Endpoint.Type, _ parameters: Parameters
    ) -> Endpoint.Query where Endpoint.Subject == NoSubject, Endpoint.Body == NoBody {
        func read(_ parameters: Parameters) -> (query: Endpoint.Query, isGood: Bool) {
            var (query, coder) = (Endpoint.Query(), QueryCoder { parameters.get($0) })
            query.code(&coder)
            return (query, coder.faults.isEmpty)
        }
        let (query, isGood) = read(parameters)
        let target = Endpoint.call { $0 = query }.target
        if isGood { demand(read(URI(target).queryParameters).query == query, "the same: \(target)") }
        return query
    }

    private static func readCursors(_ text: String) {
        if let cursor = DeadLetterCursor(text) {
            demand(DeadLetterCursor(cursor.description) == cursor, "\(text) is \(cursor)")
        }
        if let cursor = ReviewCursor(text) {
            demand(ReviewCursor(cursor.description) == cursor, "\(text) is \(cursor)")
        }
        if let id = RequestID(text) { demand(RequestID(id.description) == id, "\(text) is \(id)") }
    }

    private static func readHeader(_ text: String) {
        let fields = text.split(separator: "\n", omittingEmptySubsequences: false).prefix(8).map(String.init)
        let ranges = MediaRanges(fields)
        demand(ranges.best(of: ["application/json", "text/csv"]).map { (0...1).contains($0) } ?? true, "one of both")
        if let wait = WaitPreference(fields) { demand((0...WaitPreference.longest).contains(wait.seconds), "a wait") }
        if let condition = ETagCondition(fields) { _ = condition.matchesWeakly(ETag(ofBytes: [1])) }
        demand(TraceParent.from(text).utf8.count <= 4096 || text.utf8.count > 4096, "no longer than what came")
        _ = MediaType.isJSON(text)
        if let name = HTTPField.Name("idempotency-key") {
            _ = try? IdempotencyKey.of(HTTPFields(fields.map { HTTPField(name: name, value: $0) }))
        }
    }
}
