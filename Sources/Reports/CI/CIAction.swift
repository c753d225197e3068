package import Recording

/// One thing to do for a CI job.
package enum CIAction: Hashable, Sendable {
    /// Replace the file, whole or not at all; folders above it that are missing are made.
    case write(path: String, text: String)
    /// Add a report to a file that the runner owns, as far as `limit` bytes in all go.
    case append(path: String, report: String, limit: Int)
    /// Print a line, on standard error: results on standard output may be read by a program, and GitHub's runner
    /// reads the lines of both.
    case print(line: String)

    /// Does it.
    /// - Parameter line: prints.
    package func perform(printing line: (String) -> Void) throws(FileFailure) {
        switch self {
        case .write(let path, let text):
            if let slash = path.lastIndex(of: "/"), slash != path.startIndex {
                try AtomicFile.createFolder(String(path[..<slash]))
            }
            try AtomicFile.write(text, to: path)
        case .append(let path, let report, let limit):
            try AtomicFile.append(to: path) { size in
                // What stands before may end in a paragraph.
                let gap = size > 0 ? "\n\n" : ""
                let text = GitHubSummary.fit(report, limit: limit - size - gap.utf8.count)
                return text.isEmpty ? "" : gap + text
            }
        case .print(let text): line(text)
        }
    }
}
