"""An SMSC of bare bytes: what the gateway says to it, PDU by PDU."""
import socket
import struct

RESPONSE, BIND, SUBMIT, DELIVER, ENQUIRE, NACK = 1 << 31, 9, 4, 5, 0x15, 1 << 31


def pdu(command, sequence, body=b"", status=0):
    return struct.pack(">IIII", 16 + len(body), command, status, sequence) + body


class Raw:
    """One connection of the gateway, byte by byte."""

    def __init__(self, server):
        self.s = server.accept()[0]
        self.s.settimeout(20)
        self.s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def exactly(self, n):
        got = b""
        while len(got) < n:
            more = self.s.recv(n - len(got))
            if not more:
                raise EOFError
            got += more
        return got

    def read(self, *commands):
        """The next PDU of these commands; questions whether we live are answered."""
        while True:
            length, command, status, sequence = struct.unpack(">IIII", self.exactly(16))
            body = self.exactly(length - 16)
            if command == ENQUIRE:
                self.s.sendall(pdu(ENQUIRE | RESPONSE, sequence))
            elif command in commands:
                return command, status, sequence, body

    def bind(self, piecemeal=False):
        sequence = self.read(BIND)[2]
        answer = pdu(BIND | RESPONSE, sequence, b"SMSC\0")
        for i in range(len(answer)) if piecemeal else ():
            self.s.sendall(answer[i:i + 1])
        if not piecemeal:
            self.s.sendall(answer)
