/// Text from outside (plans, targets, records) made harmless for a terminal and for one line of a table.
package enum PlainText {
    /// The text without escape sequences, control characters, characters that turn the direction of writing and those that
    /// show nothing; line breaks and tabs become one space.
    package static func clean(_ text: some StringProtocol) -> String {
        var cleaned = String.UnicodeScalarView()
        var scalars = text.unicodeScalars.makeIterator()
        var held: Unicode.Scalar?
        while let scalar = held ?? scalars.next() {
            held = nil
            switch scalar.value {
            case 0x1B: held = skipSequence(after: scalars.next(), &scalars)
            case 0x9B: skipParameters(&scalars)
            case 0x90, 0x98, 0x9D, 0x9E, 0x9F: skipString(&scalars)
            case 0x09...0x0D, 0x85, 0x2028, 0x2029: if cleaned.last != " " { cleaned.append(" ") }
            case 0..<0x20, 0x7F...0x9F: continue
            // Marks, embeddings, overrides and isolates of direction: they make a line read as another one.
            case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: continue
            // What nobody sees: two names would look the same, or hide a third. Joiners (200C, 200D) shape letters and emoji.
            case 0xAD, 0x180E, 0x200B, 0x2060...0x2065, 0x206A...0x206F, 0xFEFF, 0xFFF9...0xFFFB: continue
            case 0xE0000...0xE007F, 0xFFFE, 0xFFFF: continue
            default: cleaned.append(scalar)
            }
        }
        return String(cleaned)
    }

    /// Skips what follows ESC; gives back a scalar that turned out not to belong to it.
    private static func skipSequence(
        after introducer: Unicode.Scalar?, _ scalars: inout some IteratorProtocol<Unicode.Scalar>
    ) -> Unicode.Scalar? {
        guard let introducer else { return nil }
        switch introducer.value {
        case 0x5B: skipParameters(&scalars)
        case 0x50, 0x58, 0x5D, 0x5E, 0x5F: skipString(&scalars)
        // ESC, intermediates, one final byte: `ESC ( B`.
        case 0x20...0x2F:
            while let next = scalars.next() {
                if (0x20...0x2F).contains(next.value) { continue }
                return (0x30...0x7E).contains(next.value) ? nil : next
            }
        case 0x30...0x7E: return nil
        default: return introducer
        }
        return nil
    }

    /// CSI: parameters and intermediates up to a final byte.
    private static func skipParameters(_ scalars: inout some IteratorProtocol<Unicode.Scalar>) {
        while let next = scalars.next(), !(0x40...0x7E).contains(next.value) {}
    }

    /// OSC, DCS and the like: everything up to BEL, ST or ESC \.
    private static func skipString(_ scalars: inout some IteratorProtocol<Unicode.Scalar>) {
        while let next = scalars.next() {
            switch next.value {
            case 0x07, 0x9C: return
            case 0x1B:
                _ = scalars.next()
                return
            default: continue
            }
        }
    }

    /// The text cut to that many characters, with `…` in the place of what is missing.
    package static func cut(_ text: String, to width: Int) -> String {
        guard text.count > width else { return text }
        return width > 0 ? text.prefix(width - 1) + "…" : ""
    }

    /// The text cut to that many bytes in UTF-8, at least 3, with `…` in the place of what is missing. A character may have
    /// any number of combining marks, so that a limit in characters is none.
    package static func limit(_ text: String, toBytes most: Int) -> String {
        guard text.utf8.count > most else { return text }
        var kept = String.UnicodeScalarView()
        var length = 3
        for scalar in text.unicodeScalars {
            length += UTF8.width(scalar)
            guard length <= most else { break }
            kept.append(scalar)
        }
        kept.append("\u{2026}")
        return String(kept)
    }

    /// A line of output that no CI system takes for a command: the log of a job is read for them, whoever wrote the line.
    ///
    /// GitHub's runner obeys `::name::` at the start of a line and `##[name]` anywhere in it, Azure Pipelines `##vso[`,
    /// TeamCity `##teamcity[`; the text of a plan or a server must say none of them.
    package static func withoutCommands(_ line: String) -> String {
        var scalars = Array(line.unicodeScalars)
        let first = scalars.firstIndex { !$0.properties.isWhitespace } ?? scalars.endIndex
        if scalars[first...].starts(with: "::".unicodeScalars) { scalars.insert(" ", at: first + 1) }
        var written = String.UnicodeScalarView()
        for (index, scalar) in scalars.enumerated() {
            written.append(scalar)
            guard scalar == "#", index + 1 < scalars.count, scalars[index + 1] == "#" else { continue }
            let rest = scalars[(index + 2)...]
            let word = rest.prefix { $0.isASCII && $0.properties.isAlphabetic }
            if rest.dropFirst(word.count).first == "[" { written.append(" ") }
        }
        return String(written)
    }

    /// The text with spaces up to that many characters.
    package static func pad(_ text: String, to width: Int, right: Bool = false) -> String {
        let space = String(repeating: " ", count: max(0, width - text.count))
        return right ? space + text : text + space
    }
}
