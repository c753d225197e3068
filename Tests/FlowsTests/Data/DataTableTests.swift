import Flows
import Testing

@Suite("A table of data")
struct DataTableTests {
    @Test("of single values has one column without a name")
    func single() throws {
        let table = try DataTable(list: [Value(text: "red"), Value(17), Value(kind: .null, bytes: Array("null".utf8))])
        #expect(table.columns == [""])
        #expect(table.label == "list")
        #expect((0..<3).map { table.value(row: $0, column: 0).kind } == [.text, .number, .null])
        #expect(table.texts == [["red"], ["17"], ["null"]])
    }

    @Test("of rows has the columns of all rows; what a row lacks is missing")
    func rows() throws {
        let table = try DataTable(list: [
            [("a", Value(1))], [("b", Value(text: "x")), ("a", Value(2))], [],
        ])
        #expect(table.columns == ["a", "b"])
        #expect(table.texts == [["1", "∅"], ["2", "x"], ["∅", "∅"]])
        #expect(table.column(named: "b") == 1)
        #expect(table.column(named: "c") == nil)
    }

    @Test("written in the plan is refused when it is empty, or has a column that cannot be named")
    func refused() {
        #expect(throws: DataError.self) { try DataTable(list: [Value]()) }
        #expect(throws: DataError.self) { try DataTable(list: [[(name: String, value: Value)]]()) }
        #expect(throws: DataError.self) { try DataTable(list: [[], []]) }
        for row in [[("a b", Value(1))], [("", Value(1))], [("a", Value(1)), ("a", Value(2))]] {
            #expect(throws: DataError.self) { try DataTable(list: [row.map { (name: $0.0, value: $0.1) }]) }
        }
        #expect(throws: DataError.self) {
            try DataTable(list: [Value(1), Value(2)], limits: DataLimits(bytes: 10, cells: 1))
        }
        #expect(throws: DataError.self) {
            try DataTable(list: [Value(text: "aaaaaaaaaaa")], limits: DataLimits(bytes: 10, cells: 1))
        }
    }

    @Test("puts a cell into a value in place of the old one")
    func read() throws {
        let table = try DataTable(list: [Value(text: "long enough"), Value(5)])
        var value = Value.missing
        table.read(row: 0, column: 0, into: &value)
        #expect(value == Value(text: "long enough"))
        table.read(row: 1, column: 0, into: &value)
        #expect(value == Value(5))
    }

    @Test("knows on which line of its file a row begins")
    func lines() throws {
        let csv = try CSVReader.read(Array("\na,b\n\n1,\"x\n\"\"\ny\"\n2,y\r\n\r\n3,z".utf8), label: "a.csv")
        #expect((0..<4).map { csv.line(ofRow: $0) } == [4, 7, 9, nil])
        let json = try JSONLinesReader.read(Array("\n{\"a\":\"\\n\\n\"}\n\n{\"a\":2}\n".utf8), label: "a.jsonl")
        #expect((0..<3).map { json.line(ofRow: $0) } == [2, 4, nil])
        #expect(try DataTable(list: [Value(1)]).line(ofRow: 0) == nil)
    }
}
