package dev.lockstep.source.mp4;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.lockstep.model.MessageBatch;
import dev.lockstep.testing.ReaderDriver;
import dev.lockstep.testing.SharedData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class Mp4SharedDataTest {
  @Test
  void dump() throws IOException {
    try (var files = java.nio.file.Files.walk(SharedData.path("video"))) {
      for (Path file : files.filter(java.nio.file.Files::isRegularFile).sorted().toList()) {
        if (!new Mp4Format().match(dev.lockstep.source.Probe.of(file)).claimed()) {
          System.out.println("not claimed " + file.getFileName());
          continue;
        }
        ReaderDriver.Read read = new ReaderDriver(new Mp4Format()).read(file);
        System.out.println("== " + file.subpath(5, file.getNameCount()));
        read.streams().forEach(s -> System.out.println("   " + s.name() + " " + s.encoding() + " " + read.messages(s.id()).size()));
        read.defects().stream().limit(12).forEach(d -> System.out.println("   " + d.severity() + " " + d.kind() + " " + dev.lockstep.report.FindingText.evidence(d.evidence()) + " @ " + dev.lockstep.report.FindingText.place(d.location())));
        read.notes().forEach(n -> System.out.println("   note " + n));
      }
    }
  }
}
