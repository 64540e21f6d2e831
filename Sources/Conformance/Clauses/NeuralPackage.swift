/// What the clauses on the connector's `neural` package share.
enum NeuralPackage {
    /// Why they do not apply where the connector brings none.
    static let isOurs = "the connector uses the harness's own neural package"
}
