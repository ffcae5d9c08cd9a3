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
        }
    }

    private let body: SubmissionBody
    private var errors: [FieldError] = []

    private init(_ body: SubmissionBody) { self.body = body }

    /// - Throws: `Problem` with status 422 that names every field that is wrong.
    static func validate(_ body: SubmissionBody) throws(Problem) -> Submission {
        guard body.isObject else {
            throw .invalid([FieldError(pointer: "", detail: "must be an object", code: .type)])
        }
        var validator = SubmissionValidator(body)
        let submission = validator.submission()
        guard validator.errors.isEmpty else { throw .invalid(validator.errors) }
        return submission
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
        let written = required(.phone)
        let phone = written.flatMap { PhoneNumber($0)?.text }
        check(.phone, written, .format, "must be a telephone number of ten digits, or one with + and its country code")
        {
            _ in phone != nil
        }
        let email = required(.email)
        check(.email, email, .format, "must be an e-mail address", EmailAddress.isValid)
        let status = required(.status)
        check(.status, status, .notAllowed, "must be new") { $0.lowercased() == "new" }
        return Submission(
            providerRequestID: id ?? "", name: name ?? "",
            address: PostalAddress(street: street ?? "", city: city ?? "", state: state ?? "", zip: zip ?? ""),
            phone: phone ?? "", email: email ?? "", providerData: optional(.providerData))
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
        guard raw[...].trimmingBlanks().utf8.count <= 12 * Self.limit(field) else {
            report(field, .tooLong, "must have at most \(Self.limit(field)) characters")
            return nil
        }
        let text = Self.isCode(field) ? NormalText.ofCode(raw) : NormalText.of(raw)
        guard text.unicodeScalars.count <= Self.limit(field) else {
            report(field, .tooLong, "must have at most \(Self.limit(field)) characters")
            return nil
        }
        guard !text.unicodeScalars.contains(where: NormalText.isForbidden) else {
            report(field, .controlCharacter, "must not hold control characters or overrides of the writing direction")
            return nil
        }
        return text
    }

    /// Whether it is made of letters, digits and signs in which nothing invisible can be meant.
    private static func isCode(_ field: SubmissionBody.Field) -> Bool {
        switch field {
        case .state, .zip, .phone, .status: true
        case .providerRequestID, .name, .address, .city, .email, .providerData: false
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
