import Testing

@testable import Pages

@Suite("Forms")
struct FormBodyTests {
    @Test(arguments: [
        ("a=1&b=two+words&a=3", "a", "1"), ("a=%C3%A9", "a", "é"), ("a=%zz%4", "a", "%zz%4"), ("a=%26%3D", "a", "&="),
        ("=x&a", "", "x"), ("a=b=c", "a", "b=c"),
    ]) func isDecodedAsBrowsersEncodeIt(_ body: String, _ name: String, _ value: String) {
        #expect(FormBody(body)[name] == value)
    }

    @Test func keepsAllValuesOfAName() {
        let form = FormBody("id=1&x=0&id=2&id=")
        #expect(form.all("id") == ["1", "2", ""])
        #expect(form["y"] == nil && FormBody("y=+%20")["y"] == nil && FormBody("")["y"] == nil)
    }

    @Test func takesBytesThatAreNoText() {
        #expect(FormBody("a=%ff%fe")["a"] == "\u{FFFD}\u{FFFD}")
    }
}
