import GatehouseConfiguration
internal import HTTPWire
import NIOCore
import NIOPosix
import Testing

@testable import GatehouseOutgoing

struct OutgoingClientTests {
    @Test func `a whole answer is read`() async throws {
        let peer = try await Peer("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}")
        let answer = try await OutgoingClient().send(OutgoingRequest(.get, peer.address("/keys")))
        #expect(answer.status == 200)
        #expect(answer.body == Array("{}".utf8))
        #expect(peer.requests.first?.hasPrefix("GET /keys HTTP/1.1\r\nhost: 127.0.0.1:\(peer.port)\r\nconnection: close\r\n") == true)
    }

    @Test func `chunks and answers until the end of the connection are read`() async throws {
        let chunked = try await Peer("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n")
        #expect(try await OutgoingClient().send(OutgoingRequest(.get, chunked.address("/"))).body == Array("abc".utf8))
        let open = try await Peer("HTTP/1.1 200 OK\r\n\r\nabc")
        #expect(try await OutgoingClient().send(OutgoingRequest(.get, open.address("/"))).body == Array("abc".utf8))
    }

    @Test func `a form is sent escaped`() async throws {
        let peer = try await Peer("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
        _ = try await OutgoingClient().send(.form(peer.address("/token"), [("code", "a b&c"), ("redirect_uri", "https://x/ü")]))
        let sent = try #require(peer.requests.first)
        #expect(sent.hasSuffix("\r\n\r\ncode=a%20b%26c&redirect_uri=https%3A%2F%2Fx%2F%C3%BC"))
    }

    @Test(arguments: [
        ("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nabc", OutgoingError.Code.cutOff),
        ("nonsense\r\n\r\n", .malformed),
        ("HTTP/1.1 200 OK\r\ncontent-length: 2000\r\n\r\n" + String(repeating: "x", count: 2000), .tooLong),
    ])
    func `what is no whole short answer fails`(text: String, code: OutgoingError.Code) async throws {
        let peer = try await Peer(text)
        var request = try OutgoingRequest(.get, peer.address("/"))
        request.answerLimit = 1000
        let sent = request
        await #expect(throws: OutgoingError(code, "")) { try await OutgoingClient().send(sent) }
    }

    @Test func `a silent party is given up`() async throws {
        let peer = try await Peer("")
        var request = try OutgoingRequest(.get, peer.address("/"))
        request.timeout = .milliseconds(50)
        let sent = request
        await #expect(throws: OutgoingError(.timeout, "")) { try await OutgoingClient().send(sent) }
    }

    @Test func `a closed port is a failed connection`() async throws {
        let peer = try await Peer("")
        try await peer.channel.close()
        await #expect(throws: OutgoingError(.connection, "")) { try await OutgoingClient().send(OutgoingRequest(.get, peer.address("/"))) }
    }
}
