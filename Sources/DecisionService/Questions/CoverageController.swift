import Contracts
import Crypto
import HTTPListener
import HTTPTypes
import Hummingbird
import Places

import struct Foundation.Date

/// `GET /api/coverage`: whether a place is covered, asked before anything is posted. Of what is public alone: partners'
/// tokens are IngestService's.
struct CoverageController: Sendable {
    var coverage: @Sendable () -> Coverage
    var finder: PlaceFinder
    /// Asked for as bearer token; `nil` when anybody may ask.
    var token: String?
    var rate: QuestionRate
    var now: @Sendable () -> Date
    var clock: @Sendable () -> ContinuousClock.Instant = { .now }

    @Sendable func get(_ request: Request, context: some RequestContext) async throws -> Response {
        try authorize(request.headers[.authorization])
        if let wait = rate.take(at: clock()) { throw Problem.rateLimited(wait: wait) }
        let answer = try answer(CoverageQuestion(request.uri.queryParameters))
        // The answer and not the question makes the tag: rules come into force and go out of it by date.
        let digest = HexDigit.text(SHA256.hash(data: try WireJSON.bytes(answer)).prefix(16))
        let headers: HTTPFields = [
            .eTag: "\"\(digest)\"", .cacheControl: "\(token == nil ? "public" : "private"), max-age=60",
        ]
        guard !Self.matches(request.headers[.ifNoneMatch], digest) else {
            return Response(status: .notModified, headers: headers)
        }
        return Response(status: .ok, json: answer, headers: headers)
    }

    private func answer(_ question: CoverageQuestion) throws(Problem) -> CoverageAnswer {
        let coverage = coverage()
        guard let organization = question.organization ?? coverage.onlyOrganization else {
            throw .invalidQuery([
                FieldError(
                    pointer: "organization", detail: "is needed where there are several", code: .required)
            ])
        }
        let now = now()
        let geocoded = try question.geocoded(by: finder)
        guard let verdict = coverage.verdict(on: geocoded, organization: organization, at: now) else {
            throw .unknownOrganization
        }
        return CoverageAnswer(
            organization: organization, verdict: verdict, coverageVersion: coverage.version,
            precision: geocoded.location?.precision, county: geocoded.county, countyFIPS: geocoded.countyFIPS,
            counties: geocoded.counties.isEmpty ? nil : geocoded.counties,
            state: geocoded.state.isEmpty ? nil : geocoded.state, conflict: geocoded.conflict)
    }

    /// Digests are compared, so that it takes the same time wherever the two differ.
    private func authorize(_ given: String?) throws(Problem) {
        guard let token else { return }
        guard let given else { throw .unauthorized(wrong: false) }
        guard SHA256.hash(data: Array(given.utf8)) == SHA256.hash(data: Array("Bearer \(token)".utf8)) else {
            throw .unauthorized(wrong: true)
        }
    }

    /// Compares as RFC 9110, section 13.1.2, wants it for this header: weak tags count too.
    private static func matches(_ field: String?, _ digest: String) -> Bool {
        guard let field, field.isShortASCII else { return false }
        return field.split(separator: ",").contains { candidate in
            var tag = candidate.drop { $0 == " " || $0 == "\t" }
            while tag.last == " " || tag.last == "\t" { tag.removeLast() }
            return tag == "*" || tag == "\"\(digest)\"" || tag == "W/\"\(digest)\""
        }
    }
}

extension Coverage {
    /// The organisation, when there is but one.
    fileprivate var onlyOrganization: String? { organizations.count == 1 ? organizations.keys.first : nil }
}
