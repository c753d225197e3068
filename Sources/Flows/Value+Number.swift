extension Value {
    /// The value as a number, when it is one or reads as one from end to end.
    package var asDouble: Double? {
        Number(bytes)?.double
    }

    /// The same as a whole number; fractions are cut off.
    package var wholeNumber: Int? { asDouble.flatMap { Int(exactly: $0.rounded(.towardZero)) } }
}
