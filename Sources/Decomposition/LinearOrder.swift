/// An order of numbers that moves one, or compares two, in constant time.
///
/// A linked list with ascending labels (Dietz, Sleator: Two algorithms for maintaining order in a list, 1987, in the
/// simple form that relabels everything when a gap is full).
struct LinearOrder {
    private var next: [Int]
    private var previous: [Int]
    private(set) var label: [Int]
    /// A sentinel before the first and after the last number.
    private let end: Int
    private let gap: Int

    /// How often a gap was full. Each time costs time linear in the count.
    private(set) var relabels = 0

    /// - Parameter order: every number below its count, each once.
    init(_ order: [Int]) {
        end = order.count
        gap = 1 << 40
        next = [Int](repeating: 0, count: order.count + 1)
        previous = next
        label = next
        var last = end
        for item in order {
            next[last] = item
            previous[item] = last
            last = item
        }
        next[last] = end
        previous[end] = last
        relabel()
    }

    var items: [Int] {
        var items: [Int] = []
        var item = next[end]
        while item != end {
            items.append(item)
            item = next[item]
        }
        return items
    }

    mutating func move(_ item: Int, after other: Int) {
        guard item != other else { return }
        unlink(item)
        link(item, after: other)
    }

    mutating func move(_ item: Int, before other: Int) {
        guard item != other else { return }
        unlink(item)
        link(item, after: previous[other])
    }

    private mutating func unlink(_ item: Int) {
        next[previous[item]] = next[item]
        previous[next[item]] = previous[item]
    }

    private mutating func link(_ item: Int, after other: Int) {
        let following = next[other]
        next[other] = item
        previous[item] = other
        next[item] = following
        previous[following] = item
        let low = other == end ? 0 : label[other]
        let high = following == end ? low + 2 * gap : label[following]
        label[item] = low + (high - low) / 2
        if label[item] == low {
            relabels += 1
            relabel()
        }
    }

    private mutating func relabel() {
        var value = gap
        var item = next[end]
        while item != end {
            label[item] = value
            value += gap
            item = next[item]
        }
    }
}
