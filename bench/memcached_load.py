"""A fixed load for memcached over loopback: two connections, requests in batches, every answer counted."""
import hashlib
import socket
import time

import subjects

PORT = 21711
ARGUMENTS = ("-t", "2", "-u", "root", "-U", "0", "-l", "127.0.0.1", "-p", str(PORT), "-m", "256")
CONNECTIONS = 2
BATCH = 200
BATCHES = 1500
KEYS = 5000


def batch_of(number):
    """One write's worth of requests and the number of answers' ends it brings: nine reads for a write."""
    keys = [(number * BATCH + i) * 7919 % KEYS for i in range(BATCH)]
    words = [f"set key{key} 0 0 100\r\n{key:0100}\r\n" if i % 10 == 0 else f"get key{key}\r\n"
             for i, key in enumerate(keys)]
    return "".join(words).encode(), sum(i % 10 == 0 for i in range(BATCH))


def read_answers(connection, sets):
    """The number of values among the answers to a batch."""
    received = b""
    while received.count(b"STORED\r\n") + received.count(b"END\r\n") < BATCH:
        part = connection.recv(1 << 18)
        if not part:
            raise OSError("the server closed the connection")
        received += part
    if received.count(b"STORED\r\n") != sets:
        raise OSError(f"unexpected answer: {received[:60]!r}")
    return received.count(b"VALUE ")


def connect():
    connection = socket.create_connection(("127.0.0.1", PORT), timeout=30)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def answers():
    try:
        connect().close()
        return True
    except OSError:
        return False


def drive(scale):
    """(digest of the answers' counts, seconds). Every key is set first, so that every read finds a value."""
    subjects.wait_for(answers, 20)
    connections = [connect() for _ in range(CONNECTIONS)]
    for start in range(0, KEYS, BATCH):
        keys = range(start, start + BATCH)
        connections[0].sendall("".join(f"set key{key} 0 0 100\r\n{key:0100}\r\n" for key in keys).encode())
        read_answers(connections[0], BATCH)
    begun = time.monotonic()
    values = 0
    for number in range(max(1, int(BATCHES * scale))):
        sent = [batch_of(number * CONNECTIONS + i) for i in range(CONNECTIONS)]
        for connection, (words, _) in zip(connections, sent):
            connection.sendall(words)
        values += sum(read_answers(connection, sets) for connection, (_, sets) in zip(connections, sent))
    seconds = time.monotonic() - begun
    for connection in connections:
        connection.close()
    return hashlib.sha256(str(values).encode()).hexdigest(), seconds
