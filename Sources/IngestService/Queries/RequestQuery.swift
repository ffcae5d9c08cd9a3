import Contracts
import Foundation
import HTTPListener
import Hummingbird

/// The query of `GET /api/requests`, checked. The cursor is the last id of the page before, so that new requests, which
/// come first, move nothing.
struct RequestQuery: Sendable, Equatable {
    static let limits = 1...200
    static let defaultLimit = 50

    private(set) var filter = RequestFilter()
    private(set) var limit = Self.defaultLimit
    /// Only what is older than this one.
    private(set) var before: Contracts.RequestID?
    /// The parameters beside the cursor, as they came.
    private var kept: [(name: String, value: String)] = []

    static func == (left: RequestQuery, right: RequestQuery) -> Bool {
        left.filter == right.filter && left.limit == right.limit && left.before == right.before
    }

    /// - Throws: `Problem` with status 400 that names everything that is wrong.
    init(_ parameters: Parameters) throws(Problem) {
        let errors = FieldError.reading(parameters, as: Parameter.self) { parameter, value in
            let detail = read(parameter, value)
            if detail == nil, parameter != .cursor { kept.append((parameter.rawValue, value)) }
            return detail
        }
        guard errors.isEmpty else { throw .badQuery(errors) }
    }

    /// The path of the page that follows the one that ends with this request.
    func path(after last: Contracts.RequestID) -> String {
        var allowed = CharacterSet.alphanumerics
        allowed.formIntersection(CharacterSet(charactersIn: UnicodeScalar(0)..<UnicodeScalar(128)))
        allowed.insert(charactersIn: "-._~:")
        // Text in UTF-8 can always be encoded so.
        let pairs = (kept + [("cursor", last.description)]).map { name, value in
            "\(name)=\(value.addingPercentEncoding(withAllowedCharacters: allowed) ?? "")"
        }
        return "\(APIPath.requests)?\(pairs.joined(separator: "&"))"
    }

    private enum Parameter: String, CaseIterable {
        case provider, organization, providerRequestID = "providerRequestId", state, county, decision, status, job,
            from, to, limit, cursor
    }

    /// - Returns: what is wrong with the value.
    private mutating func read(_ parameter: Parameter, _ text: String) -> String? {
        switch parameter {
        case .provider:
            filter.provider = text
            return (1...64).contains(text.count) ? nil : "must be 1 to 64 characters"
        case .organization:
            filter.organization = text
            return (1...128).contains(text.count) ? nil : "must be 1 to 128 characters"
        case .providerRequestID:
            filter.providerRequestID = text
            return (1...128).contains(text.unicodeScalars.count) ? nil : "must be 1 to 128 characters"
        case .state:
            filter.state = text.uppercased()
            return text.utf8.count == 2 && USState.isCode(text.uppercased()) ? nil : "must be the USPS code of a state"
        case .county:
            filter.county = text
            let isCode = text.utf8.count == 5 && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
            return isCode ? nil : "must be a county's FIPS code, five digits"
        case .decision:
            filter.decision = RequestFilter.Decided(rawValue: text)
            return filter.decision == nil ? Self.mustBe(RequestFilter.Decided.self) : nil
        case .job:
            filter.job = RequestFilter.Job(rawValue: text)
            return filter.job == nil ? Self.mustBe(RequestFilter.Job.self) : nil
        case .status: return readStatus(text)
        case .from:
            filter.from = RFC3339.date(text)
            return filter.from == nil ? "must be a time as in RFC 3339" : nil
        case .to:
            filter.to = RFC3339.date(text)
            return filter.to == nil ? "must be a time as in RFC 3339" : nil
        case .limit:
            guard let number = Int(foreign: text, in: Self.limits) else {
                return "must be \(Self.limits.lowerBound) to \(Self.limits.upperBound)"
            }
            limit = number
            return nil
        case .cursor:
            before = Contracts.RequestID(text)
            return before == nil ? "must come from the next of a page" : nil
        }
    }

    /// The organisation's, and those of the job's that it has not: `completed` is the organisation's, the job's is
    /// `job=completed`.
    private mutating func readStatus(_ text: String) -> String? {
        if let status = OrganizationStatus(rawValue: text) {
            filter.status = status
        } else if let job = RequestFilter.Job(rawValue: text) {
            if let other = filter.job, other != job { return "contradicts job" }
            filter.job = job
        } else {
            return "\(Self.mustBe(OrganizationStatus.self)), in-progress, failed"
        }
        return nil
    }

    private static func mustBe<Value: CaseIterable & RawRepresentable<String>>(_ type: Value.Type) -> String {
        "must be one of \(type.allCases.map(\.rawValue).joined(separator: ", "))"
    }
}
