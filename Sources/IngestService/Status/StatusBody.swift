import Contracts

/// The body of a PATCH: a merge patch (RFC 7396) of the two members that can be changed.
struct StatusBody: Sendable, Equatable {
    /// Characters.
    static let longestNote = 500

    var step: OrganizationStatus.Step
    var note: String?

    /// - Throws: `Problem` with status 400 when the bytes are not JSON, with 422 when it is not such a patch; it names everything
    ///   that is wrong.
    static func parse(_ bytes: [UInt8]) throws(Problem) -> StatusBody {
        let json: JSONValue
        do { json = try JSONValue(parsing: bytes) } catch { throw .malformed }
        guard case .object(let object) = json else {
            throw .invalid([FieldError(pointer: "", detail: "must be an object", code: .type)])
        }
        var errors: [FieldError] = []
        var step: OrganizationStatus.Step?
        var note: String?
        var seen: Set<String> = []
        for member in object.members {
            let pointer = "/" + escaped(member.name)
            guard seen.insert(member.name).inserted else {
                errors.append(FieldError(pointer: pointer, detail: "is given twice", code: .conflict))
                continue
            }
            switch (member.name, member.value) {
            case ("status", .string(let text)):
                step = OrganizationStatus.Step(rawValue: text)
                if step == nil { errors.append(FieldError(pointer: pointer, detail: allowed, code: .notAllowed)) }
            case ("status", _): errors.append(FieldError(pointer: pointer, detail: allowed, code: .type))
            case ("note", .string(let text)):
                note = text
                if let error = check(text) { errors.append(error) }
            // As if it were not there.
            case ("note", .null): break
            case ("note", _): errors.append(FieldError(pointer: pointer, detail: "must be text", code: .type))
            default: errors.append(FieldError(pointer: pointer, detail: "cannot be changed", code: .notAllowed))
            }
        }
        if !seen.contains("status") {
            errors.append(FieldError(pointer: "/status", detail: "is missing", code: .required))
        }
        guard errors.isEmpty, let step else { throw .invalid(errors) }
        return StatusBody(step: step, note: note)
    }

    private static let allowed =
        "must be one of \(OrganizationStatus.Step.allCases.map(\.rawValue).joined(separator: ", "))"

    private static func check(_ note: String) -> FieldError? {
        if note.count > longestNote {
            return FieldError(pointer: "/note", detail: "may have at most \(longestNote) characters", code: .tooLong)
        }
        let isPlain = note.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control || $0 == "\n" }
        return isPlain
            ? nil
            : FieldError(pointer: "/note", detail: "must not hold control characters", code: .controlCharacter)
    }

    /// RFC 6901, section 3. A name is the client's word: what is too long to be one of ours is cut.
    private static func escaped(_ name: String) -> String {
        String(name.prefix(64)).replacing("~", with: "~0").replacing("/", with: "~1")
    }
}
