import Glibc
import Recording

/// Folders of bundles that do not stay.
enum BundleFolder {
    /// Removes a bundle; what else is in its folder stays, and the folder with it.
    static func remove(_ folder: String) {
        for file in BundleFile.allCases { unlink(file.path(in: folder)) }
        rmdir(folder)
    }

    /// Makes a new folder below /tmp, for the owner only.
    /// - Parameter purpose: a part of its name.
    static func temporary(for purpose: String) throws(Failure) -> String {
        var template = Array("/tmp/gale-\(purpose)-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw Failure(
                status: ExitStatus.internalFault, message: "no folder under /tmp: \(String(cString: strerror(errno)))")
        }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}
