import Foundation
import TestSupport
import Testing

/// The official Python client of the Model Context Protocol talks to `orchestrate mcp`.
@Suite(.ownThreads) struct MCPClientTests {
    private static let client = """
        import asyncio, os, sys
        from mcp import ClientSession, StdioServerParameters
        from mcp.client.stdio import stdio_client

        async def main():
            server = StdioServerParameters(
                command=sys.argv[1], args=["mcp"], env={"ORCHESTRATE_JOB": sys.argv[2], "PATH": os.environ["PATH"]})
            async with stdio_client(server) as (reading, writing):
                async with ClientSession(reading, writing) as session:
                    await session.initialize()
                    await session.send_ping()
                    tools = await session.list_tools()
                    print("tools", " ".join(sorted(tool.name for tool in tools.tools)))
                    sent = await session.call_tool("send_message", {"kind": "lesson", "body": "from the client"})
                    print("sent", sent.content[0].text)
                    read = await session.call_tool("read_messages", {})
                    print("read", read.content[0].text)
                    info = await session.call_tool("task_info", {})
                    print("info", info.content[0].text)
                    bad = await session.call_tool("ask", {})
                    print("bad", bad.content[0].text)
                    try:
                        await session.call_tool("no_such_tool", {})
                    except Exception as error:
                        print("unknown", type(error).__name__)

        asyncio.run(main())
        """

    @Test func `the official client understands it`() throws {
        let directory = try ScratchDirectory("mcp-client")
        let environment = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": directory.path,
            "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_CACHE_DIR": directory.appending("cache"),
        ].merging(ProcessInfo.processInfo.environment.filter { $0.key.hasPrefix("PIP_") || $0.key.hasPrefix("SSL_") }) {
            $1
        }
        let install = try run(
            "/bin/sh",
            ["-c", "python3 -m venv venv && venv/bin/pip --quiet --retries 1 --timeout 15 install mcp"],
            in: directory.path, environment: environment, input: [])
        guard install.status == 0 else {
            FileHandle.standardError.write(
                Data("skipped: the client cannot be had from PyPI: \(install.errorText.suffix(300))\n".utf8))
            return
        }
        try directory.makeDirectory("job/outbox")
        try directory.makeDirectory("job/inbox")
        try #"{"task":"a.py"}"#.write(
            toFile: directory.appending("job/job.json"), atomically: true, encoding: .utf8)
        try Self.client.write(toFile: directory.appending("client.py"), atomically: true, encoding: .utf8)
        let result = try run(
            directory.appending("venv/bin/python"),
            [directory.appending("client.py"), Workshop.program, directory.appending("job")], in: directory.path,
            environment: environment, input: [])
        #expect(result.status == 0, "\(result.errorText)")
        let lines = result.text.split(separator: "\n").map(String.init)
        #expect(lines.contains("tools ask check graph_neighbours read_messages search_messages send_message task_info"))
        #expect(lines.contains("sent sent") && lines.contains("read no new messages"))
        #expect(lines.contains(#"info {"task":"a.py"}"#) && lines.contains("bad 'body' is missing"))
        let sent = try FileManager.default.contentsOfDirectory(atPath: directory.appending("job/outbox"))
        #expect(sent.count == 1)
    }
}
