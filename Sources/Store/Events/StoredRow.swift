import GRDB
import Model

/// A row of a projection, read column by column. An invalid value is an error that names the table and the column.
struct StoredRow {
    let row: Row
    let path: String
    let table: String

    func text(_ column: String) -> String { row[column] }
    func optionalText(_ column: String) -> String? { row[column] }
    func integer(_ column: String) -> Int { row[column] }
    func optionalInteger(_ column: String) -> Int? { row[column] }
    func optionalReal(_ column: String) -> Double? { row[column] }
    func time(_ column: String) -> Timestamp { Timestamp(seconds: row[column]) }
    func optionalTime(_ column: String) -> Timestamp? { (row[column] as Double?).map { Timestamp(seconds: $0) } }
    func optionalTask(_ column: String) -> TaskID? { optionalText(column).map { TaskID($0) } }

    func word<T: RawRepresentable>(_ type: T.Type, _ column: String) throws -> T where T.RawValue == String {
        guard let value = T(rawValue: text(column)) else { throw unreadable(column, "'\(text(column))' is unknown") }
        return value
    }

    func object(_ column: String) throws -> ObjectID {
        guard let id = ObjectID(hex: text(column)) else {
            throw unreadable(column, "'\(text(column))' is no object id")
        }
        return id
    }

    func optionalObject(_ column: String) throws -> ObjectID? {
        optionalText(column) == nil ? nil : try object(column)
    }

    func json<T: Decodable>(_ type: T.Type, _ column: String) throws -> T {
        do {
            return try StoredJSON.value(type, text(column))
        } catch {
            throw unreadable(column, "\(error)")
        }
    }

    /// A list of texts. Lists without escapes, which nearly all are, are read without a JSON decoder: a run has thousands.
    func texts(_ column: String) throws -> [String] {
        if let plain = Self.plainTexts(text(column)) { return plain }
        return try json([String].self, column)
    }

    /// The texts of `["a","b"]`; nil for any other form.
    private static func plainTexts(_ stored: String) -> [String]? {
        let bytes = stored.utf8
        guard bytes.count >= 2, bytes.first == UInt8(ascii: "["), bytes.last == UInt8(ascii: "]"),
            !bytes.contains(UInt8(ascii: "\\"))
        else { return nil }
        let inside = stored[stored.index(after: stored.startIndex)...].dropLast()
        if inside.isEmpty { return [] }
        let parts = inside.split(separator: "\"", omittingEmptySubsequences: false)
        // Outside of the quotes, only commas: `"a","b"` has the parts ``, `a`, `,`, `b`, ``.
        guard parts.count >= 3, !parts.count.isMultiple(of: 2), parts[0].isEmpty, parts[parts.count - 1].isEmpty else {
            return nil
        }
        var texts: [String] = []
        for (index, part) in parts.enumerated().dropFirst().dropLast() {
            if index.isMultiple(of: 2) {
                guard part == "," else { return nil }
            } else {
                texts.append(String(part))
            }
        }
        return texts
    }

    /// The failure in the columns `failure_…` of attempts and candidates; nil if there is none.
    func failure() throws -> Failure? {
        guard optionalText("failure_kind") != nil else { return nil }
        return Failure(
            kind: try word(Failure.Kind.self, "failure_kind"), summary: optionalText("failure_summary") ?? "",
            detail: optionalText("failure_detail") ?? "",
            places: optionalText("failure_places") == nil ? [] : try texts("failure_places"))
    }

    /// The usage in the columns of tokens and cost; nil if none was reported.
    func usage() -> Usage? {
        guard let input = optionalInteger("input_tokens") else { return nil }
        return Usage(
            inputTokens: input, cachedTokens: optionalInteger("cached_tokens") ?? 0,
            outputTokens: optionalInteger("output_tokens") ?? 0, usd: optionalReal("usd"))
    }

    private func unreadable(_ column: String, _ detail: String) -> StoreError {
        .unreadable(path: path, place: "\(table).\(column)", detail: detail)
    }
}

extension StoreView {
    func fetch<T>(
        _ table: String, sql: String, arguments: StatementArguments, _ make: (StoredRow) throws -> T
    ) throws(StoreError) -> [T] {
        try StoreError.translating(path) {
            let rows = try Row.fetchCursor(db, sql: sql, arguments: arguments)
            var values: [T] = []
            while let row = try rows.next() {
                values.append(try make(StoredRow(row: row, path: path, table: table)))
            }
            return values
        }
    }
}
