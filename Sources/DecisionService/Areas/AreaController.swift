import HTTPListener
import Hummingbird
import Logging
import Places

import struct Foundation.Date

/// What the map of the coverage is drawn from.
struct AreaController: Sendable {
    var coverage: @Sendable () -> Coverage
    /// Read for each question: it is a few megabytes that the decisions themselves do not need.
    var gazetteer: @Sendable () throws(GazetteerFileError) -> Gazetteer
    var now: @Sendable () -> Date

    func register(on group: RouterGroup<BasicRequestContext>) { group.get("coverage/areas", use: areas) }

    /// `GET /admin/coverage/areas?organization=`: 404 for an organisation that the coverage does not name.
    @Sendable func areas(_ request: Request, context: some RequestContext) async throws -> Response {
        let coverage = coverage()
        let organization = request.uri.queryParameters.get("organization")
        if let organization, coverage.organizations[organization] == nil { throw Problem.unknownOrganization }
        let gazetteer: Gazetteer
        do throws(GazetteerFileError) {
            gazetteer = try self.gazetteer()
        } catch {
            context.logger.error("The gazetteer cannot be read", metadata: ["error": "\(error)"])
            throw Problem.gazetteerUnavailable
        }
        return Response(
            status: .ok, json: await CoverageAreas(coverage, gazetteer, organization: organization, at: now()))
    }
}
