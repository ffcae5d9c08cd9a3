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
        let id = required(.providerRequestID)
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
        let zip = required(.zip)
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

    /// A field that is left out with a warning when it cannot be kept.
    private mutating func lenient(_ field: SubmissionBody.Field) -> String? {
        let before = errors.count
        let text = optional(field)
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

    private mutating func optional(_ field: SubmissionBody.Field) -> String? {
        guard let found = body.fields[field], let text = text(field, found), !text.isEmpty else { return nil }
        return text
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
        // A browser's text area ends lines with CR LF.
        let written = field == .notes ? raw.replacing("\r\n", with: "\n") : raw
        let text =
            switch field {
            // Two addresses that look the same are no one's.
            case .email: NormalText.exactly(written)
            case _ where Self.isCode(field): NormalText.ofCode(written)
            default: NormalText.of(written)
            }
        guard text.utf8.count <= Self.limit(field) || text.unicodeScalars.count <= Self.limit(field) else {
            report(field, .tooLong, "must have at most \(Self.limit(field)) characters")
            return nil
        }
        let mayBreak = field == .notes
        let isForbidden = { (scalar: Unicode.Scalar) in
            NormalText.isForbidden(scalar) && !(mayBreak && scalar == "\n")
        }
        guard NormalText.isPlain(text) || !text.unicodeScalars.contains(where: isForbidden) else {
            report(field, .controlCharacter, "must not hold control characters or overrides of the writing direction")
            return nil
        }
        return text
    }

    /// Whether it is made of letters, digits and signs in which nothing invisible can be meant.
    private static func isCode(_ field: SubmissionBody.Field) -> Bool {
        switch field {
        case .state, .zip, .phone, .status: true
        case .providerRequestID, .name, .address, .city, .email, .providerData, .unit, .language, .need, .notes: false
        }
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

    private static func isZIP(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        guard bytes.count == 5 || bytes.count == 10 else { return false }
        return bytes.enumerated().allSatisfy { index, byte in
            index == 5 ? byte == UInt8(ascii: "-") : (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
        }
    }
}
