/// Why a bundle cannot be read. Every message names the place, what is wrong with it, and what to do.
package enum BundleError: Error, Hashable, CustomStringConvertible {
    /// Nothing is there.
    case missing(path: String)
    /// A folder without `run.json`, or no folder.
    case notABundle(path: String)
    /// Written by a later version of Gale.
    case newerFormat(path: String, format: Int, newest: Int)
    /// `run.json` is not the record of a run.
    case damagedRecord(path: String, what: String)
    /// A finished run lacks one of the files that every run writes.
    case missingFile(path: String)
    /// A line that cannot be read; lines count from 1.
    case damagedLine(path: String, line: Int, what: String)
    /// The system refused to read a file.
    case unreadable(path: String, what: String)

    package var description: String {
        switch self {
        case .missing(let path): "\(path): no such file or folder"
        case .notABundle(let path): "\(path): not a bundle: it has no run.json; name the folder that a run wrote"
        case .newerFormat(let path, let format, let newest):
            "\(path): format \(format) is newer than \(newest), the newest that this version reads; use a newer Gale"
        case .damagedRecord(let path, let what): "\(path): \(what)"
        case .missingFile(let path):
            "\(path): missing, though the run came to its end; the bundle is not whole, take it from where it was written"
        case .damagedLine(let path, let line, let what):
            "\(path):\(line): \(what); the file was changed or damaged after the run, take it from where it was written"
        case .unreadable(let path, let what): "\(path): cannot be read: \(what)"
        }
    }
}
