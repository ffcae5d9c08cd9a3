import Contracts

/// The ZIPs, ascending, in arrays that run in parallel: 11 bytes and a county's index each.
struct ZIPTable: Sendable {
    /// Each as the number that its five digits make.
    private(set) var zips: [UInt32] = []
    private(set) var centres: [Coordinate] = []
    /// Kilometres, 1…255.
    private(set) var radii: [UInt8] = []
    /// Indices of the gazetteer's counties.
    private(set) var counties: [UInt16] = []

    /// - Throws: `inconsistent` unless ZIPs ascend, have five digits and a radius, and name one of `countyCount`
    ///   counties.
    init(count: Int, counties countyCount: Int, from reader: inout ByteReader) throws(ByteReader.Failure) {
        zips.reserveCapacity(count)
        centres.reserveCapacity(count)
        radii.reserveCapacity(count)
        counties.reserveCapacity(count)
        var zip = -1
        for _ in 0..<count {
            let difference = try reader.varint(longest: 3)
            zip += difference
            let county = try reader.uint16()
            let radius = try reader.uint8()
            guard difference > 0, zip < 100_000, county < countyCount, radius > 0 else {
                throw reader.error(.inconsistent)
            }
            zips.append(UInt32(zip))
            counties.append(county)
            radii.append(radius)
            centres.append(try reader.coordinate())
        }
    }

    func index(of zip: UInt32) -> Int? {
        let index = firstIndex(from: zip)
        return index < zips.count && zips[index] == zip ? index : nil
    }

    /// The index of the first ZIP that is not below the given one.
    func firstIndex(from zip: UInt32) -> Int {
        var range = zips.indices
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            range = zips[middle] < zip ? middle + 1..<range.upperBound : range.lowerBound..<middle
        }
        return range.lowerBound
    }
}
