/// Markdown that must not be longer than a service takes, cut at the end of a line.
enum TextLimit {
    /// The text as it is when it fits; else as many whole lines of it as leave room for `note`, and that.
    ///
    /// What is open where it is cut is closed: a block of code, and the folded parts of a page (`<details>`).
    /// - Parameters:
    ///   - most: bytes in UTF-8.
    ///   - note: a paragraph of Markdown.
    static func cut(_ text: String, toBytes most: Int, note: String) -> String {
        guard text.utf8.count > most else { return text }
        guard most > 0 else { return "" }
        let (fence, end) = ("```", "</details>")
        let ending = "\n\n\(note)\n"
        // Room for both closings is kept free, whether they come to be needed or not.
        let room = most - ending.utf8.count - "\n\(fence)\n\n\(end)".utf8.count
        var lines: [Substring] = []
        var length = 0
        var (isCode, folds) = (false, 0)
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            length += line.utf8.count + 1
            // A second fold inside of the first would need more room.
            guard length <= room, folds <= 1 else { break }
            lines.append(line)
            if line.hasPrefix(fence) { isCode.toggle() }
            if !isCode, line.hasPrefix("<details>") { folds += 1 }
            if !isCode, line == end { folds -= 1 }
        }
        while lines.last?.isEmpty == true { lines.removeLast() }
        if isCode { lines.append(Substring(fence)) }
        if folds > 0 { lines += ["", Substring(end)] }
        guard !lines.isEmpty else { return ending.utf8.count <= most ? String(ending.dropFirst(2)) : "" }
        return lines.joined(separator: "\n") + ending
    }
}
