package import Core
import Recording

/// `resources.csv` as a whole: what was behind the lab's services, second by second.
package struct ResourceFile: Sendable {
    package let resources: [ResourceRecord]
    /// True when the file ends in the middle of a line.
    package private(set) var endsInHalfLine = false

    /// - Parameters:
    ///   - resources: as the record lists them.
    ///   - path: for messages.
    ///   - tolerant: drop a half line at the end, which is otherwise damage.
    package init(
        _ bytes: [UInt8], of resources: [ResourceRecord], path: String, tolerant: Bool
    ) throws(BundleError) {
        var reader = ResourceReader(resources)
        endsInHalfLine = try BundleLines.read(bytes, path: path, tolerant: tolerant) { (line) throws(ResourceError) in
            try reader.add(line)
        }
        self.resources = reader.resources
    }
}
