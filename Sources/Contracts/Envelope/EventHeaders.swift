/// The headers of an event's message, in their order.
///
/// There are few of them, and going through a few is quicker than hashing.
package struct EventHeaders: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    package struct Header: Sendable, Equatable {
        package var name: String
        package var value: HeaderValue

        package init(name: String, value: HeaderValue) {
            self.name = name
            self.value = value
        }
    }

    package var all: [Header]

    /// - Parameter all: no name twice.
    package init(_ all: [Header] = []) { self.all = all }

    package init(dictionaryLiteral elements: (String, HeaderValue)...) {
        self.init(elements.map { Header(name: $0, value: $1) })
    }

    package subscript(name: String) -> HeaderValue? {
        get { index(of: name).map { all[$0].value } }
        set {
            switch (index(of: name), newValue) {
            case (let index?, let value?): all[index].value = value
            case (let index?, nil): all.remove(at: index)
            case (nil, let value?): all.append(Header(name: name, value: value))
            case (nil, nil): break
            }
        }
    }

    /// Most names differ in their length, which is seen at once.
    private func index(of name: String) -> Int? {
        let length = name.utf8.count
        return all.firstIndex { $0.name.utf8.count == length && $0.name == name }
    }
}
