package dev.lockstep.payload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lockstep.model.DefectKind;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Nothing in a message or a schema may make a reader throw, or read a byte outside of the message:
/// each message fills its segment to the last byte, where reading on is an error.
class PayloadFuzzTest {
  private static final int ROUNDS = 4000;

  @SuppressWarnings("ArrayRecordComponent") // nobody compares these
  private record Sample(String name, PayloadProfile profile, byte[] message) {}

  private static List<Sample> samples() {
    List<Sample> samples = new ArrayList<>();
    PayloadProfile cloud = Payloads.ros("sensor_msgs/msg/PointCloud2", Payloads.POINT_CLOUD);
    float[] points = {1, 2, 3, 4, 5, 6, Float.NaN, 8, 9};
    for (int kind : new int[] {0, 1, 6, 7}) {
      samples.add(new Sample("cloud " + kind, cloud, CdrWriter.cloud(kind, points, 36, true)));
    }
    PayloadProfile image =
        Payloads.ros(
            "sensor_msgs/msg/CompressedImage",
            "std_msgs/Header header\nstring format\nuint8[] data");
    samples.add(new Sample("jpeg", image, image("jpeg", JpegTest.jpeg(12, 9, false))));
    samples.add(new Sample("progressive", image, image("jpeg", JpegTest.jpeg(12, 9, true))));
    samples.add(new Sample("png", image, image("png", PngTest.png(9, 7))));
    byte[] depth = new byte[12 + PngTest.png(5, 5).length];
    System.arraycopy(PngTest.png(5, 5), 0, depth, 12, depth.length - 12);
    samples.add(new Sample("depth", image, image("16UC1; compressedDepth", depth)));
    PayloadProfile video =
        Payloads.ros(
            "foxglove_msgs/msg/CompressedVideo",
            "builtin_interfaces/Time timestamp\nstring frame_id\nuint8[] data\nstring format");
    byte[] frame = {
      0, 0, 0, 1, 0x67, 1, 2, 0, 0, 1, 0x68, 3, 0, 0, 1, 0x65, 4, 0, 0, 3, 1, 9, 9, 9
    };
    for (String format : List.of("h264", "h265", "av1")) {
      byte[] message = new CdrWriter().header(1, 2, "c").bytes(frame).text(format).done();
      samples.add(new Sample("video " + format, video, message));
    }
    PayloadProfile json =
        PayloadProfile.of(
            "/labels",
            "json",
            "a.B",
            "jsonschema",
            "{\"type\":\"object\",\"properties\":{\"n\":{\"type\":\"integer\"}}}"
                .getBytes(StandardCharsets.UTF_8));
    samples.add(
        new Sample(
            "json",
            json,
            ("{\"timestamp\":{\"sec\":1,\"nsec\":2},\"n\":3,\"objects\":[{\"id\":1,\"class\":\"car\","
                 + "\"center\":[1,2,3],\"size\":[4,5,6],\"yaw\":0.1,\"bbox\":[1,2,3,4]}]}")
                .getBytes(StandardCharsets.UTF_8)));
    samples.add(
        new Sample("sweep file", PayloadProfile.ofFile(PayloadFile.CLOUD_XYZI_F32), new byte[64]));
    return samples;
  }

  private static byte[] image(String format, byte[] data) {
    return new CdrWriter().header(1, 2, "cam").text(format).bytes(data).done();
  }

  private static byte[] mutated(byte[] message, Random random) {
    byte[] bad = message.clone();
    int changes = 1 + random.nextInt(4);
    for (int i = 0; i < changes; i++) {
      int at = random.nextInt(bad.length);
      switch (random.nextInt(5)) {
        case 0 -> bad[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> bad[at] = (byte) random.nextInt();
        case 2 -> Arrays.fill(bad, at, Math.min(bad.length, at + 4), (byte) -random.nextInt(2));
        case 3 -> bad = Arrays.copyOf(bad, Math.max(1, at));
        default -> {
          int from = random.nextInt(bad.length);
          int length = random.nextInt(Math.min(bad.length - from, bad.length - at) + 1);
          System.arraycopy(bad, from, bad, at, length);
        }
      }
    }
    return bad;
  }

  @Test
  void readsAnyMessageWithoutAnExceptionAndWithinItsBounds() {
    PayloadFacts facts = new PayloadFacts();
    for (Sample sample : samples()) {
      for (long seed = 1; seed <= ROUNDS; seed++) {
        byte[] bad = mutated(sample.message, new Random(seed));
        facts.reset();
        facts.wantFrameId = true;
        try (Arena arena = Arena.ofConfined()) {
          MemorySegment bytes = arena.allocate(bad.length);
          bytes.copyFrom(MemorySegment.ofArray(bad));
          sample.profile.reader().read(bytes, 0, bad.length, facts);
        } catch (RuntimeException | StackOverflowError e) {
          throw new AssertionError(sample.name + ", seed " + seed, e);
        }
        assertThat(facts.faults().size()).as("%s, seed %d", sample.name, seed).isLessThan(4);
        for (PayloadFacts.Fault fault : facts.faults()) {
          boolean declared =
              sample.profile.examined().contains(fault.kind())
                  || fault.kind() == DefectKind.LABEL_MALFORMED;
          assertThat(declared).as("%s, seed %d: %s", sample.name, seed, fault).isTrue();
        }
      }
    }
  }

  @Test
  void parsesAnySchemaWithoutAnException() {
    byte[] idl =
        "module a { module msg { typedef double D3[3]; const long N = 3; struct B : C { D3 x; sequence<string<5>, N> s; }; struct C { octet o[N]; }; }; };"
            .getBytes(StandardCharsets.UTF_8);
    byte[] schema =
        "{\"properties\":{\"a\":{\"$ref\":\"#/definitions/b\",\"pattern\":\"^a+$\",\"minimum\":3}},\"definitions\":{\"b\":{\"type\":[\"string\",\"null\"]}}}"
            .getBytes(StandardCharsets.UTF_8);
    byte[] msg = Payloads.POINT_CLOUD.getBytes(StandardCharsets.UTF_8);
    byte[] proto =
        com.google.protobuf.DescriptorProtos.FileDescriptorSet.newBuilder()
            .addFile(com.google.protobuf.TimestampProto.getDescriptor().toProto())
            .build()
            .toByteArray();
    byte[] message = "{\"a\":\"aaa\"}".getBytes(StandardCharsets.UTF_8);
    for (long seed = 1; seed <= ROUNDS; seed++) {
      Random random = new Random(seed);
      try {
        for (PayloadProfile profile :
            List.of(
                PayloadProfile.of("t", "cdr", "a/msg/B", "ros2idl", mutated(idl, random)),
                PayloadProfile.of(
                    "t", "cdr", "sensor_msgs/msg/PointCloud2", "ros2msg", mutated(msg, random)),
                PayloadProfile.of("t", "json", "a", "jsonschema", mutated(schema, random)),
                PayloadProfile.of(
                    "t",
                    "protobuf",
                    "google.protobuf.Timestamp",
                    "protobuf",
                    mutated(proto, random)))) {
          Payloads.read(profile, message);
        }
      } catch (RuntimeException | StackOverflowError e) {
        throw new AssertionError("seed " + seed, e);
      }
    }
  }
}
