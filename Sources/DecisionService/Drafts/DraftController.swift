import Contracts
import HTTPListener
import Hummingbird
import Logging
import Places

import struct Foundation.Date

/// What operators ask before they change the coverage, below `/admin` on the service's admin listener. Nothing of it is
/// ever told to a partner, and nothing of it comes into force.
struct DraftController: Sendable {
    /// A coverage of a hundred thousand ZIPs and hundreds of polygons is a tenth of this.
    static let bundleLimit = 64 * 1024 * 1024
    static let pageLimit = 8 * 1024 * 1024
    /// Places in one question.
    static let placesLimit = 2000
    /// Instead of a draft's id: what is in force.
    static let current = "current"

    var coverage: @Sendable () -> Coverage
    var shelf: DraftShelf
    var counties: CountyDirectory? = .shipped
    var now: @Sendable () -> Date
    var clock: @Sendable () -> ContinuousClock.Instant = { .now }

    func register(on group: RouterGroup<BasicRequestContext>) {
        group.post("coverage/drafts", use: upload)
        group.post("coverage/drafts/{id}/decisions", use: decide)
    }

    /// `POST /admin/coverage/drafts`: a `CoverageBundle`; 200 with the id to ask about it by, 422 with all that is
    /// wrong.
    @Sendable func upload(_ request: Request, context: some RequestContext) async throws -> Response {
        let bundle = try await request.json(CoverageBundle.self, upTo: Self.bundleLimit)
        let draft = try bundle.compile(counties: counties)
        let id = bundle.id
        shelf.put(draft, id: id, at: clock())
        context.logger.info("An operator asks about a draft", metadata: ["coverage_version": "\(draft.version)"])
        return Response(
            status: .ok,
            json: Draft(
                id: id, coverageVersion: draft.version, organizations: draft.organizations.keys.sorted(),
                warnings: draft.warnings, expiresInSeconds: Int(clamping: DraftShelf.lifetime / .seconds(1))))
    }

    private struct Draft: Encodable {
        var id: String
        var coverageVersion: String
        var organizations: [String]
        /// What was mended or left out in the files.
        var warnings: [String]
        /// After the last question.
        var expiresInSeconds: Int
    }

    /// `POST /admin/coverage/drafts/{id}/decisions`: places, and an outcome for each in their order; `null` for a place
    /// of an organisation that the draft does not name. 404 for a draft that is gone: it is to be uploaded again.
    @Sendable func decide(_ request: Request, context: some RequestContext) async throws -> Response {
        let id = context.parameters.get("id") ?? ""
        guard let draft = id == Self.current ? coverage() : shelf.take(id, at: clock()) else { throw Problem.noDraft }
        let page = try await request.json(Places.self, upTo: Self.pageLimit)
        guard page.places.count <= Self.placesLimit else {
            throw Problem.badBody("At most \(Self.placesLimit) places are decided at once.")
        }
        let day = page.on ?? now()
        return Response(
            status: .ok,
            json: Outcomes(
                coverageVersion: draft.version,
                outcomes: page.places.map { draft.verdict(on: $0.geocoding, organization: $0.organization, at: day) }))
    }

    private struct Places: Decodable {
        var places: [PlaceInQuestion]
        /// The time that the rules are to be in force at; now when it is absent.
        var on: Date?
    }

    private struct Outcomes: Encodable {
        var coverageVersion: String
        var outcomes: [Verdict?]
    }
}

extension Problem {
    fileprivate static let noDraft = Problem(
        status: .notFound, code: "unknown-draft", detail: "There is no such draft, or none any more: upload it again.")
}
