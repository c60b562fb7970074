"""Sends an MCAP file to `lockstep serve` and resumes until it is sealed (ingest/PROTOCOL.md).
usage: send.py FILE HOST PORT SESSION STREAM [TOKEN]"""
import contextlib, json, os, socket, sys, time

def crc32c(data):
    crc = 0xFFFFFFFF
    for bit in (byte >> i & 1 for byte in data for i in range(8)):
        crc = crc >> 1 ^ (0x82F63B78 if (crc ^ bit) & 1 else 0)
    return "%08x" % (crc ^ 0xFFFFFFFF)

def attempt(path, host, port, hello):
    with open(path, "rb") as file, socket.create_connection((host, port), 120) as link:
        link.sendall(b"MCAPIN/1 " + json.dumps(hello).encode() + b"\n")
        lines = link.makefile("rb")
        answer = json.loads(lines.readline())
        if answer["t"] == "ok":
            durable = answer["durable"]  # the server's answer is the truth
            tail_start = file.seek(max(0, durable - 65536))
            if crc32c(file.read(durable - tail_start)) != answer["tail_crc32c"]:
                return {"t": "err", "code": "diverged", "part": answer["part"]}
            with contextlib.suppress(OSError):  # where sending fails, a line may say why
                link.sendfile(file, durable)  # acks wait meanwhile; only the newest counts
        while answer["t"] not in ("done", "err"):
            answer = json.loads(lines.readline())
        return answer

path, host, port, *names = sys.argv[1:]
hello = dict(zip(("session", "stream", "token"), names), mode="spool", offset=0)
hello["size"] = os.path.getsize(path)
for _ in range(600):
    try:
        answer = attempt(path, host, port, hello)
    except (OSError, ValueError) as lost:  # for a while, or for good
        answer = {"code": "storage", "msg": str(lost), "retry_after_s": 0.2}
    print(json.dumps(answer))
    if answer.get("code") not in ("diverged", "gap", "quota", "storage"):
        break
    hello.update({"part": answer["part"] + 1} if answer["code"] == "diverged" else {})
    time.sleep(answer.get("retry_after_s", 0))
sys.exit(not answer.get("complete") or answer["durable"] != hello["size"])
