import Contracts
import Foundation
import NIOHTTP1

extension AdminAPI {
    /// A page of the reviews that wait for a person, the one with the nearest deadline first.
    /// - Parameter after: the `next` of the page before.
    func reviews(after: String? = nil) async throws(OperatorError) -> ReviewPage {
        var items = [URLQueryItem(name: "limit", value: "500")]
        if let after { items.append(URLQueryItem(name: "after", value: after)) }
        return try Self.decode(try await send(.GET, "reviews", items))
    }

    /// Decides in a review.
    /// - Parameter by: who does.
    func decideReview(
        _ request: UUID, _ answer: ReviewWord, by: String, note: String?
    ) async throws(OperatorError) -> DecidedReview {
        var body = JSONObjectText()
        body.add("decision", answer.rawValue)
        body.add("by", by)
        body.add("note", note)
        guard let answer = try await sendIfThere(.POST, "reviews/\(request.canonical)", body: Data(body.bytes())) else {
            throw OperatorError("no request has the id \(request.canonical)")
        }
        return try Self.decode(answer)
    }
}
