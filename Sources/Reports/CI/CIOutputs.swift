import Core

/// What a CI job wants to have of a run beside its bundle.
package struct CIOutputs: Hashable, Sendable {
    /// Paths of files; nil for none.
    package var junit: String?
    package var comment: String?
    package var metrics: String?
    /// Annotations, and a summary for the step's page.
    package var github: Bool

    package init(junit: String? = nil, comment: String? = nil, metrics: String? = nil, github: Bool = false) {
        self.junit = junit
        self.comment = comment
        self.metrics = metrics
        self.github = github
    }

    package var isEmpty: Bool { files.isEmpty && !github }

    /// The files with the options that name them.
    private var files: [(option: String, path: String)] {
        [("--junit", junit), ("--comment", comment), ("--metrics", metrics)].compactMap { option, path in
            path.map { (option, $0) }
        }
    }

    /// Looks at the paths before anything is run: what is wrong with them should not be known after an hour of load.
    package func check() throws(CIProblem) {
        var taken: [String: String] = [:]
        for (option, path) in files {
            guard !path.isEmpty, !path.hasSuffix("/") else { throw .notAFile(option: option, path: path) }
            // A file takes the place of what has its name, and these are names of the system's.
            for folder in ["/dev/", "/proc/", "/sys/"] where path.hasPrefix(folder) {
                throw .systemFile(option: option, path: path)
            }
            if let other = taken.updateValue(option, forKey: path) {
                throw .sameFile(option: option, other: other, path: path)
            }
        }
        // GitLab takes no other name for a test report, and Jenkins none by default.
        if let junit, !junit.hasSuffix(".xml") { throw .notXML(path: junit) }
    }
}

/// Why an output for CI cannot be had.
package enum CIProblem: Error, Hashable, CustomStringConvertible {
    case notAFile(option: String, path: String)
    case systemFile(option: String, path: String)
    case sameFile(option: String, other: String, path: String)
    case notXML(path: String)

    package var description: String {
        switch self {
        case .notAFile(let option, let path):
            "\(option): `\(clean(path))` names no file: give a path such as out/gale.xml"
        case .systemFile(let option, let path):
            "\(option): `\(clean(path))` belongs to the system, and a report replaces what has its name: name another file"
        case .sameFile(let option, let other, let path):
            "\(option): `\(clean(path))` is the file of \(other) already: give each its own"
        case .notXML(let path):
            "--junit: `\(clean(path))` does not end in `.xml`, and GitLab reads no other report: call it \(clean(path)).xml"
        }
    }

    private func clean(_ path: String) -> String { PlainText.limit(PlainText.clean(path), toBytes: 300) }
}
