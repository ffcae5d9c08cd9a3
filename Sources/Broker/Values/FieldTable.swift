/// Named values: message headers and the arguments of a declaration, in their order.
///
/// There are few of them in a table, and going through a few is quicker than hashing.
package struct FieldTable: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    package struct Field: Sendable, Equatable {
        package var name: String
        package var value: FieldValue

        package init(name: String, value: FieldValue) {
            self.name = name
            self.value = value
        }
    }

    package var fields: [Field]

    /// - Parameter fields: no name twice.
    package init(_ fields: [Field] = []) { self.fields = fields }

    package init(dictionaryLiteral elements: (String, FieldValue)...) {
        self.init(elements.map { Field(name: $0, value: $1) })
    }

    package subscript(name: String) -> FieldValue? {
        get { index(of: name).map { fields[$0].value } }
        set {
            switch (index(of: name), newValue) {
            case (let index?, let value?): fields[index].value = value
            case (let index?, nil): fields.remove(at: index)
            case (nil, let value?): fields.append(Field(name: name, value: value))
            case (nil, nil): break
            }
        }
    }

    /// Most names differ in their length, which is seen at once.
    private func index(of name: String) -> Int? {
        let length = name.utf8.count
        return fields.firstIndex { $0.name.utf8.count == length && $0.name == name }
    }
}
