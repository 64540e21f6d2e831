/// The line on stderr that is written over and over while something takes time.
enum LiveLine {
    static func show(_ text: String) {
        if !text.isEmpty { Descriptor.error.tryToWrite(text) }
    }
}
