package import Core
import FoundationEssentials

extension ResourceReport {
    /// As one line of JSON, for whoever is attached to a lab.
    package var json: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        // Names and finite numbers: there is nothing in it that could fail to encode.
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    /// Reads what `json` wrote; nil for anything else.
    package init?(json: some StringProtocol) {
        guard let report = try? JSONDecoder().decode(ResourceReport.self, from: Data(json.utf8)) else { return nil }
        self = report
    }
}
