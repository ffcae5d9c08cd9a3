import Testing

@testable import IngestService

@Suite struct EmailAddressTests {
    @Test(arguments: [
        "a@b", "ada@example.org", "ada.b+c@mail.example.org", "!#$%&'*+/=?^_`{|}~-@example.org", ".a..b.@example.org",
        "1@123.45", "a@xn--bcher-kva.example", "zoë@example.org", "用户@例子.广告", "θσερ@εχαμπλε.ψομ", "दुनिया@उदाहरण.भारत",
        String(repeating: "a", count: 64) + "@example.org", "a@" + String(repeating: "b", count: 63) + ".org",
    ])
    func whatABrowserTakesIsTaken(_ text: String) { #expect(EmailAddress.isValid(text)) }

    @Test(arguments: [
        "", "@", "a", "a@", "@b", "a@b@c", "a b@c", "a@b c", "a@-b", "a@b-", "a@b..c", "a@.b", "a@b.", "a@b_c",
        "\"a b\"@c", "a@[127.0.0.1]", "a(b)@c", "a,b@c", "a@b\n", "a\u{200B}b@c", "a\u{A0}b@c", "a@b\u{3000}c", "a@💥.org",
        String(repeating: "a", count: 65) + "@example.org", "a@" + String(repeating: "b", count: 64) + ".org",
        String(repeating: "é", count: 33) + "@example.org",
        "a@" + String(repeating: String(repeating: "b", count: 62) + ".", count: 4) + "org",
    ])
    func whatNoMailReachesIsRefused(_ text: String) { #expect(!EmailAddress.isValid(text)) }
}
