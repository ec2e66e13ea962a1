/// When signing keys are made, sign, and are forgotten: pure decisions on times in seconds.
///
/// A key is published for a lead before it signs, so that every relying party has fetched it by then, and stays published after its
/// last signature until no token of it can be alive.
public struct SigningKeySchedule: Sendable {
    /// How long a key signs.
    public let lifetime: Int64
    /// How long it is published before.
    public let lead: Int64
    /// How long it is published after.
    public let tail: Int64

    /// A schedule; the tail must cover the longest life of a token.
    public init(lifetime: Int64, lead: Int64, tail: Int64) {
        self.lifetime = lifetime
        self.lead = lead
        self.tail = tail
    }

    /// The times of a key.
    public struct Times: Sendable, Hashable {
        /// When it signs first.
        public var signsFrom: Int64
        /// When it signs last.
        public var signsUntil: Int64
        /// When it is forgotten.
        public var publishedUntil: Int64

        /// Times as they were stored.
        public init(signsFrom: Int64, signsUntil: Int64, publishedUntil: Int64) {
            self.signsFrom = signsFrom
            self.signsUntil = signsUntil
            self.publishedUntil = publishedUntil
        }
    }

    /// The times of the next key to make now, or nil where none is needed yet.
    ///
    /// The first key signs at once. Later ones take over where the last one ends, published a lead before. After an outage that
    /// outlasted every key the next one signs at once too, since nothing else could.
    public func next(after known: [Times], at now: Int64) -> Times? {
        guard let last = known.map(\.signsUntil).max(), last > now else { return times(from: now) }
        return last - lead <= now ? times(from: last) : nil
    }

    /// Which of the keys signs at a moment.
    public func signing(_ known: [Times], at now: Int64) -> Int? {
        known.indices.filter { known[$0].signsFrom <= now && now < known[$0].signsUntil }.max { known[$0].signsFrom < known[$1].signsFrom }
    }

    /// Which of the keys may be forgotten.
    public func isOver(_ times: Times, at now: Int64) -> Bool { times.publishedUntil <= now }

    private func times(from start: Int64) -> Times {
        Times(signsFrom: start, signsUntil: start + lifetime, publishedUntil: start + lifetime + tail)
    }
}
