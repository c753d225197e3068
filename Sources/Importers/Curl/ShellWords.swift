/// Command lines as a shell reads them (POSIX, Shell Command Language, 2.2): words, quotes, continued lines. Variables stay
/// variables; nothing is run or looked up.
struct ShellWords {
    struct Command {
        var words: [ImportedText] = []
        /// From 1: where it begins.
        var line: Int
    }

    private let scalars: [Unicode.Scalar]
    private var index = 0
    private var line = 1
    private var commands: [Command] = []
    private var word: ImportedText?

    /// The commands of a text, one per line unless lines are continued with `\`; `;`, `&&` and `|` end one, too.
    /// - Throws: quotes that are not closed.
    static func commands(in text: String) throws(ImportError) -> [Command] {
        var reader = ShellWords(scalars: Array(text.unicodeScalars))
        try reader.read()
        return reader.commands.filter { !$0.words.isEmpty }
    }

    private init(scalars: [Unicode.Scalar]) {
        self.scalars = scalars
        commands = [Command(line: 1)]
    }

    private func peek(_ offset: Int = 0) -> Unicode.Scalar? {
        index + offset < scalars.count ? scalars[index + offset] : nil
    }

    private mutating func next() -> Unicode.Scalar? {
        guard index < scalars.count else { return nil }
        defer { index += 1 }
        if scalars[index] == "\n" { line += 1 }
        return scalars[index]
    }

    private mutating func append(_ scalar: Unicode.Scalar) {
        if word == nil { word = ImportedText() }
        word?.append(String(Character(scalar)))
    }

    private mutating func endWord() {
        if let word { commands[commands.count - 1].words.append(word) }
        word = nil
    }

    private mutating func endCommand() {
        endWord()
        commands.append(Command(line: line))
    }

    private mutating func read() throws(ImportError) {
        while let scalar = next() {
            switch scalar {
            case "\\":
                if peek() == "\r", peek(1) == "\n" { _ = next() }
                guard let following = next() else { break }
                if following != "\n" { append(following) }
            case "'": try singleQuoted()
            case "\"": try doubleQuoted()
            case "$" where peek() == "'":
                _ = next()
                try dollarQuoted()
            case "$": variable()
            case "#" where word == nil: while let following = peek(), following != "\n" { _ = next() }
            case " ", "\t", "\r": endWord()
            case "\n", ";", "|": endCommand()
            case "&":
                // `&` inside of a word without quotes is mostly a URL that was pasted; a shell would cut it there.
                if word == nil || peek() == "&" || peek() == nil || peek() == " " || peek() == "\n" {
                    endCommand()
                } else {
                    append("&")
                }
            default: append(scalar)
            }
        }
        endWord()
    }

    private func unclosed(_ start: Int) -> ImportError {
        ImportError(.line(start), "the quotes that open here are not closed", remedy: "close them")
    }

    private mutating func singleQuoted() throws(ImportError) {
        let start = line
        if word == nil { word = ImportedText() }
        while let scalar = next() {
            if scalar == "'" { return }
            append(scalar)
        }
        throw unclosed(start)
    }

    private mutating func doubleQuoted() throws(ImportError) {
        let start = line
        if word == nil { word = ImportedText() }
        while let scalar = next() {
            switch scalar {
            case "\"": return
            case "$": variable()
            case "\\":
                guard let following = next() else { throw unclosed(start) }
                switch following {
                case "\n": break
                case "\"", "\\", "$", "`": append(following)
                default:
                    append("\\")
                    append(following)
                }
            default: append(scalar)
            }
        }
        throw unclosed(start)
    }

    /// `$NAME` and `${NAME}` become variables of the environment; any other `$` stays.
    private mutating func variable() {
        let isBraced = peek() == "{"
        var end = index + (isBraced ? 1 : 0)
        let start = end
        while end < scalars.count, end - start < 100, scalars[end].isASCII, scalars[end].properties.isIDContinue {
            end += 1
        }
        guard end > start, !(0x30...0x39).contains(scalars[start].value),
            !isBraced || (end < scalars.count && scalars[end] == "}")
        else {
            append("$")
            return
        }
        var name = String.UnicodeScalarView()
        name.append(contentsOf: scalars[start..<end])
        if word == nil { word = ImportedText() }
        word?.append(.environment(String(name)))
        index = end + (isBraced ? 1 : 0)
    }

    /// `$'…'` with the escapes of C, as browsers write it.
    private mutating func dollarQuoted() throws(ImportError) {
        let start = line
        if word == nil { word = ImportedText() }
        while let scalar = next() {
            if scalar == "'" { return }
            guard scalar == "\\" else {
                append(scalar)
                continue
            }
            guard let following = next() else { throw unclosed(start) }
            switch following {
            case "n": append("\n")
            case "t": append("\t")
            case "r": append("\r")
            case "a": append("\u{7}")
            case "b": append("\u{8}")
            case "e", "E": append("\u{1B}")
            case "f": append("\u{C}")
            case "v": append("\u{B}")
            case "x": append(number(radix: 16, digits: 2) ?? "x")
            case "u": append(number(radix: 16, digits: 4) ?? "u")
            case "U": append(number(radix: 16, digits: 8) ?? "U")
            case "0"..."7":
                index -= 1
                append(number(radix: 8, digits: 3) ?? "0")
            default: append(following)
            }
        }
        throw unclosed(start)
    }

    private mutating func number(radix: UInt32, digits: Int) -> Unicode.Scalar? {
        var value: UInt32 = 0
        var count = 0
        while count < digits, let scalar = peek(), let digit = UInt8(exactly: scalar.value)?.hexValue,
            UInt32(digit) < radix
        {
            value = value &* radix &+ UInt32(digit)
            index += 1
            count += 1
        }
        return count == 0 ? nil : Unicode.Scalar(value) ?? "\u{FFFD}"
    }
}
