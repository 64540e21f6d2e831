import HashTreeCollections

/// The jobs that wait for a slot, in the order of their numbers.
///
/// A persistent dictionary and not an array: a state is copied for each commit, and an array of many waiting jobs would
/// be copied whole at the first change after it.
struct Queue: Sendable, Equatable {
    private var idsByNumber: TreeDictionary<Int64, String> = [:]
    /// The lowest number in the queue, 0 when it is empty.
    private var head: Int64 = 0
    /// The highest number in the queue, 0 when it is empty.
    private var tail: Int64 = 0

    var count: Int { idsByNumber.count }
    /// The job that has waited longest.
    var first: String? { idsByNumber[head] }

    mutating func insert(_ id: String, number: Int64) {
        head = idsByNumber.isEmpty ? number : min(head, number)
        tail = max(tail, number)
        idsByNumber[number] = id
    }

    /// Removes nothing when the number does not wait.
    mutating func remove(number: Int64) {
        guard idsByNumber.removeValue(forKey: number) != nil else { return }
        narrow()
    }


    /// Moves both ends over the gaps, so that equal content is an equal value.
    private mutating func narrow() {
        guard !idsByNumber.isEmpty else {
            head = 0
            tail = 0
            return
        }
        while idsByNumber[head] == nil { head += 1 }
        while idsByNumber[tail] == nil { tail -= 1 }
    }
}
