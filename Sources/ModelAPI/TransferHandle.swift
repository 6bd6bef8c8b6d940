import CCurl

/// The libcurl handles of one transfer. They are made, used and freed on one thread.
final class TransferHandle {
    private let easy: UnsafeMutableRawPointer
    private let multi: UnsafeMutableRawPointer
    private let headers: UnsafeMutablePointer<curl_slist>?
    private let intake: TransferInput

    private static let isLibraryReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    init(_ endpoint: Endpoint, body: [UInt8]?, limits: TransferLimits, intake: TransferInput) throws(ModelError) {
        guard Self.isLibraryReady, let easy = curl_easy_init() else {
            throw .connection("libcurl cannot be started")
        }
        guard let multi = curl_multi_init() else {
            curl_easy_cleanup(easy)
            throw .connection("libcurl cannot be started")
        }
        (self.easy, self.multi, self.intake) = (easy, multi, intake)
        var list: UnsafeMutablePointer<curl_slist>?
        for (name, value) in endpoint.allHeaders {
            // Without a value, libcurl omits a header that it would send by itself.
            list = curl_slist_append(list, value.isEmpty ? "\(name):" : "\(name): \(value)") ?? list
        }
        headers = list
        var failure = configure(endpoint, limits)
        set(body == nil ? CURLOPT_HTTPGET : CURLOPT_POST, number: 1, &failure)
        body?.withUnsafeBytes { bytes in
            set(CURLOPT_POSTFIELDSIZE_LARGE, large: bytes.count, &failure)
            let start = UnsafeMutableRawPointer(mutating: bytes.baseAddress)
            check(orchestrate_curl_set_pointer(easy, CURLOPT_COPYPOSTFIELDS, start), &failure)
        }
        connectCallbacks(&failure)
        if let failure { throw .connection(failure) }
    }

    deinit {
        curl_multi_remove_handle(multi, easy)
        curl_easy_cleanup(easy)
        curl_multi_cleanup(multi)
        curl_slist_free_all(headers)
    }

    private func configure(_ endpoint: Endpoint, _ limits: TransferLimits) -> String? {
        var failure: String?
        set(CURLOPT_URL, text: endpoint.url, &failure)
        check(orchestrate_curl_only_http(easy), &failure)
        // A redirect would send the key to its target.
        set(CURLOPT_FOLLOWLOCATION, number: 0, &failure)
        check(orchestrate_curl_set_list(easy, CURLOPT_HTTPHEADER, headers), &failure)
        // Timeouts by signals would affect the whole program.
        set(CURLOPT_NOSIGNAL, number: 1, &failure)
        set(CURLOPT_CONNECTTIMEOUT_MS, number: Int(max(1, limits.connect * 1000)), &failure)
        // A dead peer is detected after about a minute, even if the model takes longer to answer.
        set(CURLOPT_TCP_KEEPALIVE, number: 1, &failure)
        set(CURLOPT_TCP_KEEPIDLE, number: 30, &failure)
        set(CURLOPT_TCP_KEEPINTVL, number: 10, &failure)
        if let proxy = endpoint.proxy { set(CURLOPT_PROXY, text: proxy, &failure) }
        if let certificates = endpoint.certificates {
            set(CURLOPT_CAINFO, text: certificates, &failure)
            set(CURLOPT_PROXY_CAINFO, text: certificates, &failure)
        }
        return failure
    }

    private func connectCallbacks(_ failure: inout String?) {
        let context = Unmanaged.passUnretained(intake).toOpaque()
        check(
            orchestrate_curl_set_sink(easy, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
                TransferHandle.take(bytes, count: size * count, context: context) { $0.readHead(Array($1)) }
            }, &failure)
        check(orchestrate_curl_set_pointer(easy, CURLOPT_HEADERDATA, context), &failure)
        check(
            orchestrate_curl_set_sink(easy, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
                TransferHandle.take(bytes, count: size * count, context: context) { $0.readBody($1) }
            }, &failure)
        check(orchestrate_curl_set_pointer(easy, CURLOPT_WRITEDATA, context), &failure)
    }

    /// Passes bytes from libcurl to the reader.
    ///
    /// - Returns: the number of bytes taken. A number other than `count` ends the transfer.
    private static func take(
        _ bytes: UnsafeMutablePointer<CChar>?, count: Int, context: UnsafeMutableRawPointer?,
        read: (inout AnswerReader, UnsafeRawBufferPointer) -> Void
    ) -> Int {
        guard let context else { return 0 }
        let intake = Unmanaged<TransferInput>.fromOpaque(context).takeUnretainedValue()
        intake.last = .now
        read(&intake.reader, UnsafeRawBufferPointer(start: bytes, count: count))
        return intake.reader.isComplete ? 0 : count
    }

    private func set(_ option: CURLoption, text: String, _ failure: inout String?) {
        check(orchestrate_curl_set_text(easy, option, text), &failure)
    }

    private func set(_ option: CURLoption, number: Int, _ failure: inout String?) {
        check(orchestrate_curl_set_number(easy, option, number), &failure)
    }

    private func set(_ option: CURLoption, large: Int, _ failure: inout String?) {
        check(orchestrate_curl_set_large(easy, option, curl_off_t(large)), &failure)
    }

    private func check(_ code: CURLcode, _ failure: inout String?) {
        guard code != CURLE_OK, failure == nil else { return }
        failure = String(cString: curl_easy_strerror(code))
    }
}

extension TransferHandle {
    /// Milliseconds between two looks at the clock.
    private static let longestPoll: Int32 = 250

    /// Errors of a peer that disappears during the transfer, for every protocol.
    private static let broken: Set<UInt32> = [
        CURLE_GOT_NOTHING.rawValue, CURLE_RECV_ERROR.rawValue, CURLE_HTTP2.rawValue, CURLE_HTTP2_STREAM.rawValue,
    ]

    /// Runs the transfer.
    ///
    /// - Throws: `.connection`, `.silent`, `.tooSlow`, `.cutShort` or `.cancelled`. It is no error if the reader needs
    ///   no
    ///   more bytes.
    func perform(_ interruption: TransferCancellation, _ limits: TransferLimits) throws(ModelError) {
        guard curl_multi_add_handle(multi, easy) == CURLM_OK else { throw .connection("libcurl cannot begin") }
        interruption.watch(UInt(bitPattern: multi))
        defer { interruption.watch(nil) }
        let begun = ContinuousClock.now
        while true {
            if interruption.isInterrupted { throw .cancelled }
            var running: Int32 = 0
            let code = curl_multi_perform(multi, &running)
            guard code == CURLM_OK else { throw .connection(String(cString: curl_multi_strerror(code))) }
            if intake.reader.isComplete { return }
            if running == 0 { return try readResult() }
            try check(begun, limits)
            curl_multi_poll(multi, nil, 0, Self.longestPoll, nil)
        }
    }

    private func check(_ begun: ContinuousClock.Instant, _ limits: TransferLimits) throws(ModelError) {
        let now = ContinuousClock.now
        if now - begun > .seconds(limits.total) { throw .tooSlow(limits.total) }
        let limit = intake.last == nil ? limits.firstByte : limits.idle
        if now - (intake.last ?? begun) > .seconds(limit) { throw .silent(limit) }
    }

    private func readResult() throws(ModelError) {
        var waiting: Int32 = 0
        guard let message = curl_multi_info_read(multi, &waiting) else { return }
        let code = orchestrate_curl_result(message)
        switch code {
        case CURLE_OK: return
        // The head was complete and the stream had started: only the rest is missing.
        case CURLE_PARTIAL_FILE: throw .cutShort
        case _ where intake.last != nil && Self.broken.contains(code.rawValue): throw .cutShort
        default: throw .connection(String(cString: curl_easy_strerror(code)))
        }
    }
}
