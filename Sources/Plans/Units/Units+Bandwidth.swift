/// Bandwidths: bytes per second.
extension Units {
    /// `10MB/s`, `512kB/s`: a size per second, 1 byte to 1 TiB, in bytes per second.
    package static func bandwidth(_ text: String) throws(UnitProblem) -> Double {
        let quantity = Quantity(
            text: text, noun: "a bandwidth", units: "B/s, kB/s, MB/s, GB/s, KiB/s, MiB/s or GiB/s",
            example: "`10MB/s`")
        var rest = text[...]
        let number = try quantity.number(&rest)
        guard !rest.isEmpty else { throw quantity.noUnit(suggestion: "\(text)B/s") }
        guard let unit = sizeUnits.first(where: { $0.name + "/s" == rest }) else {
            let isSize = sizeUnits.contains { $0.name == rest }
            throw quantity.unknown(rest, aliases: isSize ? [String(rest): String(rest) + "/s"] : [:])
        }
        let bytes = number * unit.bytes
        guard (1...Double(maximumSize)).contains(bytes) else {
            throw UnitProblem(
                .range, "`\(text.printable)` is out of range, a bandwidth lies between 1B/s and 1024GiB/s",
                remedy: "write one within these bounds")
        }
        return bytes
    }

    /// `10MB/s`.
    package static func text(bandwidth: Double) -> String {
        bandwidth == bandwidth.rounded() && bandwidth < 9e15
            ? "\(text(bytes: Int(bandwidth)))/s" : "\(number(bandwidth))B/s"
    }
}
