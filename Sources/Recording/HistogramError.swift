/// Everything that can be wrong with an encoded histogram, or with adding one histogram to another.
///
/// Encoded histograms come from files that anyone may have written: each of these is an answer, never a trap.
package enum HistogramError: Error, Hashable, Sendable {
    /// The text is not base64: the first byte that is out of place, counted from 0.
    case notBase64(offset: Int)
    /// Fewer bytes than the part of that name needs.
    case truncated(part: String, needed: Int, found: Int)
    /// The first four bytes name no encoding of HdrHistogram.
    case unknownEncoding(cookie: UInt32)
    /// HdrHistogram's first encoding, which nothing has written since 2014.
    case obsoleteEncoding(cookie: UInt32)
    /// zlib could not read the compressed part; its status.
    case corrupt(status: Int32)
    /// The compressed part goes on, or stops short of its checksum, after the last count.
    case unfinished
    /// A length in the bytes contradicts what follows it.
    case wrongLength(part: String, declared: Int, found: Int)
    /// Parameters that no histogram has, or that this reader does not take.
    case unsupportedLayout(lowest: Int64, highest: Int64, digits: Int64)
    /// The counts are rotated, which only histograms of real numbers do.
    case rotated(offset: Int32)
    /// A count that belongs to a value above the highest of the layout.
    case indexOutOfRange(index: UInt64, length: Int)
    /// A count below zero in an encoding that has none.
    case negativeCount(index: Int)
    /// All counts together pass 2^63 − 1.
    case tooManyCounts
    /// The two histograms do not map values to the same counts, or a value of one is above the highest of the other.
    case layoutMismatch(expected: HistogramLayout, found: HistogramLayout)
}

extension HistogramError: CustomStringConvertible {
    /// What is wrong and, where there is one, the remedy; without the place, which the reader of a log adds.
    package var description: String {
        switch self {
        case .notBase64(let offset):
            "byte \(offset) of the histogram is not base64"
        case .truncated(let part, let needed, let found):
            "the histogram is cut off: its \(part) needs \(needed) bytes and has \(found)"
        case .unknownEncoding(let cookie):
            "the histogram begins with 0x\(String(cookie, radix: 16)), which is no encoding of HdrHistogram"
        case .obsoleteEncoding(let cookie):
            "the histogram (0x\(String(cookie, radix: 16))) has HdrHistogram's encoding V0; V1 and V2 can be read: "
                + "write the log again with a later version of the library"
        case .corrupt(let status):
            "the compressed part of the histogram is damaged (zlib says \(status))"
        case .unfinished:
            "the compressed part of the histogram does not end with its counts"
        case .wrongLength(let part, let declared, let found):
            "the \(part) of the histogram is \(declared) bytes by its header and \(found) in fact"
        case .unsupportedLayout(let lowest, let highest, let digits):
            "no histogram counts values of \(lowest) to \(highest) with \(digits) digits: "
                + "the lowest is 1 to 2^40, the highest at least twice that, the digits 0 to 5"
        case .rotated(let offset):
            "the counts of the histogram are rotated by \(offset), as those of real numbers are; only whole numbers can be "
                + "read"
        case .indexOutOfRange(let index, let length):
            "the histogram has a count at index \(index), but its layout has only \(length)"
        case .negativeCount(let index):
            "the histogram has a negative count at index \(index)"
        case .tooManyCounts:
            "all counts together are above 2^63 − 1"
        case .layoutMismatch(let expected, let found):
            "a histogram of \(found) cannot be added to one of \(expected)"
        }
    }
}
