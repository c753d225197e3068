import Analysis
import Core
import Glibc
import Recording

/// Which bundles words of the command line mean: bundles, and folders that hold bundles.
enum BundleSources {
    /// More bundles than that are a slip of a pattern.
    private static let most = 1_000

    /// The bundles' folders: of a folder that is none itself those in it, by name, numbers by their value (`base-9`, `base-10`).
    /// - Throws: `Failure` for a path that is and holds no bundle.
    static func folders(_ paths: [String]) throws(Failure) -> [String] {
        var found: [String] = []
        for path in paths {
            if isBundle(path) || !isFolder(path) {
                found.append(path)
                continue
            }
            let inside = names(in: path).map { path.hasSuffix("/") ? path + $0 : "\(path)/\($0)" }.filter(isBundle)
            guard !inside.isEmpty else {
                throw Failure(
                    status: ExitStatus.usage,
                    message: "\(path): no bundle, and no folder of bundles: name a folder that a run wrote")
            }
            found += inside
        }
        guard found.count <= most else {
            throw Failure(status: ExitStatus.usage, message: "\(found.count) bundles: at most \(most) are read")
        }
        return found
    }

    /// Opens a bundle.
    /// - Parameter budgets: what it is held against instead of its plan's.
    static func open(_ path: String, budgets: [Budget]? = nil) throws(Failure) -> Bundle {
        do throws(BundleError) {
            return try Bundle.open(path, budgets: budgets)
        } catch {
            throw Failure(status: ExitStatus.usage, message: "\(error)")
        }
    }

    /// Reads its record alone.
    static func record(_ path: String) throws(Failure) -> RunRecord {
        do throws(BundleError) {
            return try Bundle.record(of: path)
        } catch {
            throw Failure(status: ExitStatus.usage, message: "\(error)")
        }
    }

    private static func isBundle(_ path: String) -> Bool {
        path.hasSuffix("/\(BundleFile.record.rawValue)") || access(BundleFile.record.path(in: path), F_OK) == 0
    }

    private static func isFolder(_ path: String) -> Bool {
        var information = stat()
        return stat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
    }

    /// A name as words and numbers: `base-10` comes after `base-9`.
    private static func parts(of name: String) -> [NamePart] {
        var parts: [NamePart] = []
        for character in name {
            let digit = character.isASCII ? character.wholeNumberValue : nil
            switch (parts.last, digit) {
            case (.number(let number)?, let digit?):
                let (sum, overflow) = number.multipliedReportingOverflow(by: 10)
                parts[parts.count - 1] = .number(overflow ? number : sum &+ digit)
            case (_, let digit?): parts.append(.number(digit))
            case (.word(let word)?, nil): parts[parts.count - 1] = .word(word + String(character))
            case (_, nil): parts.append(.word(String(character)))
            }
        }
        return parts
    }

    private enum NamePart: Comparable {
        case number(Int)
        case word(String)
    }

    private static func names(in folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if !name.hasPrefix(".") { names.append(name) }
        }
        return names.sorted { parts(of: $0).lexicographicallyPrecedes(parts(of: $1)) }
    }
}
