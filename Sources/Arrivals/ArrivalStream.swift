/// What the random numbers of a schedule are for: one stream of the run's seed per purpose and phase, so that two
/// phases of one plan do not repeat each other, and a change of the scenarios' weights leaves the gaps as they were.
///
/// The upper half of a stream's number is the purpose, in four letters of ASCII; the lower half is the phase.
enum ArrivalStream {
    /// The gaps of Poisson arrivals.
    static func gaps(phase: Int) -> UInt64 { number(0x6761_7073, phase) }

    /// The choice of a scenario for each arrival.
    static func choices(phase: Int) -> UInt64 { number(0x7069_636B, phase) }

    private static func number(_ purpose: UInt64, _ phase: Int) -> UInt64 {
        purpose << 32 | UInt64(UInt32(truncatingIfNeeded: phase))
    }
}
