/// `desk-list`
struct ListView: Sendable {
    struct Tab: Sendable {
        var href: String
        var text: String
        var count: String?
        var isCurrent: Bool
    }
    struct Filter: Sendable {
        var q: String
        var state: String
        var isOpen: Bool
        var places: [Choice]
        var city: String
        var zip: String
        var holders: [Choice]
        var dues: [Choice]
        var from: String
        var to: String
        var sorts: [Choice]
    }

    var summary: String?
    var csv: String
    var print: String
    var map = ""
    var here: String
    var tabs: [Tab]
    var filter: Filter
    var mayWrite: Bool
    var items: Listed<DeskItem>?
    var nothing: String
    var range: String
    var nextHref: String?
    var nextText: String
    var steps: [Choice]
    var people: [String]
    var teams: [String]
}

/// `desk-request`
