import Testing

@testable import IngestService

@Suite struct TraceParentTests {
    @Test(arguments: [
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-comes-later",
    ])
    func aGoodOneIsPassedOn(_ header: String) { #expect(TraceParent.from(header) == header) }

    @Test(arguments: [
        "", "x", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e473-600f067aa0ba902b7-01",
        "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-Zoë",
    ])
    func aBadOneIsReplaced(_ header: String) {
        let made = TraceParent.from(header)
        #expect(made != header)
        #expect(TraceParent.isWellFormed(made))
    }

    @Test func withoutOneEachIsItsOwn() { #expect(TraceParent.from(nil) != TraceParent.from(nil)) }
}
