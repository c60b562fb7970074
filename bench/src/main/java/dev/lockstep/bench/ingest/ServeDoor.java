package dev.lockstep.bench.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.wire.ServerLine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;

/// `lockstep serve`: each recording is sent in pieces of random size over connections that end at
/// random places, to a server in a process of its own.
///
/// The store calls the file `00000.mcap`, and findings carry that name: only recordings of this
/// name can be compared.
public final class ServeDoor implements Door {
  /// What the first part of a stream is called.
  public static final String FILE = "00000.mcap";

  @Override
  public String name() {
    return "serve";
  }

  @Override
  public Map<String, List<String>> findings(List<Source> drives, long seed, Path scratch)
      throws IOException {
    Map<String, List<String>> found = new TreeMap<>();
    Random random = new Random(seed);
    Path store = scratch.resolve("store");
    try (ServerProcess server = ServerProcess.start(store, null)) {
      for (Source drive : drives) {
        String session = "d" + found.size();
        send(server, session, Files.readAllBytes(drive.path()), random);
        found.put(drive.name(), verdict(store, session));
      }
    }
    return found;
  }

  private static void send(ServerProcess server, String session, byte[] content, Random random)
      throws IOException {
    String size = ",\"size\":" + content.length;
    long durable = 0;
    while (true) {
      try (Line line = new Line(server.port())) {
        ServerLine answer = line.hello(session, "spool", durable, content, size);
        if (answer.type().equals("done")) {
          return;
        }
        if (!answer.type().equals("ok")) {
          throw new IOException("refused: " + answer);
        }
        int at = (int) answer.durable();
        int end = Math.min(content.length, at + 1 + random.nextInt(content.length));
        while (at < end) {
          int count = Math.min(end - at, 1 + random.nextInt(100_000));
          line.send(content, at, count);
          at += count;
        }
        ServerLine next = answer;
        while (next.durable() < end) {
          next = line.next();
        }
        durable = end;
        while (end == content.length && !next.type().equals("done")) {
          next = line.next();
        }
      }
    }
  }

  private static List<String> verdict(Path store, String session) throws IOException {
    ObjectMapper json = new ObjectMapper();
    try (Stream<Path> streams = Files.list(store.resolve("streams"))) {
      for (Path folder : streams.toList()) {
        String name = json.readTree(folder.resolve("stream.json").toFile()).get("session").asText();
        if (name.equals(session)) {
          List<String> lines = new ArrayList<>();
          JsonNode verdict = json.readTree(folder.resolve(FILE + ".verdict.json").toFile());
          for (JsonNode finding : verdict.get("findings")) {
            lines.add(Findings.ofJson(json.writeValueAsString(finding)));
          }
          lines.sort(null);
          return lines;
        }
      }
    }
    throw new IOException("no stream of session " + session);
  }
}
