import AdminAPI
import Contracts
import HTTPListener

/// The body of a PATCH: a merge patch (RFC 7396) of the members that can be changed, which are the status or the
/// decision, and a note on either.
struct RequestPatch: Sendable, Equatable {
    enum Change: Sendable, Equatable {
        /// The organisation has come further with a request that it covers.
        case status(OrganizationStatus.Step)
        /// A person decides in a review.
        case decision(ReviewAnswer)
    }

    /// Characters, of four bytes each at most.
    static let longestNote = 500

    var change: Change
    var note: String?

    /// - Throws: `Problem` with status 400 when the bytes are not JSON, with 422 when it is not such a patch; it names
    ///   everything that is wrong.
    static func parse(_ bytes: [UInt8]) throws(Problem) -> RequestPatch {
        let object = try JSONObject(body: bytes)
        var errors: [FieldError] = []
        var change: Change?
        var note: String?
        var seen: Set<String> = []
        for member in object.members {
            let pointer = "/" + escaped(member.name)
            guard member.name.utf8.count <= 64 else {
                errors.append(FieldError(pointer: pointer, detail: "cannot be changed", code: .notAllowed))
                continue
            }
            guard seen.insert(member.name).inserted else {
                errors.append(FieldError(pointer: pointer, detail: "is given twice", code: .conflict))
                continue
            }
            switch (member.name, member.value) {
            case ("status", let value):
                if let step = code(value, OrganizationStatus.Step.self, pointer, &errors) { change = .status(step) }
            case ("decision", let value):
                if let answer = code(value, ReviewAnswer.self, pointer, &errors) { change = .decision(answer) }
            case ("note", .string(let text)):
                note = text
                if let error = check(note: text) { errors.append(error) }
            // As if it were not there.
            case ("note", .null): break
            case ("note", _): errors.append(FieldError(pointer: pointer, detail: "must be text", code: .type))
            default: errors.append(FieldError(pointer: pointer, detail: "cannot be changed", code: .notAllowed))
            }
        }
        if seen.isSuperset(of: ["status", "decision"]) {
            errors.append(FieldError(pointer: "/decision", detail: "cannot come with a status", code: .conflict))
        } else if seen.isDisjoint(with: ["status", "decision"]) {
            errors.append(FieldError(pointer: "/status", detail: "or a decision is missing", code: .required))
        }
        guard errors.isEmpty, let change else { throw .invalid(errors) }
        return RequestPatch(change: change, note: note)
    }

    private static func code<Code: CaseIterable & RawRepresentable<String>>(
        _ value: JSONValue, _ type: Code.Type, _ pointer: String, _ errors: inout [FieldError]
    ) -> Code? {
        let text: String? = if case .string(let text) = value { text } else { nil }
        if let code = text.flatMap(Code.init(rawValue:)) { return code }
        let allowed = "must be one of \(Code.allCases.map(\.rawValue).joined(separator: ", "))"
        errors.append(FieldError(pointer: pointer, detail: allowed, code: text == nil ? .type : .notAllowed))
        return nil
    }

    /// - Returns: what is wrong with a note.
    static func check(note: String) -> FieldError? {
        // Bytes first: a character may be made of any number of marks.
        if note.utf8.count > 4 * longestNote || note.count > longestNote {
            return FieldError(pointer: "/note", detail: "may have at most \(longestNote) characters", code: .tooLong)
        }
        let isPlain = note.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control || $0 == "\n" }
        return isPlain
            ? nil
            : FieldError(pointer: "/note", detail: "must not hold control characters", code: .controlCharacter)
    }

    /// RFC 6901, section 3. A name is the client's word: what is too long to be one of ours is cut.
    static func escaped(_ name: String) -> String {
        String(decoding: name.utf8.prefix(64), as: UTF8.self).replacing("~", with: "~0").replacing("/", with: "~1")
    }
}
