import Foundation
import Testing

@testable import CallbackService

@Suite struct URLTemplateTests {
    @Test(
        arguments: [
            ("r-1", "r-1"),
            ("AZaz09-._~", "AZaz09-._~"),
            ("a/b", "a%2Fb"),
            ("a/../../admin", "a%2F..%2F..%2Fadmin"),
            ("a?b=c&d", "a%3Fb%3Dc%26d"),
            ("a#b", "a%23b"),
            ("a%2Fb", "a%252Fb"),
            ("%2e%2e", "%252e%252e"),
            ("a;b", "a%3Bb"),
            ("a\\b", "a%5Cb"),
            ("a b+c", "a%20b%2Bc"),
            ("a\r\nHost: evil", "a%0D%0AHost%3A%20evil"),
            ("\u{0}", "%00"),
            ("@evil.example", "%40evil.example"),
            ("{providerRequestId}", "%7BproviderRequestId%7D"),
            ("Zoë", "Zo%C3%AB"),
            ("火", "%E7%81%AB"),
            ("🏠", "%F0%9F%8F%A0"),
            ("...", "..."),
            (".a", ".a"),
        ])
    func anIdStaysInItsPathSegment(id: String, segment: String) throws {
        let template = try URLTemplate("https://portal.example/api/{providerRequestId}/receipt")
        let url = try #require(template.url(for: id))
        #expect(url == "https://portal.example/api/\(segment)/receipt")
        let parsed = try #require(URL(string: url))
        #expect(parsed.host() == "portal.example")
        #expect(parsed.query() == nil)
        #expect(parsed.path(percentEncoded: false).hasPrefix("/api/"))
    }

    @Test(arguments: ["", ".", ".."])
    func anIdThatWouldBeResolvedAwayHasNoURL(id: String) throws {
        #expect(try URLTemplate("https://portal.example/{providerRequestId}").url(for: id) == nil)
        #expect(try URLTemplate("https://portal.example/{providerRequestId}?v=1").url(for: id) == nil)
        #expect(try URLTemplate("https://portal.example/a/{providerRequestId}/b").url(for: id) == nil)
    }

    @Test func textAroundTheIdMakesDotsHarmless() throws {
        #expect(try URLTemplate("http://h/r-{providerRequestId}").url(for: "..") == "http://h/r-..")
        #expect(try URLTemplate("http://h/x?id={providerRequestId}").url(for: "..") == "http://h/x?id=..")
        #expect(try URLTemplate("http://h/.{providerRequestId}").url(for: ".") == nil)
    }

    @Test func theIdMayStandTwiceAndInTheQuery() throws {
        let template = try URLTemplate("http://[::1]:8090/a/{providerRequestId}?id={providerRequestId}&k=v")
        #expect(template.url(for: "x&y") == "http://[::1]:8090/a/x%26y?id=x%26y&k=v")
    }

    @Test(
        arguments: [
            ("https://portal.example/api", "must contain {providerRequestId}"),
            ("https://portal.example/api/{id}", "must contain {providerRequestId}"),
            ("https://portal.example/{tenant}/{providerRequestId}", "has braces other than {providerRequestId}"),
            ("ftp://portal.example/{providerRequestId}", "must start with http:// or https://"),
            ("portal.example/{providerRequestId}", "must start with http:// or https://"),
            ("file:///{providerRequestId}", "must start with http:// or https://"),
            ("https:///{providerRequestId}", "has no host or a malformed one"),
            ("https://{providerRequestId}.portal.example/", "must not have {providerRequestId} in the host or port"),
            ("https://portal.example?{providerRequestId}", "must have a path"),
            (
                "https://user:pw@portal.example/{providerRequestId}",
                "must not hold a user or password: use authorization"
            ),
            ("https://portal.example/#{providerRequestId}", "must not have a fragment (#)"),
            ("https://portal.example/a b/{providerRequestId}", "has a character that a URL must percent-encode"),
            ("https://portal.example/ü/{providerRequestId}", "has a character that a URL must percent-encode"),
            ("https://portal.example/\n{providerRequestId}", "has a character that a URL must percent-encode"),
            ("https://portal.example/%zz/{providerRequestId}", "has a % that two hexadecimal digits do not follow"),
            ("https://portal.example/../{providerRequestId}", "must not have . or .. as a path segment"),
            ("https://portal.example/%2E./{providerRequestId}", "must not have . or .. as a path segment"),
            ("https://portal.example:0/{providerRequestId}", "has a port that is not 1 to 65535"),
            ("https://portal.example:65536/{providerRequestId}", "has a port that is not 1 to 65535"),
        ])
    func aFaultyTemplateIsRefused(text: String, problem: String) {
        #expect(throws: URLTemplate.Problem(problem)) { try URLTemplate(text) }
    }

    @Test func aDescriptionShowsNoMoreThanTheOrigin() throws {
        let template = try URLTemplate("https://portal.example:8443/k3y/{providerRequestId}?key=k3y")
        #expect("\(template)" == "https://portal.example:8443/…")
    }
}
