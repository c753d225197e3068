/// No text of a plan may hold a NUL: it is taken out of texts that cannot be written in another way.
enum NULFilter {
    /// Takes the NULs out of a step.
    static func clean(_ step: inout ImportedStep, _ notes: inout NoteBook) {
        var found = false
        clean(&step.path, &found)
        for index in step.query.indices { clean(&step.query[index].value, &found) }
        for index in step.cookies.indices { clean(&step.cookies[index].value, &found) }
        switch step.body {
        case .text(var text):
            clean(&text, &found)
            step.body = .text(text)
        case .form(var pairs):
            for index in pairs.indices { clean(&pairs[index].value, &found) }
            step.body = .form(pairs)
        case .multipart(var parts):
            for index in parts.indices {
                guard case .text(var text) = parts[index].content else { continue }
                clean(&text, &found)
                parts[index].content = .text(text)
            }
            step.body = .multipart(parts)
        case .json, .file, nil: break
        }
        if found { notes.remind("NULs were left out, because no text of a plan may have one") }
    }

    private static func clean(_ text: inout ImportedText, _ found: inout Bool) {
        let hasNUL = text.pieces.contains { if case .literal(let text) = $0 { text.utf8.contains(0) } else { false } }
        guard hasNUL else { return }
        found = true
        text = text.mapLiterals { $0.replacing("\0", with: "") }
    }
}
