extension Gazetteer {
    /// A ZIP with its number.
    package struct NumberedZIP: Sendable, Equatable {
        package var code: ZIPCode
        package var centre: Coordinate
        package var county: County
    }

    /// Every ZIP, ascending.
    package var allZIPs: some RandomAccessCollection<NumberedZIP> {
        zips.zips.indices.lazy.map { index in
            NumberedZIP(
                code: ZIPCode(number: zips.zips[index]), centre: zips.centres[index],
                county: counties[Int(zips.counties[index])])
        }
    }
}

extension ZIPCode {
    /// - Parameter number: below 100,000.
    fileprivate init(number: UInt32) { self.number = number }
}
