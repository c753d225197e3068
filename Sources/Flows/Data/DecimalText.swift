/// Whole numbers as digits, without a text in between.
enum DecimalText {
    /// Appends the number.
    static func append(_ number: Int, to output: inout [UInt8]) {
        if number < 0 { output.append(UInt8(ascii: "-")) }
        var count = 1
        var rest = number.magnitude
        while rest >= 10 {
            rest /= 10
            count += 1
        }
        write(number.magnitude, digits: count, to: &output)
    }

    /// Appends the last `digits` digits of a number of at least 0, with zeros in front.
    static func append(_ number: Int, digits: Int, to output: inout [UInt8]) {
        write(number.magnitude, digits: digits, to: &output)
    }

    /// From the last digit to the first, into bytes that are there already: turning a slice of an array around would copy it.
    private static func write(_ number: UInt, digits: Int, to output: inout [UInt8]) {
        var rest = number
        let start = output.count
        for _ in 0..<digits { output.append(0x30) }
        var index = start + digits
        while index > start {
            index -= 1
            output[index] = 0x30 + UInt8(truncatingIfNeeded: rest % 10)
            rest /= 10
        }
    }
}
