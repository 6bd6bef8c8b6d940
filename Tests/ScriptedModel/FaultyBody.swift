import FlyingSocks

/// The body of an answer, piece by piece, with the script's fault in it.
struct FaultyBody: AsyncBufferedSequence {
    typealias Element = UInt8

    let pieces: [[UInt8]]
    let fault: Script.Fault?

    /// The connection ends without the body's end.
    struct Cut: Error {}

    func makeAsyncIterator() -> Iterator { Iterator(body: self) }

    struct Iterator: AsyncBufferedIteratorProtocol {
        let body: FaultyBody
        private var position = 0

        init(body: FaultyBody) { self.body = body }

        mutating func next() async throws -> UInt8? {
            // The server reads pieces only; the protocol of sequences asks for single bytes as well.
            nil
        }

        mutating func nextBuffer(suggested count: Int) async throws -> [UInt8]? {
            let fault = body.fault
            if let limit = fault?.cutAfter, position >= limit { throw Cut() }
            if let limit = fault?.hangAfter, position >= limit {
                // Until the client goes, or the server is ended.
                while true { try await Task.sleep(for: .seconds(3600)) }
            }
            if let pause = fault?.drip, position > 0 { try await Task.sleep(for: .seconds(pause)) }
            let isEndless = fault?.endless == true && body.pieces.count > 3
            let index = isEndless && position > 3 ? 3 : position
            guard index < body.pieces.count else { return nil }
            position += 1
            return body.pieces[index]
        }
    }
}
