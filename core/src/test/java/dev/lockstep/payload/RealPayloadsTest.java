package dev.lockstep.payload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Modality;
import dev.lockstep.model.Times;
import dev.lockstep.payload.MiniMcap.Channel;
import dev.lockstep.payload.MiniMcap.Message;
import dev.lockstep.testing.SharedData;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Payloads that real recorders wrote, and recordings with one known fault each.
class RealPayloadsTest {
  private static List<String> faultsOf(Path file) {
    List<String> faults = new ArrayList<>();
    Map<Channel, PayloadProfile> profiles = new HashMap<>();
    Map<Channel, Integer> counts = new HashMap<>();
    PayloadFacts facts = new PayloadFacts();
    for (Message message : MiniMcap.messages(file)) {
      PayloadProfile profile =
          profiles.computeIfAbsent(
              message.channel(),
              c -> {
                if (c.profile().schemaFault() != null) {
                  faults.add(c.topic() + " schema " + c.profile().schemaFault());
                }
                return c.profile();
              });
      int index = counts.merge(message.channel(), 1, Integer::sum) - 1;
      facts.reset();
      byte[] payload = message.payload();
      profile.reader().read(MemorySegment.ofArray(payload), 0, payload.length, facts);
      for (PayloadFacts.Fault fault : facts.faults()) {
        if (fault.kind() != DefectKind.IMAGE_WITHOUT_PICTURE) {
          faults.add(message.channel().topic() + " " + index + " " + fault.kind());
        }
      }
    }
    return faults;
  }

  @Test
  void findsNothingInWhatRecordersWrote() throws IOException {
    for (String folder : List.of("mcap-samples", "ros")) {
      try (Stream<Path> files = Files.walk(SharedData.path(folder))) {
        for (Path file : files.filter(f -> f.toString().endsWith(".mcap")).sorted().toList()) {
          assertThat(faultsOf(file)).as("%s", file).isEmpty();
        }
      }
    }
  }

  @Test
  void findsExactlyThePlantedFaultOfAPayload() {
    Map<String, String> expected =
        Map.of(
            "baseline.mcap", "",
            "S08_gap_1s_lidar.mcap", "",
            "S14_cdr_encapsulation.mcap", "/lidar 20 CDR_MALFORMED",
            "S16_cloud_nan.mcap", "/lidar 20 CLOUD_NOT_FINITE",
            "S18_jpeg_no_eoi.mcap", "/cam0 20 IMAGE_TRUNCATED",
            "S20_image_repeated.mcap", "",
            "S22_box_negative_size.mcap", "/labels 20 BOX_INVALID",
            "S24_empty_payload.mcap", "/lidar 20 PAYLOAD_EMPTY");
    expected.forEach((file, fault) ->
        assertThat(String.join(", ", faultsOf(SharedData.path("mcap-faults", file))))
            .as(file)
            .isEqualTo(fault));
  }

  @Test
  void readsStampsPointsAndBoxesOfASoundRecording() {
    List<Message> messages = MiniMcap.messages(SharedData.path("mcap-faults", "baseline.mcap"));
    Map<String, Modality> modalities = new HashMap<>();
    PayloadFacts facts = new PayloadFacts();
    facts.wantFrameId = true;
    for (Message message : messages) {
      PayloadProfile profile = message.channel().profile();
      modalities.put(message.channel().topic(), profile.modality());
      facts.reset();
      byte[] payload = message.payload();
      profile.reader().read(MemorySegment.ofArray(payload), 0, payload.length, facts);
      assertThat(profile.stamped()).isTrue();
      assertThat(facts.stampNs).isNotEqualTo(Times.NONE);
      assertThat(facts.frameId).isNotNull();
      if (profile.modality() == Modality.LIDAR) {
        assertThat(facts.points).isEqualTo(40);
        assertThat(facts.nonFinitePoints).isZero();
      }
      if (profile.modality() == Modality.LABELS) {
        assertThat(facts.boxes()).hasSize(1);
        assertThat(facts.boxes().getFirst().length()).isEqualTo(4.0);
      }
    }
    assertThat(modalities)
        .containsEntry("/lidar", Modality.LIDAR)
        .containsEntry("/cam0", Modality.CAMERA)
        .containsEntry("/labels", Modality.LABELS);
  }

  @Test
  void findsNothingInKittiImagesAndSweeps() throws IOException {
    PayloadFacts facts = new PayloadFacts();
    int seen = 0;
    try (Stream<Path> files = Files.walk(SharedData.path("kitti", "scalabel"))) {
      for (Path file : files.sorted().toList()) {
        String name = file.toString();
        if (!name.endsWith(".png") && !name.endsWith(".bin")) {
          continue;
        }
        PayloadFile kind = name.endsWith(".png") ? PayloadFile.PNG : PayloadFile.CLOUD_XYZI_F32;
        byte[] all = Files.readAllBytes(file);
        facts.reset();
        PayloadProfile.ofFile(kind).reader().read(MemorySegment.ofArray(all), 0, all.length, facts);
        assertThat(facts.faults()).as(name).isEmpty();
        if (kind == PayloadFile.CLOUD_XYZI_F32) {
          assertThat(facts.points).as(name).isGreaterThan(1000);
        }
        seen++;
      }
    }
    assertThat(seen).isPositive();
  }

  @Test
  void readsStampsFromEveryStampedProtobufMessage() {
    Path file = SharedData.path("mcap-samples", "px4_ulog_protobuf.mcap");
    PayloadFacts facts = new PayloadFacts();
    int messages = 0;
    for (Message message : MiniMcap.messages(file)) {
      facts.reset();
      byte[] payload = message.payload();
      PayloadProfile profile = message.channel().profile();
      profile.reader().read(MemorySegment.ofArray(payload), 0, payload.length, facts);
      assertThat(facts.stampNs != Times.NONE).isEqualTo(profile.stamped());
      messages++;
    }
    assertThat(messages).isGreaterThan(1000);
  }
}
