/// Paths that a file of a plan may have: in the plan's folder or below.
enum FileNames {
    /// The path as a plan may name it, or its last part; nil when nothing is left.
    static func relative(_ path: String) -> String? {
        let parts = path.split { $0 == "/" || $0 == "\\" }.map(String.init).filter { $0 != "." }
        let isInside = !path.hasPrefix("/") && !parts.contains("..") && !(parts.first?.contains(":") ?? false)
        let name = isInside ? parts.joined(separator: "/") : parts.last ?? ""
        guard !name.isEmpty, name != "..", name.utf8.count <= 500,
            !name.contains("{{"), !name.contains("${"), !name.unicodeScalars.contains(where: { $0.value < 0x20 })
        else { return nil }
        return name
    }
}
