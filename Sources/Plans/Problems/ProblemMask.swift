import Core

/// Takes secrets out of the sentences about a plan.
///
/// A message quotes the text that is wrong, and often only a part of it: the unit of a quantity, the port of a URL, the
/// first sixty characters. So beside whole secrets their parts are masked: twelve characters in a row anywhere, and
/// four in backquotes where the problem is about a value that came from outside. Case does not count.
struct ProblemMask {
    private let secrets: Secrets
    private let places: Set<Place>
    private let short: Set<UInt64>
    private let long: Set<UInt64>
    /// With a backquote in a secret nobody knows where a quotation ends.
    private let hasBackquotes: Bool

    /// - Parameter values: the secrets themselves.
    init(secrets: Secrets, values: [String], places: Set<Place>) {
        self.secrets = secrets
        self.places = places
        let folded = values.map { Self.fold(Array($0.utf8)) }
        short = Self.grams(of: folded, length: Self.short)
        long = Self.grams(of: folded, length: Self.long)
        hasBackquotes = folded.contains { $0.contains(UInt8(ascii: "`")) }
    }

    private static let short = 4
    private static let long = 12

    func mask(_ problem: PlanProblem) -> PlanProblem {
        guard !short.isEmpty else { return problem }
        let isAbout = places.contains(problem.place.start)
        var masked = problem
        masked.message = mask(problem.message, quotations: isAbout)
        masked.remedy = mask(problem.remedy, quotations: isAbout)
        return masked
    }

    private func mask(_ text: String, quotations: Bool) -> String {
        let bytes = Array(text.utf8)
        var hidden = [Bool](repeating: false, count: bytes.count)
        func hide(_ range: Range<Int>) {
            for index in range { hidden[index] = true }
        }
        for range in secrets.ranges(in: bytes) { hide(range) }
        let folded = Self.fold(bytes)
        for range in Self.found(long, length: Self.long, in: folded) { hide(range) }
        if quotations {
            let quoted = Self.quoted(bytes, everything: hasBackquotes)
            for range in Self.found(short, length: Self.short, in: folded) where quoted[range.lowerBound] {
                hide(range)
            }
        }
        guard hidden.contains(true) else { return text }
        // A character is hidden whole.
        for index in bytes.indices.dropFirst() where bytes[index] & 0xC0 == 0x80 && hidden[index - 1] {
            hidden[index] = true
        }
        for index in bytes.indices.dropLast().reversed() where bytes[index + 1] & 0xC0 == 0x80 && hidden[index + 1] {
            hidden[index] = true
        }
        var masked: [UInt8] = []
        for (index, byte) in bytes.enumerated() {
            if !hidden[index] {
                masked.append(byte)
            } else if index == 0 || !hidden[index - 1] {
                masked += Array(Secrets.mark.utf8)
            }
        }
        return String(decoding: masked, as: UTF8.self)
    }

    /// Which bytes stand between backquotes.
    private static func quoted(_ bytes: [UInt8], everything: Bool) -> [Bool] {
        var isInside = everything
        return bytes.map { byte in
            if byte == UInt8(ascii: "`"), !everything { isInside.toggle() }
            return isInside
        }
    }

    // MARK: Parts

    private static func fold(_ bytes: [UInt8]) -> [UInt8] {
        bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    }

    private static func grams(of values: [[UInt8]], length: Int) -> Set<UInt64> {
        var grams: Set<UInt64> = []
        for value in values where value.count >= length {
            for start in 0...(value.count - length) { grams.insert(name(of: value[start..<start + length])) }
        }
        return grams
    }

    private static func found(_ grams: Set<UInt64>, length: Int, in bytes: [UInt8]) -> [Range<Int>] {
        guard !grams.isEmpty, bytes.count >= length else { return [] }
        return (0...(bytes.count - length)).map { $0..<$0 + length }.filter { grams.contains(name(of: bytes[$0])) }
    }

    /// FNV-1a, as in `PlanHash`; should two parts share a name, a word too many is masked.
    private static func name(of bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }
}
