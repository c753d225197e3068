import Core
import Flows
import Testing

@Suite("Comma-separated values")
struct CSVReaderTests {
    private static func read(_ text: String, limits: DataLimits = .standard) throws -> DataTable {
        try CSVReader.read(Array(text.utf8), label: "products.csv", limits: limits)
    }

    @Test(
        "are read as RFC 4180 has them",
        arguments: [
            ("id,price\n1,2\n3,4\n", [["id", "price"], ["1", "2"], ["3", "4"]]),
            ("id,price\r\n1,2\r\n3,4", [["id", "price"], ["1", "2"], ["3", "4"]]),
            ("id,price\n1,2\r\n3,4\r", [["id", "price"], ["1", "2"], ["3", "4"]]),
            ("\u{FEFF}id\nä", [["id"], ["ä"]]),
            ("id,price\n\"a,b\",\"say \"\"hi\"\"\"\n", [["id", "price"], ["a,b", "say \"hi\""]]),
            ("id,price\n\"two\nlines\",\"two\r\nmore\"\n", [["id", "price"], ["two\nlines", "two\r\nmore"]]),
            ("\"id\",\"price\"\n1,\"\"\n", [["id", "price"], ["1", ""]]),
            ("id,price\n,\n1,", [["id", "price"], ["", ""], ["1", ""]]),
            ("id,price\n a , b \n", [["id", "price"], [" a ", " b "]]),
            ("\n\nid\n\n1\n\r\n\n2\n\n", [["id"], ["1"], ["2"]]),
            ("id\n\"\"\n", [["id"], [""]]),
            ("id\n\"\"\"\"\n\"\"\"a\"\"\"\n", [["id"], ["\""], ["\"a\""]]),
            ("user.id,_x,a-b\n1,2,3\n", [["user.id", "_x", "a-b"], ["1", "2", "3"]]),
            ("id\n=1+1;#!'\u{1}\u{7F}😀\n", [["id"], ["=1+1;#!'\u{1}\u{7F}😀"]]),
        ])
    func reads(text: String, rows: [[String]]) throws {
        let table = try Self.read(text)
        #expect(table.columns == rows[0])
        #expect(table.rowCount == rows.count - 1)
        #expect(table.texts == Array(rows.dropFirst()))
    }

    @Test(
        "that are broken say in which line and what to do",
        arguments: [
            ("", nil, "no line with the names"),
            ("\n\r\n", nil, "no line with the names"),
            ("id,price\n", nil, "no row below"),
            ("id,price\n1,2\n3\n", 3, "begins with `3` has 1 value, and there are 2 columns"),
            ("id,price\n1,2,3,4\n", 2, "begins with `1` has 4 values, and there are 2 columns"),
            ("id\n1,2\n", 2, "has 2 values, and there is 1 column"),
            ("id,price\n\"a\nb\",2\n3,4,5\n", 4, "begins with `3` has 3 values"),
            ("id,price\n\"a\nb\",2,3\n", 2, "begins with `a b` has 3 values"),
            ("id,price\n1,\"2\n3,4\n", 2, "quote before `2 3,4 ` is not closed"),
            ("id\n\"\"\"\n", 2, "is not closed"),
            ("id\n\"", 2, "quote before `` is not closed"),
            ("id\n5\" disk\n", 2, "a quote stands inside `5\"`"),
            ("id\n\"5\" disk\n", 2, "after the closing quote of `5`"),
            ("id\n1\r2\n", 2, "a carriage return without a line feed"),
            ("id,id\n1,2\n", 1, "two columns are named `id`"),
            ("id,\n1,2\n", 1, "a column has no name"),
            ("\n\nid,first name\n1,2\n", 3, "`first name` is no name of a column"),
            ("id;price\n1;2\n", 1, "`id;price` is no name of a column"),
            ("1,2\n3,4\n", 1, "`1` is no name of a column"),
        ] as [(String, Int?, String)])
    func errors(text: String, line: Int?, message: String) throws {
        let error = try #require(throws: DataError.self) { try Self.read(text) }
        #expect(error.line == line)
        #expect(error.message.contains(message), "\(error.message)")
        #expect(!error.remedy.isEmpty)
        #expect(!error.message.contains("\n"))
    }

    @Test("must be UTF-8")
    func encodings() throws {
        let latin = try #require(throws: DataError.self) {
            try CSVReader.read(Array("id\nok\ncaf".utf8) + [0xE9, 0x0A], label: "a.csv")
        }
        #expect(latin.line == 3)
        #expect(latin.message == "the byte 233 after `caf` is not UTF-8")
        let wide = try #require(throws: DataError.self) { try CSVReader.read([0xFF, 0xFE, 0x69, 0], label: "a.csv") }
        #expect(wide.message == "the file is UTF-16")
    }

    @Test("have limits")
    func limits() throws {
        let text = "a,b\n1,2\n3,4\n"
        #expect(try Self.read(text, limits: DataLimits(bytes: 12, cells: 4)).rowCount == 2)
        let bytes = try #require(throws: DataError.self) {
            try Self.read(text, limits: DataLimits(bytes: 11, cells: 4))
        }
        #expect(bytes.message == "the data have 12 bytes, more than 11")
        let cells = try #require(throws: DataError.self) {
            try Self.read(text, limits: DataLimits(bytes: 12, cells: 3))
        }
        #expect(cells.line == 3)
        #expect(DataLimits(bytes: .max, cells: 1).bytes == 256 << 20)
    }

    @Test("written by the rules come back as they were: 300 random tables, in every style of quotes and line ends")
    func roundTrip() throws {
        var random = SeededRandom(seed: 1, stream: 1)
        let alphabet: [Character] = ["a", "ü", ",", "\"", "\n", " ", "7", "\r\n", "\r"]
        for _ in 0..<300 {
            let width = Int.random(in: 1...4, using: &random)
            let columns = (0..<width).map { "c\($0)" }
            let rows = (0..<Int.random(in: 1...8, using: &random)).map { _ in
                columns.map { _ in
                    String(
                        (0..<Int.random(in: 0...5, using: &random)).map { _ in alphabet.randomElement(using: &random)! }
                    )
                }
            }
            let end = Bool.random(using: &random) ? "\n" : "\r\n"
            let lines = ([columns] + rows).map { row in
                row.map { value in
                    let plain =
                        !value.isEmpty && !value.unicodeScalars.contains { ",\"\n\r".unicodeScalars.contains($0) }
                    return plain && Bool.random(using: &random)
                        ? value
                        : "\""
                            + value.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"")
                            + "\""
                }.joined(separator: ",")
            }
            let table = try Self.read(lines.joined(separator: end) + (Bool.random(using: &random) ? end : ""))
            #expect(table.columns == columns)
            #expect(table.texts.elementsEqual(rows) { $0.elementsEqual($1) { Array($0.utf8) == Array($1.utf8) } })
        }
    }

    @Test("of any content are read or refused: 20,000 broken files")
    func hostile() {
        // Whole characters, so that the scanner sees them, and now and then half a one.
        let alphabet = ["a", "b", "b", ",", ",", "\"", "\n", "\n", "\r\n", "\r", "\0", "ä", "\u{FEFF}"].map {
            Array($0.utf8)
        }
        var random = SeededRandom(seed: 2, stream: 1)
        var tables = 0
        var refusals = 0
        for round in 0..<20_000 {
            let head = round.isMultiple(of: 2) ? Array("a,b\n".utf8) : []
            var body = (0..<Int.random(in: 0...12, using: &random)).flatMap { _ in
                alphabet.randomElement(using: &random)!
            }
            if round.isMultiple(of: 50) { body.removeLast(min(1, body.count)) }
            do throws(DataError) {
                let table = try CSVReader.read(head + body, label: "x")
                #expect(table.texts.count == table.rowCount)
                tables += 1
            } catch {
                refusals += 1
            }
        }
        #expect(tables > 1000)
        #expect(refusals > 1000)
    }
}

extension DataTable {
    /// All cells, row by row; what is missing is `∅`.
    var texts: [[String]] {
        (0..<rowCount).map { row in
            columns.indices.map { column in
                let value = value(row: row, column: column)
                return value.isMissing ? "∅" : value.text
            }
        }
    }
}
