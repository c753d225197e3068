import Core
import Glibc

/// Writes `events.csv`. The file is made when the first event comes: a run without events has none.
struct EventWriter: ~Copyable {
    private let path: String
    private var file: WritableFile?

    init(path: String) { self.path = path }

    /// Adds events in the order of their times, by one system call.
    mutating func append(_ events: [RunEvent]) throws(FileFailure) {
        guard !events.isEmpty else { return }
        // Clients' events of a second come one client after the other; those of the same time stay in that order.
        let sorted = events.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
        var text = ""
        for event in sorted { text += EventRow.line(event.element) + "\n" }
        if file == nil {
            try create(text)
        } else {
            try file?.write(Array(text.utf8))
        }
    }

    /// Makes the file with its header and the first lines, whole or not at all.
    private mutating func create(_ text: String) throws(FileFailure) {
        let (staged, descriptor) = try StagedFile.make(for: path)
        _ = fcntl(descriptor, F_SETFL, O_APPEND)
        let made = WritableFile(owning: descriptor, path: path)
        do throws(FileFailure) {
            try made.write(Array((EventRow.header + "\n" + text).utf8))
            try staged.takeName()
        } catch {
            staged.remove()
            throw error
        }
        file = consume made
    }
}
