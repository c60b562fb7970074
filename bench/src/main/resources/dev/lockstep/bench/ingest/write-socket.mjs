// Records over a socket with the writer of @mcap/core: node write-socket.mjs HOST PORT SESSION STREAM MESSAGES
import { McapWriter } from "@mcap/core";
import { once } from "node:events";
import { connect } from "node:net";

const [host, port, session, stream, count] = process.argv.slice(2);
const socket = connect({ host, port: Number(port) });
await once(socket, "connect");
const hello = { session, stream, mode: "live" };
socket.write(`MCAPIN/1 ${JSON.stringify(hello)}\n`);

let written = 0n;
const writer = new McapWriter({
  useChunks: true,
  useStatistics: true,
  writable: {
    position: () => written,
    write: async (bytes) => {
      written += BigInt(bytes.byteLength);
      if (!socket.write(bytes)) {
        await once(socket, "drain");
      }
    },
  },
});
await writer.start({ profile: "", library: "write-socket" });
const schemaId = await writer.registerSchema({
  name: "Level",
  encoding: "jsonschema",
  data: new TextEncoder().encode('{"type":"object","properties":{"level":{"type":"integer"}}}'),
});
const channelId = await writer.registerChannel({
  topic: "/level",
  schemaId,
  messageEncoding: "json",
  metadata: new Map(),
});
for (let i = 0; i < Number(count); i++) {
  const time = 1_700_000_000_000_000_000n + BigInt(i) * 10_000_000n;
  const data = new TextEncoder().encode(JSON.stringify({ level: i }));
  await writer.addMessage({ channelId, sequence: i, logTime: time, publishTime: time, data });
}
await writer.end();

let text = "";
for await (const piece of socket) {
  text += piece;
  if (text.includes('"t":"done"') || text.includes('"t":"err"')) {
    break;
  }
}
console.log(text.trimEnd().split("\n").at(-1));
socket.destroy();
