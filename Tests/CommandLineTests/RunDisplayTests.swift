import Foundation
import Model
import Testing

@testable import CommandLine

@Suite(.timeLimit(.minutes(2)))
struct RunDisplayTests {
    private let tasks = SampleEvents.tasks([("a", []), ("b", [])])

    private func begin(_ display: RunDisplay, leftovers: Int = 0) throws {
        let events = [SampleEvents.event(try SampleEvents.started(tasks))]
        display.began(SampleEvents.run, tasks: tasks, events: events, leftovers: leftovers)
    }

    @Test func `each event becomes a line, with what landed counted`() throws {
        let pipe = ScratchPipe()
        let display = RunDisplay(.lines, descriptor: pipe.writer, clockOffset: 0)
        try begin(display, leftovers: 2)
        display.happened([SampleEvents.event(try SampleEvents.landed("a"))], counts: [:])
        display.happened([SampleEvents.event(SampleEvents.start("b"))], counts: [:])
        #expect(display.end() == 0)
        pipe.closeWriter()
        let lines = pipe.readAll().split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.first == "note: ended 2 processes that an earlier orchestrate had left running")
        #expect(lines.last?.hasSuffix("landed            a  \(try SampleEvents.object(0xabc).short)  (1/2)") == true)
    }

    @Test func `quiet shows nothing`() throws {
        let pipe = ScratchPipe()
        let display = RunDisplay(.quiet, descriptor: pipe.writer, clockOffset: 0)
        try begin(display, leftovers: 2)
        display.happened([SampleEvents.event(try SampleEvents.landed("a"))], counts: [:])
        #expect(display.end() == 0)
        pipe.closeWriter()
        #expect(pipe.readAll().isEmpty)
    }

    @Test func `with JSON each event is a line, from the start of the run`() throws {
        let pipe = ScratchPipe()
        let display = RunDisplay(.json, descriptor: pipe.writer, clockOffset: 0)
        try begin(display)
        display.happened([SampleEvents.event(try SampleEvents.landed("a"))], counts: [.landed: 1])
        #expect(display.end() == 0)
        pipe.closeWriter()
        let lines = pipe.readAll().split(separator: "\n").map(String.init)
        #expect(lines.count == 2)
        #expect(lines.first?.contains("\"event\":\"run-started\"") == true)
        #expect(lines.last?.contains("\"event\":\"landed\"") == true)
        for line in lines { #expect((try? JSONSerialization.jsonObject(with: Data(line.utf8))) != nil) }
    }

    @Test func `without a terminal to take, a live display prints lines`() throws {
        let pipe = ScratchPipe()
        let display = RunDisplay(.live, descriptor: pipe.writer, clockOffset: 0)
        try begin(display)
        display.happened([SampleEvents.event(try SampleEvents.landed("a"))], counts: [.landed: 1])
        _ = display.end()
        pipe.closeWriter()
        #expect(pipe.readAll().contains("landed            a"))
    }

    @Test func `a pipe that nobody reads does not hold up the coordinator`() throws {
        let pipe = ScratchPipe()
        pipe.fill()
        let display = RunDisplay(.lines, descriptor: pipe.writer, clockOffset: 0)
        try begin(display)
        let event = SampleEvents.event(try SampleEvents.landed("a"))
        for _ in 0..<20_000 { display.happened([event], counts: [:]) }
        display.entered(.working, task: TaskID("b"))
    }
}
