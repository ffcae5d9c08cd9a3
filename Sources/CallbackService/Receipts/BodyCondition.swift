import Contracts

/// What the body of a receipt must be like.
enum BodyCondition: Sendable, Equatable, CustomStringConvertible {
    /// A place in a JSON body has nothing, or `null`.
    case absent(JSONPointer)
    /// A place in a JSON body has something other than `null`.
    case present(JSONPointer)
    case equals(JSONPointer, JSONScalar)
    case text(TextPattern)
    case notText(TextPattern)

    /// Whether the answer must be JSON for it.
    var isAboutJSON: Bool {
        switch self {
        case .absent, .present, .equals: true
        case .text, .notText: false
        }
    }

    /// - Parameters:
    ///   - json: `nil` when the body is no JSON, or not known to its end: then no condition about JSON holds.
    ///   - text: how the body begins.
    func holds(json: JSONValue?, text: String) -> Bool {
        switch self {
        case .absent(let pointer): json.map { (pointer.value(in: $0) ?? .null) == .null } ?? false
        case .present(let pointer): json.map { (pointer.value(in: $0) ?? .null) != .null } ?? false
        case .equals(let pointer, let scalar):
            json.flatMap { pointer.value(in: $0) }.map { scalar.matches($0) } ?? false
        case .text(let pattern): pattern.isFound(in: text)
        case .notText(let pattern): !pattern.isFound(in: text)
        }
    }

    /// Holds nothing of any answer.
    var description: String {
        switch self {
        case .absent(let pointer): "\(pointer) is absent"
        case .present(let pointer): "\(pointer) is present"
        case .equals(let pointer, let scalar): "\(pointer) equals \(scalar)"
        case .text(let pattern): "the text matches \(pattern)"
        case .notText(let pattern): "the text does not match \(pattern)"
        }
    }
}
