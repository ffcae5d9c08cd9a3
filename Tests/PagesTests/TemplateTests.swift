import Testing

@testable import Pages

@Suite("Templates")
struct TemplateTests {
    @Test func noneHasAValueThatIsNotEscaped() throws {
        _ = try PageTemplates()
        for (name, bytes) in TemplateSources.all {
            let text = String(decoding: bytes, as: UTF8.self)
            #expect(!text.contains("{{{") && !text.contains("{{&") && !text.contains("{{ &"), "\(name)")
            #expect(!text.contains("CONTENT_TYPE"), "\(name)")
            // The policy of every page forbids them.
            #expect(!text.contains("style=") && text.firstMatch(of: /\son[a-z]+=/) == nil, "\(name)")
            #expect(text.firstMatch(of: /<script(?! src=)/) == nil, "\(name)")
        }
    }

    @Test func whatOthersWroteIsMadePrintable() {
        #expect(Shown.line("a\u{202E}b\u{0}\n") == "a\u{FFFD}b\u{FFFD}\u{FFFD}")
        #expect(Shown.line(" \u{200B}" as String?) == nil && Shown.line(nil as String?) == nil)
        #expect(Shown.lines("a\nb\u{7}") == "a\nb\u{FFFD}")
        #expect(Shown.short("abcdef", 4) == "abc…" && Shown.short("abcd", 4) == "abcd")
        #expect(Shown.short("e" + String(repeating: "\u{301}", count: 100_000), 4).utf8.count < 200)
    }

    @Test func anAssetsNameFollowsItsContent() {
        #expect(Set(Asset.all.map(\.name)).count == 3)
        for asset in Asset.all { #expect(!asset.bytes.isEmpty && asset.name.firstMatch(of: /\.[0-9a-f]{16}\./) != nil) }
    }

    /// Where the session's cookie may go without TLS.
    @Test(arguments: [
        ("127.0.0.1:8080", true), ("127.0.0.1", true), ("localhost", true), ("LOCALHOST:1", true), ("[::1]:8080", true),
        ("intake.example", false), ("127.0.0.1.evil.example", false), ("10.0.0.1", false), ("", false),
        ("localhost.x", false),
    ]) func theCookieGoesWithoutTLSToThisHostAlone(_ authority: String, _ isLoopback: Bool) {
        #expect(SessionCookie.isLoopback(authority) == isLoopback)
    }

    @Test func aSecretSaysNothingOfItself() throws {
        let secret = HandedSecret()
        #expect(secret.text.utf8.count == 64 && HandedSecret().text != secret.text)
        #expect(try #require(HandedSecret(secret.text)).hash == secret.hash && secret.csrf != secret.text)
        #expect(
            secret.matches(csrf: secret.csrf) && !secret.matches(csrf: HandedSecret().csrf)
                && !secret.matches(csrf: nil))
        #expect(HandedSecret("x") == nil && HandedSecret(String(repeating: "g", count: 64)) == nil)
    }
}
