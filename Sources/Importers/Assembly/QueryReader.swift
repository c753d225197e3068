/// The query of a URL as the `query:` of a step, where that says exactly the same, or as part of the path.
enum QueryReader {
    enum Query {
        case pairs([ImportedPair])
        /// Stands behind `?` in the path, as it is.
        case raw(ImportedText)
    }

    /// - Parameters:
    ///   - text: what stands behind `?`; visible ASCII.
    ///   - translate: how a text becomes a text of the plan.
    static func read(
        _ text: String, translate: (String) -> ImportedText, secrets: inout SecretTable
    ) -> Query {
        if let pairs = pairs(text, translate: translate, secrets: &secrets) { return .pairs(pairs) }
        var raw = ImportedText()
        for (index, field) in text.split(separator: "&", omittingEmptySubsequences: false).enumerated() {
            if index > 0 { raw.append("&") }
            let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = PercentCoding.decode(parts[0], plusIsBlank: true) ?? String(parts[0])
            raw.append(translate(String(parts[0])))
            guard parts.count == 2 else { continue }
            raw.append("=")
            let value = translate(String(parts[1]))
            if let literal = value.literal, SecretTable.isSecretField(name, value: literal) {
                raw.append(secrets.place(for: literal, of: name))
            } else {
                raw.append(value)
            }
        }
        return .raw(raw)
    }

    /// Nil where a map cannot say it: a name twice, a name alone, an empty name, bytes that are no UTF-8.
    private static func pairs(
        _ text: String, translate: (String) -> ImportedText, secrets: inout SecretTable
    ) -> [ImportedPair]? {
        var pairs: [ImportedPair] = []
        var names: Set<String> = []
        for field in text.split(separator: "&", omittingEmptySubsequences: false) {
            let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let name = PercentCoding.decode(parts[0], plusIsBlank: true),
                let value = PercentCoding.decode(parts[1], plusIsBlank: true), PlanKeyText.isUsable(name),
                names.insert(name).inserted, !value.unicodeScalars.contains(where: { $0.value < 0x20 })
            else { return nil }
            let translated = translate(value)
            if let literal = translated.literal, SecretTable.isSecretField(name, value: literal) {
                pairs.append(ImportedPair(name, secrets.place(for: literal, of: name)))
            } else {
                pairs.append(ImportedPair(name, translated))
            }
        }
        return pairs
    }
}

/// Texts that can be keys of a plan's map as they are: no place for a value, and short enough for YAML's simple keys.
enum PlanKeyText {
    static func isUsable(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 150 && !name.contains("{{") && !name.contains("${")
            && !name.unicodeScalars.contains { $0.value < 0x20 }
    }

    /// Whether every name is usable and stands once.
    static func areUsable(_ names: some Sequence<String>) -> Bool {
        var seen: Set<String> = []
        return names.allSatisfy { isUsable($0) && seen.insert($0).inserted }
    }
}
