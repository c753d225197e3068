import FoundationEssentials

/// `run.json` as text. Keys are in snake case and sorted, so that two records can be compared line by line.
extension RunRecord {
    /// The highest `format` that this version can read.
    package static let newestFormat = 1

    /// The bytes of `run.json`.
    package func encoded() throws(RunRecordError) -> [UInt8] {
        do {
            return try GaleJSON.encode(self)
        } catch {
            throw .unwritable("\(error)")
        }
    }

    /// Reads the bytes of `run.json`.
    package init(decoding bytes: [UInt8]) throws(RunRecordError) {
        struct Version: Decodable { var format: Int }
        do {
            // The version first: what a newer format looks like is not ours to judge.
            let format = try GaleJSON.decode(Version.self, from: bytes).format
            if format > Self.newestFormat { throw RunRecordError.newerFormat(format) }
            self = try GaleJSON.decode(RunRecord.self, from: bytes)
        } catch let error as RunRecordError {
            throw error
        } catch let error as DecodingError {
            throw .damaged(Self.place(of: error))
        } catch {
            throw .damaged("\(error)")
        }
    }

    private static func place(of error: DecodingError) -> String {
        func path(_ keys: [any CodingKey]) -> String {
            keys.isEmpty
                ? "the top level" : keys.map { $0.intValue.map(String.init) ?? $0.stringValue }.joined(separator: ".")
        }
        switch error {
        case .keyNotFound(let key, let context): return "\(path(context.codingPath)) lacks '\(key.stringValue)'"
        case .typeMismatch(let type, let context): return "\(path(context.codingPath)) is not of type \(type)"
        case .valueNotFound(let type, let context): return "\(path(context.codingPath)) is null, not \(type)"
        case .dataCorrupted(let context): return "\(path(context.codingPath)): \(context.debugDescription)"
        @unknown default: return "\(error)"
        }
    }
}

/// The one way in which the project writes and reads JSON: snake case, sorted keys, two spaces, a newline at the end.
package enum GaleJSON {
    package static func encode(_ value: some Encodable) throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        encoder.keyEncodingStrategy = .convertToSnakeCase
        return [UInt8](try encoder.encode(value)) + [UInt8(ascii: "\n")]
    }

    package static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(type, from: Data(bytes))
    }
}

/// Why a `run.json` cannot be written or read.
package enum RunRecordError: Error, Hashable, CustomStringConvertible {
    /// A value that JSON cannot hold (an infinite number).
    case unwritable(String)
    /// Written by a later version of Gale.
    case newerFormat(Int)
    /// No JSON, or not the JSON of a run.
    case damaged(String)

    package var description: String {
        switch self {
        case .unwritable(let what): "the record cannot be written as JSON: \(what)"
        case .newerFormat(let format):
            "format \(format) is newer than \(RunRecord.newestFormat), the newest this version reads; use a newer Gale"
        case .damaged(let what): "not the record of a run: \(what)"
        }
    }
}
