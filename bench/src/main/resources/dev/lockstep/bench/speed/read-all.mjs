// Reads every message of an MCAP file from front to back with all checksums on: node read-all.mjs FILE
import { McapStreamReader } from "@mcap/core";
import { loadDecompressHandlers } from "@mcap/support";
import { createReadStream } from "node:fs";

const reader = new McapStreamReader({
  decompressHandlers: await loadDecompressHandlers(),
  validateCrcs: true,
});
let messages = 0;
for await (const piece of createReadStream(process.argv[2], { highWaterMark: 4 << 20 })) {
  reader.append(piece);
  for (let record; (record = reader.nextRecord()); ) {
    if (record.type === "Message") {
      messages++;
    }
  }
}
console.log(messages);
