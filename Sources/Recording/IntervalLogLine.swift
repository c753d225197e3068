/// One line of an interval log: one series over one interval.
package struct IntervalLogLine: Hashable, Sendable {
    /// Its number in the file, from 1.
    package var number: Int
    /// What was measured; nil for a line without a tag.
    package var tag: String?
    /// When the interval began, as the line says it: seconds, since 1970 or since the base time of the log.
    package var timestamp: Double
    /// When the interval began: seconds since 1970.
    package var startEpoch: Double
    /// When the interval began: seconds since the start of the log.
    package var start: Double
    /// How long the interval was, seconds.
    package var length: Double
    /// The largest value as the line says it: milliseconds, where values are nanoseconds.
    package var maximum: Double
    /// The histogram in base64; `HistogramDecoder` reads it.
    package var payload: [UInt8]
}
