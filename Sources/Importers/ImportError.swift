/// Why a file could not be imported.
package struct ImportError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Place: Hashable, Sendable, CustomStringConvertible {
        case file
        /// From 1.
        case line(Int)
        /// From 1, in the order of the file.
        case entry(Int)

        package var description: String {
            switch self {
            case .file: "the file"
            case .line(let line): "line \(line)"
            case .entry(let entry): "entry \(entry)"
            }
        }
    }

    package let place: Place
    /// What is wrong and by which rule, the offending text in backquotes; one line.
    package let message: String
    /// What to do about it; one line.
    package let remedy: String

    package init(_ place: Place, _ message: String, remedy: String) {
        self.place = place
        self.message = message
        self.remedy = remedy
    }

    package var description: String { "\(place): \(message): \(remedy)" }
}
