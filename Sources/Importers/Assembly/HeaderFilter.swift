/// Which headers of a recorded request go into a plan, and how.
enum HeaderFilter {
    /// What Gale or the connection writes by itself, and what only a browser's cache would mean.
    private static let dropped: Set<String> = [
        "host", "content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "proxy-connection", "te",
        "trailer", "expect", "http2-settings",
    ]

    /// The headers that can stand in a plan: each name once, pseudo headers of HTTP/2 and those of the connection left out.
    ///
    /// - Parameter cookiesAreKept: a jar sends the cookies.
    static func filter(
        _ headers: [ImportedPair], cookiesAreKept: Bool, secrets: inout SecretTable, notes: inout NoteBook
    ) -> [ImportedPair] {
        var kept: [ImportedPair] = []
        var places: [String: Int] = [:]
        for header in headers {
            let name = header.name.trimmedBlanks
            let lower = name.lowercased()
            if name.hasPrefix(":") || dropped.contains(lower) { continue }
            guard HTTPWords.isToken(name), name.utf8.count <= 200 else {
                notes.add("Headers whose name HTTP does not allow were left out", of: name)
                continue
            }
            if lower == "cookie", cookiesAreKept { continue }
            guard isSendable(header.value) else {
                notes.add("Headers whose value has control characters were left out", of: name)
                continue
            }
            guard let value = lower == "accept-encoding" ? codings(header.value) : header.value else { continue }
            if let place = places[lower] {
                // RFC 9110, 5.3: lines of one name are one list; cookies are the exception (RFC 6265, 5.4).
                var joined = kept[place].value
                joined.append(lower == "cookie" ? "; " : ", ")
                joined.append(value)
                kept[place].value = joined
            } else {
                places[lower] = kept.count
                kept.append(ImportedPair(name, value))
            }
        }
        for index in kept.indices {
            guard let value = kept[index].value.literal, !value.trimmedBlanks.isEmpty,
                SecretTable.isSecretHeader(kept[index].name)
            else { continue }
            kept[index].value = secrets.place(for: value, of: kept[index].name)
        }
        return kept
    }

    private static func isSendable(_ value: ImportedText) -> Bool {
        value.pieces.allSatisfy { piece in
            guard case .literal(let text) = piece else { return true }
            return !text.unicodeScalars.contains { ($0.value < 0x20 && $0 != "\t") || $0.value == 0x7F }
        }
    }

    /// Of the codings that a browser offers those that Gale can decode; nil when none is left.
    private static func codings(_ value: ImportedText) -> ImportedText? {
        guard let text = value.literal else { return value }
        let known = text.split(separator: ",").map { $0.trimmedBlanks }.filter { coding in
            ["gzip", "identity"].contains(coding.prefix { $0 != ";" }.trimmedBlanks.lowercased())
        }
        return known.isEmpty ? nil : ImportedText(known.joined(separator: ", "))
    }
}
