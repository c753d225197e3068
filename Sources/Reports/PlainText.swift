/// Text from outside (plans, targets, records) made harmless for a terminal and for one line of a table.
package enum PlainText {
    /// The text without escape sequences, control characters and characters that turn the direction of writing; line
    /// breaks and tabs become one space.
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

    /// The text with spaces up to that many characters.
    package static func pad(_ text: String, to width: Int, right: Bool = false) -> String {
        let space = String(repeating: " ", count: max(0, width - text.count))
        return right ? space + text : text + space
    }
}
