import Contracts
import HTTPListener

/// Checks a body and brings it into normal form, or says everything that is wrong with it.
struct SubmissionValidator {
    /// Longest values, in Unicode scalars. An e-mail address is at most 254 octets by RFC 5321, section 4.5.3.1.3.
    private static func limit(_ field: SubmissionBody.Field) -> Int {
        switch field {
        case .providerRequestID: 128
        case .name, .address: 200
        case .city: 100
        case .state, .status: 32
        case .zip: 10
        case .phone: 40
        case .email: 254
        case .providerData: 256
        case .unit, .language: 64
        case .need: 200
        case .notes: 1000
        }
    }

    private let body: SubmissionBody
    private let contact: ContactRule
    private var errors: [FieldError] = []
    private var warnings: [FieldError] = []

    private init(_ body: SubmissionBody, _ contact: ContactRule) {
        self.body = body
        self.contact = contact
    }

    /// A submission that is taken, and what of its body is not.
    struct Checked: Sendable, Equatable {
        var submission: Submission
        /// What was ignored, by its pointer.
        var warnings: [FieldError] = []
    }

    /// How many warnings an answer has at most.
    private static let mostWarnings = 20

    /// - Parameter contact: how the organisation wants to reach people.
    /// - Throws: `Problem` with status 422 that names every field that is wrong.
    static func validate(_ body: SubmissionBody, contact: ContactRule = .both) throws(Problem) -> Checked {
        guard body.isObject else {
            throw .invalid([FieldError(pointer: "", detail: "must be an object", code: .type)])
        }
        var validator = SubmissionValidator(body, contact)
        let submission = validator.submission()
        guard validator.errors.isEmpty else { throw .invalid(validator.errors) }
        let unknown = body.unknown.prefix(mostWarnings).map { name in
            FieldError(
                pointer: "/\(RequestPatch.escaped(name))", detail: "is no field, and was ignored", code: .ignored)
        }
        return Checked(
            submission: submission, warnings: Array((validator.warnings + unknown).prefix(mostWarnings)))
    }

    /// What a body says of these contact fields, each as it would have to be in a submission.
    /// - Throws: `Problem` with status 422 that names every field that is wrong, and each that is none of these.
    static func contact(_ body: SubmissionBody, _ fields: Set<SubmissionBody.Field>) throws(Problem) -> ContactPatch {
        var validator = SubmissionValidator(body, .either)
        for (field, _) in body.fields where !fields.contains(field) {
            validator.report(field, .notAllowed, "cannot be changed")
        }
        for name in body.unknown.prefix(mostWarnings) {
            validator.errors.append(
                FieldError(
                    pointer: "/\(RequestPatch.escaped(name))", detail: "cannot be changed", code: .notAllowed))
        }
        if body.fields.isEmpty, body.unknown.isEmpty {
            validator.errors.append(
                FieldError(pointer: "", detail: "must have name, phone or email", code: .required))
        }
        let name = body.fields[.name] == nil ? nil : validator.required(.name)
        let patch = ContactPatch(
            name: name, phone: body.fields[.phone] == nil ? nil : validator.phone(),
            email: body.fields[.email] == nil ? nil : validator.email())
        guard validator.errors.isEmpty else { throw .invalid(validator.errors) }
        return patch
    }

    private mutating func submission() -> Submission {
        let id = requiredID()
        check(.providerRequestID, id, .notAllowed, "must not be . or .., which no URL can carry as a name") {
            $0 != "." && $0 != ".."
        }
        let name = required(.name)
        let street = required(.address)
        let city = required(.city)
        let state = required(.state) { $0.uppercased() }
        check(.state, state, .notAllowed, "must be a USPS state code of two letters") {
            USState.isCode($0)
        }
        let zip = required(.zip, transform: Self.zip)
        check(.zip, zip, .format, "must have five digits, or nine as 12345-6789", Self.isZIP)
        let (phone, email) = (phone(), email())
        if contact == .either, phone?.isEmpty == true, email?.isEmpty == true {
            report(.phone, .required, "or an email is required")
        }
        let status = required(.status)
        check(.status, status, .notAllowed, "must be new") { $0.lowercased() == "new" }
        return Submission(
            providerRequestID: id ?? "", name: name ?? "",
            address: PostalAddress(street: street ?? "", city: city ?? "", state: state ?? "", zip: zip ?? ""),
            phone: phone ?? "", email: email ?? "", providerData: optional(.providerData), unit: lenient(.unit),
            language: lenient(.language), need: lenient(.need), notes: lenient(.notes))
    }

    /// In normal form; empty when there is none and none is needed, `nil` when it is wrong, which is then recorded.
    private mutating func phone() -> String? {
        guard let written = reachable(.phone) else { return nil }
        guard !written.isEmpty else { return "" }
        let phone = PhoneNumber(written)?.text
        check(.phone, written, .format, "must be a telephone number of ten digits, or one with + and its country code")
        {
            _ in phone != nil
        }
        return phone
    }

    private mutating func email() -> String? {
        guard let email = reachable(.email) else { return nil }
        if !email.isEmpty { check(.email, email, .format, "must be an e-mail address", EmailAddress.isValid) }
        return email
    }

    /// A field by which a person is reached; empty when it is not there and the other one will do.
    private mutating func reachable(_ field: SubmissionBody.Field) -> String? {
        guard contact == .either else { return required(field) }
        guard let found = body.fields[field] else { return "" }
        return text(field, found)
    }

    /// The partner's id of the request. It is kept byte for byte, for the callback goes to the very id that was sent,
    /// and two ids that differ are two; what could not be seen, or would be lost on the way, is refused.
    private mutating func requiredID() -> String? {
        let field = SubmissionBody.Field.providerRequestID
        guard let found = body.fields[field], !found.contradicted, let raw = found.text, !raw.isBlank else {
            return required(field)
        }
        let limit = Self.limit(field)
        guard raw.utf8.count <= 4 * limit, raw.unicodeScalars.count <= limit else {
            report(field, .tooLong, "must have at most \(limit) characters")
            return nil
        }
        guard !raw.unicodeScalars.contains(where: NormalText.isForbidden) else {
            report(field, .controlCharacter, Self.controlCharacters)
            return nil
        }
        guard !raw.unicodeScalars.contains(where: \.isInvisible) else {
            report(field, .notAllowed, "must not hold characters that nobody sees, such as zero-width spaces")
            return nil
        }
        let isBlank = { (scalar: Unicode.Scalar?) in scalar?.properties.isWhitespace ?? true }
        guard !isBlank(raw.unicodeScalars.first), !isBlank(raw.unicodeScalars.last) else {
            report(field, .format, "must not begin or end with a blank")
            return nil
        }
        return raw
    }

    private static let controlCharacters = "must not hold control characters or overrides of the writing direction"

    /// A field that came later: what of it cannot be kept is left out with a warning, and the rest is kept.
    private mutating func lenient(_ field: SubmissionBody.Field) -> String? {
        let before = errors.count
        let text = optional(field, mended: true)
        warnings += errors[before...].map { error in
            FieldError(pointer: error.pointer, detail: "was ignored: it \(error.detail)", code: .ignored)
        }
        errors.removeSubrange(before...)
        return text
    }

    /// A field that must be there; `nil` when it is not or is wrong, which is then recorded.
    private mutating func required(
        _ field: SubmissionBody.Field, transform: (String) -> String = { $0 }
    ) -> String? {
        guard let found = body.fields[field] else {
            let guess = FieldNameGuess.name(for: field, among: body.unknown)
            let hint = guess.map { "; got \"\($0)\", expected \"\(field.rawValue)\"" } ?? ""
            report(field, .required, "is required\(hint)")
            return nil
        }
        guard let text = text(field, found) else { return nil }
        guard !text.isEmpty else {
            report(field, .required, "must not be blank")
            return nil
        }
        return transform(text)
    }

    /// - Parameter mended: whether a text that is too long, or holds what no text may, is cut or loses that, with a
    ///   warning.
    private mutating func optional(_ field: SubmissionBody.Field, mended: Bool = false) -> String? {
        guard var found = body.fields[field] else { return nil }
        if mended, let raw = found.text { found.text = mend(field, raw) }
        guard let text = text(field, found), !text.isEmpty else { return nil }
        return text
    }

    /// What of a text can be kept; what cannot is recorded as a warning.
    private mutating func mend(_ field: SubmissionBody.Field, _ raw: String) -> String {
        let limit = Self.limit(field)
        let isKept = { (scalar: Unicode.Scalar) in !NormalText.isForbidden(scalar) || scalar == "\n" }
        // Cut before anything is normalised, which takes long for much: nothing is left behind that could be kept.
        var text = Self.normal(field, String(raw.unicodeScalars.prefix(12 * limit)))
        if text.unicodeScalars.contains(where: { !isKept($0) }) {
            text = Self.normal(field, String(String.UnicodeScalarView(text.unicodeScalars.filter(isKept))))
            warn(field, "lost control characters or overrides of the writing direction, which it must not hold")
        }
        guard text.unicodeScalars.count > limit || raw.unicodeScalars.count > 12 * limit else { return text }
        // Whole characters, as people see them.
        var end = text.startIndex
        var count = 0
        while end < text.endIndex {
            count += text[end].unicodeScalars.count
            guard count <= limit else { break }
            end = text.index(after: end)
        }
        warn(field, "was cut: it must have at most \(limit) characters")
        return String(text[..<end])
    }

    private mutating func warn(_ field: SubmissionBody.Field, _ detail: String) {
        let name = body.fields[field]?.key ?? field.rawValue
        warnings.append(FieldError(pointer: "/\(name)", detail: detail, code: .changed))
    }

    private static func normal(_ field: SubmissionBody.Field, _ written: String) -> String {
        switch field {
        // Two addresses that look the same are no one's.
        case .email: NormalText.exactly(written)
        case .state, .zip, .status, .phone: NormalText.ofCode(written)
        case .notes: NormalText.ofLines(written)
        // A second line is an apartment, a floor, whom to ask for.
        case .address: NormalText.ofLine(written, between: ", ")
        case .providerRequestID, .name, .city, .providerData, .unit, .language, .need: NormalText.ofLine(written)
        }
    }

    /// The field's text in normal form; `nil` when it cannot be accepted, which is then recorded.
    private mutating func text(_ field: SubmissionBody.Field, _ found: SubmissionBody.Found) -> String? {
        guard !found.contradicted else {
            report(field, .conflict, "is given more than once, with different values")
            return nil
        }
        guard let raw = found.text else {
            report(field, .type, "must be a string")
            return nil
        }
        // Before anything is normalised, which takes long for much: a character in normal form comes of 12 bytes at
        // most.
        let most = 12 * Self.limit(field)
        guard raw.utf8.count <= most || raw[...].trimmingBlanks().utf8.count <= most else {
            report(field, .tooLong, "must have at most \(Self.limit(field)) characters")
            return nil
        }
        let text = Self.normal(field, raw)
        guard text.utf8.count <= Self.limit(field) || text.unicodeScalars.count <= Self.limit(field) else {
            report(field, .tooLong, "must have at most \(Self.limit(field)) characters")
            return nil
        }
        let mayBreak = field == .notes
        let isForbidden = { (scalar: Unicode.Scalar) in
            NormalText.isForbidden(scalar) && !(mayBreak && scalar == "\n")
        }
        guard NormalText.isPlain(text) || !text.unicodeScalars.contains(where: isForbidden) else {
            report(field, .controlCharacter, Self.controlCharacters)
            return nil
        }
        return text
    }

    private mutating func check(
        _ field: SubmissionBody.Field, _ text: String?, _ code: FieldError.Code, _ detail: String,
        _ isGood: (String) -> Bool
    ) {
        if let text, !isGood(text) { report(field, code, detail) }
    }

    private mutating func report(_ field: SubmissionBody.Field, _ code: FieldError.Code, _ detail: String) {
        let name = body.fields[field]?.key ?? field.rawValue
        errors.append(FieldError(pointer: "/\(name)", detail: detail, code: code))
    }

    /// `77002-1234` for nine digits that stand together, or with a blank or another dash between.
    private static func zip(_ written: String) -> String {
        let scalars = Array(written.unicodeScalars)
        let isDigit = { (scalar: Unicode.Scalar) in ("0"..."9").contains(scalar) }
        let isDash = { (scalar: Unicode.Scalar) in
            scalar == " " || ("\u{2010}"..."\u{2015}").contains(scalar) || scalar == "\u{2212}"
        }
        let rest = scalars.dropFirst(5)
        let plus = scalars.count == 10 && rest.first.map(isDash) == true ? rest.dropFirst() : rest
        guard plus.count == 4, scalars.prefix(5).allSatisfy(isDigit), plus.allSatisfy(isDigit) else { return written }
        return String(String.UnicodeScalarView(scalars.prefix(5) + ["-"] + plus))
    }

    private static func isZIP(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == 5 || bytes.count == 10 else { return false }
        return bytes.enumerated().allSatisfy { index, byte in
            index == 5 ? byte == UInt8(ascii: "-") : (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
    }
}
