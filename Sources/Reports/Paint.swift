/// Colours for a terminal, or none.
package struct Paint: Hashable, Sendable {
    /// False for a file, a pipe, or where `NO_COLOR` is set; the caller knows.
    package var isOn: Bool

    package init(isOn: Bool) { self.isOn = isOn }

    /// What a text means; the colour follows from it.
    package enum Tone: Sendable {
        case good, bad, doubtful, quiet, strong

        fileprivate var code: String {
            switch self {
            case .good: "32"
            case .bad: "31"
            case .doubtful: "33"
            case .quiet: "2"
            case .strong: "1"
            }
        }
    }

    package func callAsFunction(_ text: String, _ tone: Tone) -> String {
        isOn && !text.isEmpty ? "\u{1B}[\(tone.code)m\(text)\u{1B}[0m" : text
    }
}
