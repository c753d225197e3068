/// YAML before it is text.
indirect enum YAMLValue {
    /// Goes out as it is: `17`, `true`, `10/s`.
    case plain(String)
    /// A text, in quotes where a reader could take it for something else.
    case text(String)
    case list([YAMLValue], isBlock: Bool = false)
    case map([Entry], isBlock: Bool = false)

    struct Entry {
        var key: String
        var value: YAMLValue
        /// Lines of comment before it.
        var comments: [String] = []

        init(_ key: String, _ value: YAMLValue, comments: [String] = []) {
            self.key = key
            self.value = value
            self.comments = comments
        }
    }

    /// A text where numbers count as text, too: no quotes around `17`.
    static func word(_ text: String) -> YAMLValue {
        let digits = text.utf8
        let isPlainNumber =
            (1...15).contains(digits.count) && digits.allSatisfy(\.isDigit)
            && (digits.count == 1 || digits.first != UInt8(ascii: "0"))
        return isPlainNumber ? .plain(text) : .text(text)
    }
}
