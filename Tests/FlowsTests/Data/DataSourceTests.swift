import Core
import Flows
import Testing

@Suite("A source of data")
struct DataSourceTests {
    private static let csv = Array("id,price,name\n1,10,a\n2,20,b\n3,30,c\n".utf8)

    private func products(_ order: RowOrder = .sequential, _ atEnd: AtEnd = .repeat, perUser: Bool = false) throws
        -> DataSource
    {
        let table = try CSVReader.read(Self.csv, label: "products.csv")
        return DataSource(name: "product", kind: .table(table, order: order, atEnd: atEnd), perUser: perUser, index: 0)
    }

    @Test("fills the columns that the plan names, all from one row")
    func binds() throws {
        var table = VariableTable()
        let other = table.slot(of: "cart")
        let name = table.slot(of: "product.name")
        let id = table.slot(of: "product.id")
        let binding = DataBinding(try products(), table: table, seed: 1)
        #expect(Set(binding.slots) == [name, id])
        var variables = Variables(count: table.count)
        variables[other] = Value(text: "kept")
        for (ordinal, row) in [
            (0, ["1", "a"]), (1, ["2", "b"]), (2, ["3", "c"]), (3, ["1", "a"]), (1, ["2", "b"]),
        ] {
            #expect(binding.draw(ordinal: ordinal, wallNanoseconds: 0, into: &variables))
            #expect([variables[id].text, variables[name].text] == row)
        }
        #expect(variables[other].text == "kept")
    }

    @Test("leaves the variables as they are when the data have ended")
    func ends() throws {
        var table = VariableTable()
        let id = table.slot(of: "product.id")
        let binding = DataBinding(try products(.sequential, .stop), table: table, seed: 1)
        var variables = Variables(count: table.count)
        #expect(binding.draw(ordinal: 2, wallNanoseconds: 0, into: &variables))
        #expect(!binding.draw(ordinal: 3, wallNanoseconds: 0, into: &variables))
        #expect(variables[id].text == "3")
    }

    @Test("of single values is reached by its own name")
    func single() throws {
        var table = VariableTable()
        let slots = [table.slot(of: "colour"), table.slot(of: "n")]
        let colour = DataSource(
            name: "colour", kind: .table(try DataTable(list: [Value(text: "red")]), order: .sequential, atEnd: .repeat),
            index: 0)
        let number = DataSource(name: "n", kind: .generator(.counter(start: 1, step: 1)), index: 1)
        var variables = Variables(count: table.count)
        for source in [colour, number] {
            #expect(source.columns == [""])
            #expect(DataBinding(source, table: table, seed: 1).draw(ordinal: 41, wallNanoseconds: 0, into: &variables))
        }
        #expect(slots.map { variables[$0].text } == ["red", "42"])
    }

    @Test("that nobody names is not read")
    func unused() throws {
        let binding = DataBinding(try products(), table: VariableTable(), seed: 1)
        #expect(!binding.isUsed)
        var variables = Variables(count: 0)
        #expect(binding.draw(ordinal: 0, wallNanoseconds: 0, into: &variables))
    }

    @Test("gives four clients together what one alone would get, a row missing cells included")
    func clients() throws {
        var table = VariableTable()
        let slots = ["order.id", "order.note", "key", "id"].map { table.slot(of: $0) }
        let lines = (0..<40).map { $0 % 3 == 0 ? "{\"id\":\($0)}" : "{\"note\":\"n\($0)\",\"id\":\($0)}" }
        let orders = try JSONLinesReader.read(Array(lines.joined(separator: "\n").utf8), label: "orders.jsonl")
        let sources = [
            DataSource(name: "order", kind: .table(orders, order: .shuffled, atEnd: .repeat), index: 0),
            DataSource(name: "key", kind: .generator(.zipf(try Zipf(1...1000, exponent: 1.1))), index: 1),
            DataSource(name: "id", kind: .generator(.uuid), index: 2),
        ]
        let bindings = sources.map { DataBinding($0, table: table, seed: 99) }
        func values(_ ordinal: Int, _ variables: inout Variables) -> [Value] {
            for binding in bindings { #expect(binding.draw(ordinal: ordinal, wallNanoseconds: 0, into: &variables)) }
            return slots.map { variables[$0] }
        }
        var alone = Variables(count: table.count)
        let whole = (0..<100).map { values($0, &alone) }
        var together = [[Value]](repeating: [], count: 100)
        for client in 0..<4 {
            var variables = Variables(count: table.count)
            for ordinal in stride(from: client, to: 100, by: 4) { together[ordinal] = values(ordinal, &variables) }
        }
        #expect(together == whole)
        #expect(whole.contains { $0[1].isMissing })
        #expect(Set(whole.prefix(40).map { $0[0] }).count == 40)
    }

    @Test("has random numbers of its own")
    func streams() {
        let sources = (0..<10).map { DataSource(name: "id", kind: .generator(.uuid), index: $0) }
        var table = VariableTable()
        let slot = table.slot(of: "id")
        var variables = Variables(count: 1)
        let drawn = sources.map { source in
            _ = DataBinding(source, table: table, seed: 1).draw(ordinal: 0, wallNanoseconds: 0, into: &variables)
            return variables[slot]
        }
        #expect(Set(drawn).count == 10)
    }

    @Test(
        "says in one line what it is, and when it ends",
        arguments: [
            (RowOrder.shuffled, AtEnd.repeat, false, "products.csv: 3 rows, shuffled, repeated", nil),
            (.sequential, .stop, false, "products.csv: 3 rows, in order, once", 3),
            (.sequential, .repeat, true, "products.csv: 3 rows, in order, repeated, one per user", nil),
            (.random, .stop, false, "products.csv: 3 rows, at random", nil),
        ] as [(RowOrder, AtEnd, Bool, String, Int?)])
    func text(order: RowOrder, atEnd: AtEnd, perUser: Bool, text: String, limit: Int?) throws {
        let source = try products(order, atEnd, perUser: perUser)
        #expect(source.text == text)
        #expect(source.drawLimit == limit)
    }
}
