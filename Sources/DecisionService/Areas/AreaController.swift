import AdminAPI
import HTTPListener
import Hummingbird
import Logging
import Places
import ServiceRuntime

import struct Foundation.Date

/// What the map of the coverage is drawn from.
struct AreaController: Sendable {
    var coverage: @Sendable () -> Coverage
    /// Read for each question: it is a few megabytes that the decisions themselves do not need.
    var gazetteer: @Sendable () throws(GazetteerFileError) -> Gazetteer
    var now: @Sendable () -> Date

    func register(on group: RouterGroup<BasicRequestContext>) { group.serve(ListAreas.self, areas) }

    @Sendable func areas(_ asked: AdminQuestion<ListAreas>) async throws -> CoveredAreas {
        let coverage = coverage()
        let organization = asked.query.organization
        if let organization, coverage.organizations[organization] == nil { throw Problem.unknownOrganization }
        let gazetteer: Gazetteer
        do throws(GazetteerFileError) {
            gazetteer = try self.gazetteer()
        } catch {
            asked.logger.error("The gazetteer cannot be read", metadata: ["error": "\(error)"])
            throw Problem.gazetteerUnavailable
        }
        return await CoveredAreas(coverage, gazetteer, organization: organization, at: now())
    }
}
