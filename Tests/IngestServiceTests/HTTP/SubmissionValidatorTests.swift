import Contracts
import HTTPListener
import Testing

@testable import IngestService

@Suite struct SubmissionValidatorTests {
    struct BadField: Sendable, CustomTestStringConvertible {
        var field: String
        var json: String
        var error: String
        var testDescription: String { "\(field) \(json.prefix(40))" }
    }

    static let bad: [BadField] = [
        .init(field: "name", json: "5", error: "/name type"),
        .init(field: "name", json: "{}", error: "/name type"),
        .init(field: "name", json: "null", error: "/name required"),
        .init(field: "name", json: #""""#, error: "/name required"),
        .init(field: "name", json: #"" \u00a0 ""#, error: "/name required"),
        .init(field: "name", json: #""a\u0000b""#, error: "/name control-character"),
        .init(field: "name", json: #""a\u001bb""#, error: "/name control-character"),
        .init(field: "email", json: #""a\n@example.org""#, error: "/email control-character"),
        .init(field: "name", json: "\"\(String(repeating: "x", count: 201))\"", error: "/name too-long"),
        .init(field: "providerRequestId", json: #"".""#, error: "/providerRequestId not-allowed"),
        .init(field: "providerRequestId", json: #"".. ""#, error: "/providerRequestId format"),
        .init(field: "providerRequestId", json: #""a\u0009b""#, error: "/providerRequestId control-character"),
        .init(field: "providerRequestId", json: #""a\n""#, error: "/providerRequestId control-character"),
        .init(field: "providerRequestId", json: #""a\u202eb""#, error: "/providerRequestId control-character"),
        .init(field: "providerRequestId", json: #""a\u200bb""#, error: "/providerRequestId not-allowed"),
        .init(field: "providerRequestId", json: #""a\u200db""#, error: "/providerRequestId not-allowed"),
        .init(field: "providerRequestId", json: #""a\ufe0f""#, error: "/providerRequestId not-allowed"),
        .init(field: "providerRequestId", json: #""\u200ea""#, error: "/providerRequestId not-allowed"),
        .init(field: "providerRequestId", json: #""a\udb40\udc41""#, error: "/providerRequestId not-allowed"),
        .init(field: "providerRequestId", json: #""a\u00a0""#, error: "/providerRequestId format"),
        .init(field: "providerRequestId", json: #"" a""#, error: "/providerRequestId format"),
        .init(
            field: "providerRequestId", json: "\"\(String(repeating: "x", count: 129))\"",
            error: "/providerRequestId too-long"),
        .init(field: "state", json: #""XX""#, error: "/state not-allowed"),
        .init(field: "state", json: #""Massachusetts""#, error: "/state not-allowed"),
        .init(field: "zip", json: #""2108""#, error: "/zip format"),
        .init(field: "zip", json: #""02108-""#, error: "/zip format"),
        .init(field: "zip", json: #""0210A""#, error: "/zip format"),
        .init(field: "zip", json: #""02108123""#, error: "/zip format"),
        .init(field: "zip", json: #""02108_1234""#, error: "/zip format"),
        .init(field: "zip", json: #""٠٢١٠٨""#, error: "/zip format"),
        .init(field: "zip", json: "2108", error: "/zip type"),
        .init(field: "phone", json: #""555""#, error: "/phone format"),
        .init(field: "phone", json: #""5550100""#, error: "/phone format"),
        .init(field: "name", json: #""Ada \u202egnp.exe""#, error: "/name control-character"),
        .init(field: "name", json: #""a\u0084b""#, error: "/name control-character"),
        .init(field: "email", json: #""nobody""#, error: "/email format"),
        .init(field: "email", json: #""@example.org""#, error: "/email format"),
        .init(field: "email", json: #""a b@example.org""#, error: "/email format"),
        .init(field: "status", json: #""installed""#, error: "/status not-allowed"),
        .init(field: "providerData", json: "7", error: "/providerData type"),
        .init(
            field: "providerData", json: "\"\(String(repeating: "x", count: 257))\"", error: "/providerData too-long"),
    ]

    @Test(arguments: bad)
    func aBadFieldIsNamedAlone(_ bad: BadField) {
        #expect(errors(Self.body(bad.field, bad.json)) == [bad.error])
    }

    private func kept(_ field: String, _ json: String) throws -> SubmissionValidator.Checked {
        try SubmissionValidator.validate(try SubmissionBody.parse(Array(Self.body(field, json).utf8)))
    }

    /// The callback goes to the very id that was sent: what looks alike, and differs in its bytes, is two.
    @Test(arguments: [
        ("e\u{301}", #"e\u0301"#), ("\u{E9}", #"\u00e9"#), ("\u{212A}", #"\u212a"#), ("\u{212B}", #"\u212b"#),
        ("a b", "a b"), ("a\u{A0}b", #"a\u00a0b"#), ("\u{FF21}", #"\uff21"#), ("a/b?c#d", "a/b?c#d"),
    ])
    func anIDIsKeptByteForByte(id: String, json: String) throws {
        let submission = try kept("providerRequestId", "\"\(json)\"").submission
        #expect(Array(submission.providerRequestID.utf8) == Array(id.utf8))
    }

    /// Forms of several lines and spreadsheets write them where a blank is meant.
    @Test func tabsAndLineBreaksAreBlanks() throws {
        for (json, name) in [(#"a\nb"#, "a b"), (#"a\r\n\r\nb\n"#, "a b"), (#"a\tb"#, "a b"), (#"a\u2028b"#, "a b")] {
            #expect(try kept("name", "\"\(json)\"").submission.name == name)
        }
        #expect(try kept("address", #""901 Bagby St\nApt 4""#).submission.address.street == "901 Bagby St, Apt 4")
        #expect(try kept("address", #""901 Bagby St\tApt 4\r\n""#).submission.address.street == "901 Bagby St Apt 4")
        #expect(try kept("need", #""two\talarms\nsoon""#).submission.need == "two alarms soon")
        let notes = try kept("notes", #""ring\tat\r\nthe back\u2028door""#)
        #expect(notes.submission.notes == "ring at\nthe back\ndoor" && notes.warnings.isEmpty)
    }

    /// What a person wrote is never lost whole for a part of it.
    @Test func whatCameLaterIsCutOrLosesWhatNoTextMayHold() throws {
        let long = try kept("notes", "\"\(String(repeating: "x", count: 1001))\"")
        #expect(long.submission.notes == String(repeating: "x", count: 1000))
        #expect(long.warnings.map(\.pointer) == ["/notes"] && long.warnings.map(\.code) == [.changed])
        let huge = try kept("unit", "\"\(String(repeating: "yz", count: 5000))\"")
        #expect(huge.submission.unit == String(repeating: "yz", count: 32) && huge.warnings.count == 1)
        // Not within what people see as one character.
        let flag = try kept("unit", "\"\(String(repeating: "x", count: 63))\u{1F1FA}\u{1F1F8}\"")
        #expect(flag.submission.unit == String(repeating: "x", count: 63))
        let control = try kept("need", #""two\u0007 al\u202earms""#)
        #expect(control.submission.need == "two alarms")
        #expect(control.warnings.map(\.detail).count == 1 && control.warnings[0].code == .changed)
        #expect(try kept("notes", "5").warnings.map(\.code) == [.ignored])
    }

    /// As postal software and keyboards of other countries write them.
    @Test(arguments: [
        ("021081234", "02108-1234"), ("02108 1234", "02108-1234"), ("02108\u{2013}1234", "02108-1234"),
        ("\u{FF10}\u{FF12}\u{FF11}\u{FF10}\u{FF18}", "02108"), ("02108-1234", "02108-1234"),
    ])
    func zipsAreTakenInSeveralWritings(written: String, zip: String) throws {
        #expect(try kept("zip", "\"\(written)\"").submission.address.zip == zip)
        #expect(try kept("state", "\"\u{FF4D}\u{FF21}\"").submission.address.state == "MA")
    }

    @Test func namesThatDifferInCaseMustAgree() {
        #expect(errors(Self.body("Name", #""Someone Else""#)).count == 1)
        #expect(errors(Self.body("NAME", #""Ada Example""#)).isEmpty)
        #expect(errors(Self.body("PostalCode", #""99999""#)).count == 1)
    }

    @Test func valuesAreKeptInNormalForm() throws {
        let body = Self.body("name", #""\u00a0Zoe\u0308 \u200fנועה\u200f ""#)
        let submission = try SubmissionValidator.validate(try SubmissionBody.parse(Array(body.utf8))).submission
        #expect(Array(submission.name.unicodeScalars) == Array("Zo\u{EB} \u{200F}נועה\u{200F}".unicodeScalars))
        #expect(submission.phone == "+16175550100")
    }

    /// Text in which there is nothing to see is blank, in every field.
    @Test(arguments: [
        #"\u200b"#, #"\u200b\u200b "#, #"\ufeff"#, #"\u2060"#, #"\u200d"#, #"\u3164"#, #"\uffa0"#, #"\u00ad"#,
        #"\u200e\u200f"#,
        #"\u2800"#, #"\u034f"#, #"\ufe0f"#, #"\u115f\u1160"#, #"\u180e"#, #"\udb40\udc41"#, #" \u2063\u00a0"#,
    ])
    func textThatNobodySeesIsBlank(_ json: String) {
        for field in ["name", "address", "city", "state", "zip", "phone", "email", "providerRequestId", "status"] {
            #expect(errors(Self.body(field, "\"\(json)\"")) == ["/\(field) required"])
        }
    }

    /// Formats' controls, marks without a letter, a note's head that is none.
    @Test(arguments: [
        #"\ufff9"#, #"\ufffa\ufffb"#, #"\ud834\udd59"#, #"\ud80d\udc30"#, #"\u0301"#, #"\u0301\u0323"#, #"\u20dd"#,
        #" \u0605 "#,
        #"\u0903"#, #"\u070f\u06dd"#,
    ])
    func textThatShowsNothingByItselfIsBlank(_ json: String) {
        for field in ["name", "address", "city"] {
            #expect(errors(Self.body(field, "\"\(json)\"")) == ["/\(field) required"])
        }
        #expect(errors(Self.body("name", "\"\(json)a\"")) == [])
    }

    /// Two that look the same reach two people, or nobody.
    @Test(arguments: [
        #"resident@exam\u3164ple.org"#, #"resident@exam\u200bple.org"#, #"resi\u00addent@example.org"#,
        #"resident@example\u2060.org"#, #"resident\u200d@example.org"#, #"resident@\u034fexample.org"#,
        #"a\ufe0fb@example.org"#,
        #"resident@example.\u200eorg"#, #"re\u180esident@example.org"#,
    ])
    func whatNobodySeesInAnAddressIsTold(_ json: String) {
        #expect(errors(Self.body("email", "\"\(json)\"")) == ["/email format"])
    }

    /// It comes along when the address is copied.
    @Test(arguments: [
        #"\ufeffresident@example.org"#, #"resident@example.org\u200b "#, #" \u2060 resident@example.org\u00a0"#,
    ])
    func whatNobodySeesAroundAnAddressIsDropped(_ json: String) throws {
        let body = Self.body("email", "\"\(json)\"")
        let submission = try SubmissionValidator.validate(try SubmissionBody.parse(Array(body.utf8))).submission
        #expect(submission.email == "resident@example.org")
    }

    /// What nobody sees comes along from other programs. What belongs to a visible character stays.
    @Test(arguments: [
        (#"\ufeffAda Example"#, "Ada Example"), (#"Ada\u200b Example\u200b"#, "Ada Example"), (#"Ad\u00ada"#, "Ada"),
        (#"Ada\u2060Example"#, "AdaExample"), (#"\u3164Ada"#, "Ada"), (#"\u200b Ada \u200b"#, "Ada"),
        (#"\u0646\u0627\u0645\u0647\u200c\u0627\u06cc"#, "\u{646}\u{627}\u{645}\u{647}\u{200C}\u{627}\u{6CC}"),
        (#"\u845b\udb40\udd00\u57ce"#, "\u{845B}\u{E0100}\u{57CE}"), (#"\u05d0\u200f (x)"#, "\u{5D0}\u{200F} (x)"),
    ])
    func invisibleCharactersThatStandAloneAreDropped(_ json: String, _ name: String) throws {
        let body = Self.body("name", "\"\(json)\"")
        let submission = try SubmissionValidator.validate(try SubmissionBody.parse(Array(body.utf8))).submission
        #expect(Array(submission.name.unicodeScalars) == Array(name.unicodeScalars))
    }

    @Test func codesAreReadWithoutWhatNobodySees() throws {
        let values = [
            ("zip", #""\u202a02108\u202c""#), ("zip", #""0\u200b2108""#), ("state", #""M\u200dA""#),
            ("status", #""\ufeffnew""#), ("phone", #""\u202a+1 (713) 555-0101\u202c""#),
            ("phone", #""\u2066\u202d713\u200b-\u200b555\u200b-0101, extension 123456\u202c\u2069""#),
        ]
        for (field, json) in values { #expect(errors(Self.body(field, json)) == []) }
        let body = Self.body("phone", #""\u202a+1 (713) 555-0101\u202c""#)
        let submission = try SubmissionValidator.validate(try SubmissionBody.parse(Array(body.utf8))).submission
        #expect(submission.phone == "+17135550101")
    }

    @Test func aMissingNamesNearMissIsNamed() {
        do throws(Problem) {
            _ = try SubmissionValidator.validate(
                try SubmissionBody.parse(Array(#"{"zip_code": "02108", "e-mail": "a@b", "note": 1}"#.utf8)))
        } catch {
            let details = Dictionary(
                uniqueKeysWithValues: ((error.extensions as? Problem.Extensions)?.errors ?? []).map {
                    ($0.pointer, $0.detail)
                })
            #expect(details["/zip"] == #"is required; got "zip_code", expected "zip""#)
            #expect(details["/email"] == #"is required; got "e-mail", expected "email""#)
            #expect(details["/name"] == "is required")
        }
    }

    @Test(arguments: ["AA", "ae", "AP", "DC", "pr", "GU", "PW"])
    func statesAreMoreThanFifty(_ state: String) { #expect(errors(Self.body("state", "\"\(state)\"")).isEmpty) }

    @Test func aNameGivenTwiceMustAgree() {
        #expect(errors(#"{"state": "MA", "state": "NY"}"#).contains("/state conflict"))
        #expect(!errors(#"{"state": "MA", "state": "MA"}"#).contains("/state conflict"))
    }

    @Test func theErrorPointsToTheNameThatWasSent() {
        let body = #"{"POSTALCODE": "x"}"#
        #expect(errors(body).contains("/POSTALCODE format"))
    }

    @Test func aRegionCodeIsShapedLikeOne() {
        func code(_ data: String?) -> String? { Fixture.submission(providerData: data).regionCode }
        for good in ["NE-7", "a", "REGION_4.2", String(repeating: "x", count: 64)] { #expect(code(good) == good) }
        for bad in [nil, "", "two words", "Zoë", "a/b", String(repeating: "x", count: 65)] { #expect(code(bad) == nil) }
    }

    /// A good body with one member put first, in place of the one of that very name.
    private static func body(_ field: String, _ json: String) -> String {
        let rest = Fixture.body().filter { $0.key != field }.map { "\"\($0.key)\":\"\($0.value)\"" }
        return "{\"\(field)\":\(json),\(rest.joined(separator: ","))}"
    }

    private func errors(_ text: String) -> Set<String> {
        do throws(Problem) {
            _ = try SubmissionValidator.validate(try SubmissionBody.parse(Array(text.utf8)))
            return []
        } catch {
            return Set(
                ((error.extensions as? Problem.Extensions)?.errors ?? []).map { "\($0.pointer) \($0.code.rawValue)" })
        }
    }
}
