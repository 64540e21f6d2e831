/// How many letters must be put in, taken out or changed to make one word of another (Levenshtein 1966), case aside.
public enum EditDistance {
    public static func between(_ left: String, _ right: String) -> Int {
        let left = Array(left.uppercased())
        let right = Array(right.uppercased())
        var row = Array(0...right.count)
        for (i, a) in left.enumerated() {
            var diagonal = row[0]
            row[0] = i + 1
            for (j, b) in right.enumerated() {
                let substitution = diagonal + (a == b ? 0 : 1)
                diagonal = row[j + 1]
                row[j + 1] = min(substitution, row[j] + 1, row[j + 1] + 1)
            }
        }
        return row[right.count]
    }
}
