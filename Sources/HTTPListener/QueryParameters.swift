package import Hummingbird

extension FieldError {
    /// Goes through the parameters of a query, each of which may stand once.
    /// - Parameter read: takes a parameter's text, and says what is wrong with it.
    /// - Returns: everything that is wrong.
    package static func reading<Parameter: RawRepresentable<String> & CaseIterable & Hashable>(
        _ parameters: Parameters, as type: Parameter.Type, _ read: (Parameter, String) -> String?
    ) -> [FieldError] {
        var errors: [FieldError] = []
        var seen: Set<Parameter> = []
        for (name, value) in parameters {
            guard name.utf8.count <= 64, let parameter = Parameter(rawValue: String(name)) else {
                let names = type.allCases.map(\.rawValue).joined(separator: ", ")
                errors.append(
                    FieldError(
                        pointer: String(name.prefix(64)), detail: "is none of the parameters: \(names)",
                        code: .notAllowed))
                continue
            }
            if !seen.insert(parameter).inserted {
                errors.append(FieldError(pointer: parameter.rawValue, detail: "is given twice", code: .conflict))
            } else if let detail = read(parameter, String(value)) {
                errors.append(FieldError(pointer: parameter.rawValue, detail: detail, code: .format))
            }
        }
        return errors
    }
}
