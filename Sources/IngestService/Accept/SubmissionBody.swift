import Contracts
import HTTPListener

/// The JSON body of a POST, before it is checked.
///
/// Names match without regard to case, and `PostalCode` is taken for `zip`: that is what the first clients send. Names
/// that nobody knows are ignored, which the answer says, but for the guess at what is missing.
struct SubmissionBody: Sendable {
    enum Field: String, CaseIterable, Sendable {
        case providerRequestID = "providerRequestId"
        case name, address, city, state, zip, phone, email, status, providerData
        case unit, language, need, notes

        /// Those that came after clients had been built: one that cannot be kept is left out, and named in the answer's
        /// warnings, since it was ignored before.
        static let later: Set<Field> = [.unit, .language, .need, .notes]
    }

    /// What a field held, and under which name.
    struct Found: Sendable, Equatable {
        var key: String
        /// `nil` when it is not a string.
        var text: String?
        /// Whether the same name, or another spelling of it, held something else.
        var contradicted = false
    }

    /// Whether the body is a JSON object at all.
    let isObject: Bool
    private(set) var fields: [Field: Found] = [:]
    /// Names that are none of a field.
    private(set) var unknown: [String] = []

    /// - Throws: `Problem` with status 400 when the bytes are not well-formed JSON.
    static func parse(_ bytes: [UInt8]) throws(Problem) -> SubmissionBody {
        do throws(MalformedJSON) {
            return SubmissionBody(try JSONValue(parsing: bytes))
        } catch {
            throw .malformed(error)
        }
    }

    private init(_ json: JSONValue) {
        guard case .object(let object) = json else {
            isObject = false
            return
        }
        isObject = true
        for member in object.members {
            // Longer names are none of ours, whatever they hold.
            guard member.name.utf8.count <= 64, let field = Self.field(named: member.name) else {
                unknown.append(member.name)
                continue
            }
            switch member.value {
            case .string(let text): record(Found(key: member.name, text: text), as: field)
            // As if it were not there.
            case .null: continue
            // Reported with the other errors.
            case .number, .bool, .array, .object: record(Found(key: member.name), as: field)
            }
        }
    }

    private mutating func record(_ found: Found, as field: Field) {
        guard var earlier = fields[field] else { return fields[field] = found }
        if !Self.isSame(earlier.text, found.text) { earlier.contradicted = true }
        fields[field] = earlier
    }

    /// Byte by byte, however long they are.
    private static func isSame(_ left: String?, _ right: String?) -> Bool {
        guard let left, let right else { return left == nil && right == nil }
        return left.utf8.elementsEqual(right.utf8)
    }

    /// Nearly always it is spelt as documented.
    private static func field(named name: String) -> Field? { documented[name] ?? lowercased[name.lowercased()] }

    private static let documented = Dictionary(uniqueKeysWithValues: Field.allCases.map { ($0.rawValue, $0) })

    private static let lowercased: [String: Field] = {
        var names = Dictionary(uniqueKeysWithValues: Field.allCases.map { ($0.rawValue.lowercased(), $0) })
        names["postalcode"] = .zip
        return names
    }()
}
