/// The parts that the map is put together from: the 48 states, and what lies far away in insets of its own.
enum MapRegion: CaseIterable, Sendable {
    case contiguous, alaska, hawaii, puertoRico

    /// The region of a state; `nil` for the islands of the Pacific that no inset shows.
    init?(stateFIPS: some StringProtocol) {
        switch stateFIPS {
        case "02": self = .alaska
        case "15": self = .hawaii
        case "72", "78": self = .puertoRico
        case "60", "66", "69": return nil
        default: self = .contiguous
        }
    }

    /// The region that shows a point; `nil` when none does.
    init?(of position: CountyShapes.Position) {
        let (longitude, latitude) = (position.longitude, position.latitude)
        switch latitude {
        case 51...72 where longitude < -129 || longitude > 170: self = .alaska
        case 18.5...22.7 where (-161...(-154)).contains(longitude): self = .hawaii
        case 17.5...18.7 where (-68...(-64)).contains(longitude): self = .puertoRico
        case 24...49.6 where (-125...(-66.5)).contains(longitude): self = .contiguous
        default: return nil
        }
    }
}
