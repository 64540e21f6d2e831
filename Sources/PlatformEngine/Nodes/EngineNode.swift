import JobExecution
import Simulation

/// One node as the engine sees it: how it is reached, what waits to be told to it, and what can be done with it.
///
/// It stays while processes come and go: each time its process is lost, another one takes its place.
final class EngineNode {
    let name: String
    let folder: NodeFolder
    /// What it is told, in order; holds the connection.
    var lane: NodeLane
    /// What the core was told of it, or will be in a moment.
    var condition = NodeCondition.down
    /// An administrator wants it to take no more jobs, whichever process it is.
    var isDrained = false
    /// Takes its events, and brings it back when it is lost.
    var events: Task<Void, Never>?
    var silence = NodeSilence()

    init(name: String, folder: NodeFolder, lane: NodeLane) {
        self.name = name
        self.folder = folder
        self.lane = lane
    }
}

/// How long a node has not answered.
struct NodeSilence {
    /// Asks it again and again.
    var watch: Task<Void, Never>?
    /// It was asked, and has not answered.
    var isAsked = false
    /// Counted in looks, not by a clock: time in which this process itself stood still is nobody's silence.
    var looks = 0
}
