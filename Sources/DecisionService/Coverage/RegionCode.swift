/// The partner's own name of a region; case and white space around it do not matter.
struct RegionCode: Sendable, Hashable {
    private let key: String

    init(_ code: String) {
        var rest = code[...]
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        key = rest.uppercased()
    }

    var isEmpty: Bool { key.isEmpty }
}
