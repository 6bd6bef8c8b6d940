package import Model

/// Times and durations as people read them.
package enum TimeText {
    /// `2.1 s`, `1 m 05 s`, `2 h 03 m`; a negative duration, as after the clock was set back, counts as zero.
    package static func span(_ seconds: Double) -> String {
        let seconds = seconds.isFinite ? max(0, seconds) : 0
        let tenths = (seconds * 10).whole
        if tenths < 600 { return "\(tenths / 10).\(tenths % 10) s" }
        let whole = seconds.whole
        if whole < 3600 { return "\(whole / 60) m \(twoDigits(whole % 60)) s" }
        return "\(whole / 3600) h \(twoDigits(whole / 60 % 60)) m"
    }

    /// Like `span`, without tenths, which would flicker in a live picture.
    static func age(_ seconds: Double) -> String {
        let seconds = seconds.isFinite ? max(0, seconds) : 0
        return seconds < 59.5 ? "\(seconds.whole) s" : span(seconds)
    }

    /// An estimate in minutes: `a minute`, `12 m`, `2 h 05 m`.
    static func about(_ seconds: Double) -> String {
        let minutes = (max(0, seconds) / 60).rounded(.up).whole
        if minutes <= 1 { return "a minute" }
        return minutes < 60 ? "\(minutes) m" : "\(minutes / 60) h \(twoDigits(minutes % 60)) m"
    }

    /// `12:03:05` on a clock that is `offset` seconds ahead of UTC.
    package static func clock(_ time: Timestamp, offset: Int) -> String {
        let day = 86_400
        let whole = time.seconds.rounded(.down).whole + offset
        let second = (whole % day + day) % day
        return "\(twoDigits(second / 3600)):\(twoDigits(second / 60 % 60)):\(twoDigits(second % 60))"
    }

    private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
