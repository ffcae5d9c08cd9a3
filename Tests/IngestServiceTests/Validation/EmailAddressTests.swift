import Testing

@testable import IngestService

@Suite struct EmailAddressTests {
    @Test(arguments: [
        "a@b", "ada@example.org", "ada.b+c@mail.example.org", "!#$%&'*+/=?^_`{|}~-@example.org", ".a..b.@example.org",
        "1@123.45", "a@xn--bcher-kva.example", "zoë@example.org", "用户@例子.广告", "θσερ@εχαμπλε.ψομ", "दुनिया@उदाहरण.भारत",
        String(repeating: "a", count: 64) + "@example.org", "a@" + String(repeating: "b", count: 63) + ".org",
        // Joiners where a script needs them.
        "a@\u{DC1}\u{DCA}\u{200D}\u{DBB}\u{DD3}.example", "a@नेपाल\u{94D}\u{200C}.example",
        "a@نامه\u{200C}ای.example",
    ])
    func whatABrowserTakesIsTaken(_ text: String) { #expect(EmailAddress.isValid(text)) }

    @Test(arguments: [
        "", "@", "a", "a@", "@b", "a@b@c", "a b@c", "a@b c", "a@-b", "a@b-", "a@b..c", "a@.b", "a@b.", "a@b_c",
        "\"a b\"@c", "a@[127.0.0.1]", "a(b)@c", "a,b@c", "a@b\n", "a\u{200B}b@c", "a\u{A0}b@c", "a@b\u{3000}c",
        "a@💥.org",
        String(repeating: "a", count: 65) + "@example.org", "a@" + String(repeating: "b", count: 64) + ".org",
        "resident@exam\u{200D}ple.org", "resident@exam\u{3164}ple.org", "a@exam\u{200C}ple.org", "a@exam\u{AD}ple.org",
        "a@exam\u{34F}ple.org", "a@exam\u{FE0F}ple.org", "a@exam\u{115F}ple.org", "a@exam\u{FFA0}ple.org",
        "a@exam\u{2060}ple.org", "a@exam\u{E0101}ple.org", "a@exam\u{180B}ple.org", "a@\u{200D}example.org",
        "a@نامه\u{200C}.example", "a@نامه\u{200D}ای.example", "a@\u{301}example.org", "a@example.\u{301}org",
        "a@-\u{301}example.org", "a@exam-\u{301}ple.org",
        "a@exam\u{2800}ple.org", "a@\u{903}.example", "a@\u{20DD}example.org",
        "a\u{3164}b@example.org", "a\u{34F}b@example.org", "a\u{FE0F}@example.org", "\u{301}a@example.org",
        "a\u{2800}b@example.org",
        String(repeating: "é", count: 33) + "@example.org",
        "a@" + String(repeating: String(repeating: "b", count: 62) + ".", count: 4) + "org",
    ])
    func whatNoMailReachesIsRefused(_ text: String) { #expect(!EmailAddress.isValid(text)) }
}
