/// Where a repository lies on the machine of a CI job, so that a plan can be named as the repository names it.
package struct WorkspacePath: Hashable, Sendable {
    /// The repository's folder, and the folder that paths are relative to; nil when unknown.
    private let workspace: String?
    private let folder: String?

    /// - Parameters:
    ///   - workspace: absolute, such as `GITHUB_WORKSPACE`.
    ///   - folder: the current folder, absolute, such as `PWD`; that of the repository unless given.
    package init(workspace: String? = nil, folder: String? = nil) {
        self.workspace = workspace
        self.folder = folder
    }

    /// The path from the repository's folder; nil when the file lies elsewhere. By the text alone: links are not followed.
    package func relative(_ path: String) -> String? {
        guard !path.isEmpty else { return nil }
        guard let workspace, let root = Self.parts(of: workspace, at: nil) else {
            // Nothing is known: a relative path is most likely what is wanted.
            return path.hasPrefix("/") ? nil : Self.parts(of: path, at: "/")?.joined(separator: "/")
        }
        guard let parts = Self.parts(of: path, at: folder ?? workspace), parts.count > root.count,
            parts.starts(with: root)
        else { return nil }
        return parts.dropFirst(root.count).joined(separator: "/")
    }

    /// The names on the way from `/`, without `.` and `..`; nil for a relative path without a folder that it starts from.
    private static func parts(of path: String, at folder: String?) -> [Substring]? {
        guard path.hasPrefix("/") || folder?.hasPrefix("/") == true else { return nil }
        var parts: [Substring] = []
        for part in (path.hasPrefix("/") ? path : "\(folder ?? "")/\(path)").split(separator: "/") where part != "." {
            if part == ".." {
                _ = parts.popLast()
            } else {
                parts.append(part)
            }
        }
        return parts
    }
}
