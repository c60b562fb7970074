"""Sends an MCAP file to `lockstep serve` and resumes until it is sealed (ingest/PROTOCOL.md).
usage: send.py FILE HOST PORT SESSION STREAM [TOKEN]"""
import json, os, socket, sys, time

TABLE = []
for n in range(256):
    for _ in range(8):
        n = n >> 1 ^ (0x82F63B78 if n & 1 else 0)
    TABLE.append(n)

def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = crc >> 8 ^ TABLE[(crc ^ byte) & 255]
    return "%08x" % (crc ^ 0xFFFFFFFF)

def attempt(file, size, host, port, hello):
    with socket.create_connection((host, int(port)), 10) as link:
        link.settimeout(120)
        link.sendall(b"MCAPIN/1 " + json.dumps(hello).encode() + b"\n")
        lines = link.makefile("rb")
        answer = json.loads(lines.readline())
        if answer["t"] == "ok":
            durable = answer["durable"]  # the server's answer is the truth
            file.seek(max(0, durable - 65536))
            if durable > size or crc32c(file.read(min(durable, 65536))) != answer["tail_crc32c"]:
                return {"t": "err", "code": "diverged", "part": answer["part"], "msg": "other bytes"}
            link.sendfile(file, durable)  # acks wait meanwhile; the newest is all that counts
        while answer["t"] not in ("done", "err"):
            answer = json.loads(lines.readline())
        return answer

def main(path, host, port, session, stream, token=None):
    size = os.path.getsize(path)
    hello = {"session": session, "stream": stream, "mode": "spool", "offset": 0, "size": size}
    hello.update({"token": token} if token else {})
    deadline = time.time() + 120
    while time.time() < deadline:
        try:
            with open(path, "rb") as file:
                answer = attempt(file, size, host, port, hello)
        except (OSError, ValueError) as problem:
            answer = {"t": "err", "code": "storage", "msg": str(problem), "retry_after_s": 0.2}
        print(json.dumps(answer))
        if answer["t"] == "done":
            return 0 if answer["complete"] and answer["durable"] == size else 1
        if answer["code"] == "diverged":
            hello["part"] = answer["part"] + 1
        elif answer["code"] not in ("gap", "quota", "storage"):
            return 1
        time.sleep(answer.get("retry_after_s", 0))
    return 1

sys.exit(main(*sys.argv[1:]))
