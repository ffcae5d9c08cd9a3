import Contracts
import Foundation
import HTTPTypes
import HummingbirdTesting
import Testing

@testable import IngestService

/// Corpora.
@Suite(.serialized, .enabled(if: Corpus.isThere))
struct CorporaTests {
    /// `n_` must be refused as malformed; `y_` is well-formed, and no help request; of `i_` the standard leaves it
    /// open.
    @Test(.timeLimit(.minutes(5))) func everyJSONTextHasAnAnswer() async throws {
        let names = try Corpus.names("json/parsing").filter { $0.hasSuffix(".json") }
        #expect(names.count > 300)
        try await withSQLiteStore { store, _ in
            try await APIHarness.with(store) { api in
                for name in names {
                    let text = try Corpus.data("json/parsing/\(name)")
                    let answer = try await api.post(text)
                    #expect(answer.isProblem, "\(name)")
                    // Refused by its length, whatever it holds.
                    guard text.count <= 65536 else {
                        #expect(answer.status == 413, "\(name)")
                        continue
                    }
                    switch name.prefix(2) {
                    case "y_": #expect(answer.status == 422, "\(name)")
                    case "n_": #expect(answer.status == 400, "\(name)")
                    default: #expect([400, 422].contains(answer.status), "\(name)")
                    }
                }
                #expect(try await store.outboxStatus().count == 0)
            }
        }
    }

    /// Objects that are well-formed may stand beside what is asked for, under a name that nobody knows.
    @Test(.timeLimit(.minutes(5))) func everyGoodJSONTextMayBeAnUnknownField() async throws {
        let names = try Corpus.names("json/parsing").filter { $0.hasPrefix("y_") }
        try await withSQLiteStore { store, _ in
            try await APIHarness.with(store) { api in
                for (number, name) in names.enumerated() {
                    var body = try Fixture.json(["providerRequestId": "R-\(number)"])
                    body.removeLast()
                    body += Data(",\"more\":".utf8) + (try Corpus.data("json/parsing/\(name)")) + Data("}".utf8)
                    #expect(try await api.post(body).status == 202, "\(name)")
                }
            }
        }
    }

    /// Each string in each field comes back as it was sent, in NFC, without blanks at its ends and without characters
    /// that nobody sees, or is refused. Without characters made of default-ignorable code points alone
    /// (DerivedCoreProperties.txt), but for the three marks of direction, which mean something by themselves.
    private static func visible(_ string: String) -> String {
        string.filter { character in
            !character.unicodeScalars.allSatisfy {
                $0.properties.isDefaultIgnorableCodePoint && ![0x061C, 0x200E, 0x200F].contains($0.value)
            }
        }
    }

    @Test(.timeLimit(.minutes(5)), arguments: SubmissionBody.Field.allCases)
    func everyNaughtyStringIsKeptOrRefused(_ field: SubmissionBody.Field) async throws {
        let strings = try JSONDecoder().decode([String].self, from: try Corpus.data("strings/blns.json"))
        #expect(strings.count > 400)
        try await withSQLiteStore { store, _ in
            try await APIHarness.with(store) { api in
                var accepted = 0
                for (number, string) in strings.enumerated() {
                    var changes: [String: Any?] = ["providerRequestId": "R-\(number)"]
                    changes[field.rawValue] = string
                    let answer = try await api.post(try Fixture.json(changes))
                    guard answer.status == 202 else {
                        #expect(answer.isProblem && [409, 422].contains(answer.status))
                        continue
                    }
                    accepted += 1
                    let id = try #require(answer.id)
                    let shown = try await api.get("/api/requests/\(id)")
                    #expect(shown.status == 200)
                    let submission = try #require(try await store.request(id)?.submission)
                    guard let kept = Self.value(field, submission) else { continue }
                    let expected = Self.visible(string).precomposedStringWithCanonicalMapping
                        .trimmingCharacters(in: Self.blanks)
                    #expect(Array(kept.unicodeScalars) == Array(expected.unicodeScalars))
                }
                print("blns: \(field.rawValue): \(accepted) of \(strings.count) accepted")
            }
        }
    }

    /// What `Character.isWhitespace` is true for.
    private static let blanks = CharacterSet(
        charactersIn: "\t\n\u{0B}\u{0C}\r \u{85}\u{A0}\u{1680}\u{2028}\u{2029}\u{202F}\u{205F}\u{3000}"
    ).union(CharacterSet(charactersIn: "\u{2000}"..."\u{200A}"))

    /// What is kept of a field as it was sent; `nil` for those that are brought into a form of their own.
    private static func value(_ field: SubmissionBody.Field, _ submission: Submission) -> String? {
        switch field {
        case .providerRequestID: submission.providerRequestID
        case .name: submission.name
        case .address: submission.address.street
        case .city: submission.address.city
        case .zip: submission.address.zip
        case .email: submission.email
        case .providerData: submission.providerData
        case .state, .phone, .status, .unit, .language, .need, .notes: nil
        }
    }

    /// Of the rows of the United States: those that the oracle places there, and those that it reads as numbers from
    /// there and finds wrong.
    @Test func telephoneNumbersAreJudgedAsByTheOracle() throws {
        var count = 0
        var differences: [String] = []
        for row in try Corpus.rows("phone/phone_cases.csv") {
            let input = row["input"] ?? ""
            guard row["region"] == "US" || (row["region"] == "" && !input.hasPrefix("+")) else { continue }
            count += 1
            let number = PhoneNumber(input)?.text.split(separator: ";").first.map(String.init)
            let expected = row["valid"] == "1" ? row["e164"] : nil
            if number != expected { differences.append(input.debugDescription) }
        }
        let agreement = 100 * Double(count - differences.count) / Double(count)
        print("phone: \(count - differences.count) of \(count) agree (\(agreement) %); not: \(differences)")
        #expect(count > 800 && agreement >= 98)
    }

    /// Cases in which we follow the browsers against isemail, and why.
    private static let disputed: [String: String] = [
        "15": "a dot at the start: browsers send it, and providers have handed such mailboxes out",
        "16": "a dot at the end, the same",
        "23": "a numeric top-level domain: no rule of the syntax",
        "24": "numbers alone in the domain, the same",
        "166": "a top-level domain alone may have mailboxes; isemail itself takes test@io",
    ]

    @Test func addressesAreJudgedAsByIsemail() throws {
        struct Case: Decodable {
            var id: String
            var address: String
            var mailbox_ok: Bool
        }
        let cases = try JSONDecoder().decode([Case].self, from: try Corpus.data("email/email_isemail.json"))
        #expect(cases.count > 150)
        for one in cases {
            let isDisputed = Self.disputed[one.id] != nil
            #expect(EmailAddress.isValid(one.address) == (one.mailbox_ok != isDisputed), "\(one.id) \(one.address)")
        }
    }
}
