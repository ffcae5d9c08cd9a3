import AdminAPI
import Contracts
import HTTPListener
import Hummingbird
import Logging
import Places
import ServiceRuntime

import struct Foundation.Date

/// What operators ask before they change the coverage, below `/admin` on the service's admin listener. Nothing of it is
/// ever told to a partner, and nothing of it comes into force.
struct DraftController: Sendable {
    /// A coverage of a hundred thousand ZIPs and hundreds of polygons is a tenth of this.
    static let bundleLimit = 64 * 1024 * 1024
    static let pageLimit = 8 * 1024 * 1024
    /// Places in one question.
    static let placesLimit = 2000

    var coverage: @Sendable () -> Coverage
    var shelf: DraftShelf
    var counties: CountyDirectory? = .shipped
    var now: @Sendable () -> Date
    var clock: @Sendable () -> ContinuousClock.Instant = { .now }

    func register(on group: RouterGroup<BasicRequestContext>) {
        group.serve(UploadDraft.self, upload)
        group.serve(DecidePlaces.self, decide)
    }

    @Sendable func upload(_ asked: AdminQuestion<UploadDraft>) async throws -> UploadDraft.Answer {
        let bundle = try await asked.request.json(CoverageBundle.self, upTo: Self.bundleLimit)
        let draft = try bundle.compile(counties: counties)
        let id = bundle.id
        shelf.put(draft, id: id, at: clock())
        asked.logger.info("An operator asks about a draft", metadata: ["coverage_version": "\(draft.version)"])
        return UploadDraft.Answer(
            id: id, coverageVersion: draft.version, organizations: draft.organizations.keys.sorted(),
            warnings: draft.warnings, expiresInSeconds: Int(clamping: DraftShelf.lifetime / .seconds(1)))
    }

    @Sendable func decide(_ asked: AdminQuestion<DecidePlaces>) async throws -> DecidePlaces.Answer {
        let id = asked.subject
        guard let draft = id == DecidePlaces.current ? coverage() : shelf.take(id, at: clock()) else {
            throw Problem.noDraft
        }
        let page = try await asked.request.json(DecidePlaces.Body.self, upTo: Self.pageLimit)
        guard page.places.count <= Self.placesLimit else {
            throw Problem.badBody("At most \(Self.placesLimit) places are decided at once.")
        }
        let day = page.on ?? now()
        return DecidePlaces.Answer(
            coverageVersion: draft.version,
            outcomes: page.places.map { draft.verdict(on: $0.geocoding, organization: $0.organization, at: day) })
    }
}

extension Problem {
    fileprivate static let noDraft = Problem(
        status: .notFound, code: "unknown-draft", detail: "There is no such draft, or none any more: upload it again.")
}
