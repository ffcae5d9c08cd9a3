extension GeocoderHTTP {
    /// The one who asks an entry's service.
    /// - Returns: `nil` for what is asked without HTTP.
    /// - Throws: when the entry's location is no URL; the file's reader has looked at it already.
    func adapter(for entry: GeocoderEntry) throws(GeocoderURL.Problem) -> (any StreetGeocoder)? {
        let dialect: any GeocoderDialect
        switch entry.kind {
        case .census:
            dialect = CensusDialect(source: entry.name, benchmark: entry.benchmark, vintage: entry.vintage)
        case .nominatim: dialect = NominatimDialect(source: entry.name)
        case .pelias: dialect = PeliasDialect(source: entry.name, key: entry.key)
        case .google: dialect = GoogleDialect(source: entry.name, key: entry.key)
        case .addresses: return nil
        }
        return try HTTPGeocoder(entry, dialect: dialect, http: self)
    }
}
