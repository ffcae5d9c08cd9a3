import HTTPListener
import Hummingbird
import Pages

/// Pages for those who are signed in: who they are, and what they may do.
protocol SignedInPages: Sendable {
    associatedtype Visitor: SignedIn

    /// Where somebody is sent who is not.
    var signInPath: String { get }
    func visitor(of request: Request) async throws(StoreError) -> Visitor?
    /// - Throws: when what is to be done is not theirs to do.
    func check(_ visitor: Visitor, needsWrite: Bool) throws(Problem)
}

/// Somebody who is signed in.
protocol SignedIn: Sendable {
    var secret: HandedSecret { get }
}

extension SignedInPages {
    func check(_ visitor: Visitor, needsWrite: Bool) throws(Problem) {}

    /// Wraps what shows something.
    func page(
        _ body: @escaping @Sendable (Request, BasicRequestContext, Visitor) async throws -> Response
    ) -> @Sendable (Request, BasicRequestContext) async throws -> Response {
        { request, context in
            guard let visitor = try await self.visitor(of: request) else { return .seeOther(signInPath) }
            return try await body(request, context, visitor)
        }
    }

    /// Wraps what changes something: the form must be one of ours, sent from one of our pages within the session.
    /// - Parameter needsWrite: whether it takes somebody who may write.
    func action(
        needsWrite: Bool = true,
        _ body: @escaping @Sendable (Request, BasicRequestContext, Visitor, FormBody) async throws -> Response
    ) -> @Sendable (Request, BasicRequestContext) async throws -> Response {
        { request, context in
            guard !ForeignPage.sends(request) else { throw Problem.foreignForm }
            guard let visitor = try await self.visitor(of: request) else { throw Problem.signedOut }
            let form = try await FormBody.read(request)
            guard visitor.secret.matches(csrf: form["csrf"]) else { throw Problem.foreignForm }
            try check(visitor, needsWrite: needsWrite)
            return try await body(request, context, visitor, form)
        }
    }
}
