import Testing

@testable import IngestService

@Suite struct FieldNameGuessTests {
    @Test(arguments: [
        ("zip_code", .zip), ("postal_code", .zip), ("Zip Code", .zip), ("zp", .zip), ("e-mail", .email), ("E_Mail", .email),
        ("emial", .status), ("telephone", .phone), ("Phone Number", .phone), ("serial", .providerRequestID),
        ("provider_request_id", .providerRequestID), ("providerReqestId", .providerRequestID), ("full_name", .name),
        ("adress", .address), ("street", .address), ("town", .city), ("stat", .state), ("Status Code", .zip),
    ] as [(String, SubmissionBody.Field)])
    func aNearMissIsNamed(_ name: String, _ field: SubmissionBody.Field) {
        let isFar = ["emial", "Status Code"].contains(name)
        #expect(FieldNameGuess.name(for: field, among: ["note", name]) == (isFar ? nil : name))
    }

    @Test func theNearestOfSeveralIsNamed() {
        #expect(FieldNameGuess.name(for: .zip, among: ["zop", "zip_code", "z.i.p"]) == "z.i.p")
        #expect(FieldNameGuess.name(for: .zip, among: ["zop", "zip_code"]) == "zip_code")
        #expect(FieldNameGuess.name(for: .zip, among: []) == nil)
    }

    @Test func whatCouldNotBeAFieldsNameIsNotShown() {
        for name in ["zip\"", "zi\u{202E}p", "zip\\", String(repeating: "zip_", count: 20)] {
            #expect(FieldNameGuess.name(for: .zip, among: [name]) == nil)
        }
    }
}
