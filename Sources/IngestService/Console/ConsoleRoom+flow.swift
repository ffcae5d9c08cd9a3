import Contracts
import Hummingbird
import Pages

/// Where requests are, live.
extension ConsoleRoom {
    @Sendable func flow(
        _ request: Request, _ context: BasicRequestContext, _ visitor: Visitor
    ) async throws -> Response {
        let figures = try await board.figures()
        let view = FlowView(figures, history.all)
        let dead = figures.parts.values.reduce(0) { $0 + $1.dead }
        return .page(templates.html("console-flow", Page(frame("Flow", visitor, .flow, dead: dead), view)))
    }

    /// `GET /console/events`: the figures of the flow as they change.
    @Sendable func events(
        _ request: Request, _ context: BasicRequestContext, _ visitor: Visitor
    ) async throws -> Response {
        try live.response { [self] in
            guard try await isSignedIn(visitor) else { return nil }
            return FlowView(try await board.figures(), history.all).values
        }
    }
}
