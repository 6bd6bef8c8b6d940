import Foundation

/// What the server bills: one line of JSON for each request, in the order of the answers.
actor Ledger {
    private let file: FileHandle?
    private let prices: Script.Prices

    /// Dollars for a million tokens where the script says none.
    static let usualPrices = Script.Prices(input: 3, cached: 0.3, output: 15)

    /// - Parameter path: appended to; nil keeps no ledger.
    init(path: String?, prices: Script.Prices?) throws {
        self.prices = prices ?? Self.usualPrices
        guard let path else {
            file = nil
            return
        }
        if !FileManager.default.fileExists(atPath: path) { try Data().write(to: URL(fileURLWithPath: path)) }
        file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try file?.seekToEnd()
    }

    /// Bills an answer.
    ///
    /// One that is an error, or is not brought to its end by a fault, costs nothing: no client could tell what.
    func bill(_ answer: Answer, to request: ModelRequest, arrived: Double) throws {
        let fault = answer.fault
        let isWhole =
            fault?.cutAfter == nil && fault?.hangAfter == nil && fault?.malformedAt == nil
            && fault?.endless != true
        let isBilled = fault?.status == nil && isWhole
        let usage = isBilled ? answer.usage : Script.Usage(input: 0, cached: 0, output: 0)
        let cached = usage.cached ?? 0
        let dollars =
            (Double(usage.input) * prices.input + Double(cached) * (prices.cached ?? prices.input)
                + Double(usage.output) * prices.output) / 1_000_000
        let line: JSON = [
            "request": .integer(answer.number), "path": .string(request.path), "model": .string(request.model),
            "conversation": .string(request.conversation), "turn": .integer(request.turn),
            "rule": .string(answer.rule), "label": .string(answer.label), "status": .integer(fault?.status ?? 200),
            "whole": .bool(isWhole), "input": .integer(usage.input), "cached": .integer(cached),
            "output": .integer(usage.output), "usd": .number(dollars),
            "arrived": .number(arrived), "answered": .number(Date().timeIntervalSince1970),
        ]
        try file?.write(contentsOf: Data((line.line + "\n").utf8))
    }
}
