/// What is asked of a service, below its URL. It holds an address, and may hold a key: it is not shown anywhere.
struct GeocoderQuestion: Sendable, Equatable {
    struct Parameter: Sendable, Equatable {
        var name: String
        /// Not yet percent-encoded.
        var value: String
    }

    var path: String
    var query: [Parameter]

    /// - Parameter query: in the order in which it is sent; what is empty is left out.
    init(path: String, _ query: KeyValuePairs<String, String>) {
        self.path = path
        self.query = query.filter { !$0.value.isEmpty }.map { Parameter(name: $0.key, value: $0.value) }
    }
}
