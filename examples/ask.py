#!/usr/bin/env python3
# ask.py SOCKET PROTOCOL MESSAGE [WORD ...]: sends one SCMI command and prints the reply as 32-bit words.
import socket, struct, sys

path, protocol, message, *words = sys.argv[1:]
header = int(protocol, 0) << 10 | int(message, 0)          # token 0, type 0: a command
command = struct.pack("<I", header) + b"".join(struct.pack("<I", int(word, 0)) for word in words)

def exactly(count):
    data = b""
    while len(data) < count:
        part = s.recv(count - len(data))
        if not part:
            sys.exit("the service closed the connection")
        data += part
    return data

with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as s:
    s.settimeout(5)
    s.connect(path)
    s.sendall(struct.pack("<I", len(command)) + command)
    length, = struct.unpack("<I", exactly(4))
    reply = exactly(length)
    for at in range(0, length - length % 4, 4):
        print("0x%08x" % struct.unpack_from("<I", reply, at))
