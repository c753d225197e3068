/// Text from outside, made fit for one line of a file.
enum OneLine {
    /// At most `longest` bytes in UTF-8: white space as one space, U+FFFD for other control characters, `…` in
    /// the place of what is missing.
    static func text(_ text: String, longest: Int) -> String {
        var line = String.UnicodeScalarView()
        var length = 0
        // Where the text ends if it must be cut: there must be room for the ellipsis.
        var end = line.startIndex
        let ellipsis: Unicode.Scalar = "\u{2026}"
        for scalar in text.unicodeScalars {
            let clean: Unicode.Scalar
            switch scalar.value {
            case 0x09...0x0D, 0x85, 0x2028, 0x2029:
                if line.last == " " { continue }
                clean = " "
            case 0..<0x20, 0x7F...0x9F: clean = "\u{FFFD}"
            default: clean = scalar
            }
            length += UTF8.width(clean)
            guard length <= longest else {
                line.removeSubrange(end...)
                line.append(ellipsis)
                break
            }
            line.append(clean)
            if length <= longest - UTF8.width(ellipsis) { end = line.endIndex }
        }
        return String(line)
    }
}
