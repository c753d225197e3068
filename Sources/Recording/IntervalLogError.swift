/// Everything that can go wrong with an interval log.
package enum IntervalLogError: Error, Hashable, Sendable {
    /// The file could not be opened, read or written.
    case file(FileFailure)
    /// A line that breaks a rule of the format.
    case line(path: String, number: Int, text: String, rule: String)
    /// A line whose histogram cannot be read.
    case histogram(path: String, number: Int, tag: String?, HistogramError)
}

extension IntervalLogError: CustomStringConvertible {
    /// `intervals.hlog:17: the histogram is cut off: …`.
    package var description: String {
        switch self {
        case .file(let failure): failure.description
        case .line(let path, let number, let text, let rule): "\(path):\(number): “\(text)”: \(rule)"
        case .histogram(let path, let number, let tag, let error):
            "\(path):\(number): " + (tag.map { "series \($0): " } ?? "") + error.description
        }
    }
}
