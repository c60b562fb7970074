package dev.lockstep.payload;

import static dev.lockstep.payload.Payloads.faults;
import static dev.lockstep.payload.Payloads.read;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import com.google.protobuf.TimestampProto;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Modality;
import dev.lockstep.model.Times;
import dev.lockstep.report.FindingText;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// Messages are written by the protobuf library, which knows nothing of the reader.
class ProtoReaderTest {
  private static FieldDescriptorProto field(
      int number, String name, FieldDescriptorProto.Type type) {
    return FieldDescriptorProto.newBuilder()
        .setNumber(number)
        .setName(name)
        .setType(type)
        .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL)
        .build();
  }

  private static FieldDescriptorProto field(
      int number, String name, String type, FieldDescriptorProto.Label label) {
    return FieldDescriptorProto.newBuilder()
        .setNumber(number)
        .setName(name)
        .setType(FieldDescriptorProto.Type.TYPE_MESSAGE)
        .setTypeName(type)
        .setLabel(label)
        .build();
  }

  private static final FileDescriptorProto FILE =
      FileDescriptorProto.newBuilder()
          .setName("foxglove.proto")
          .setPackage("foxglove")
          .setSyntax("proto3")
          .addDependency("google/protobuf/timestamp.proto")
          .addEnumType(
              EnumDescriptorProto.newBuilder()
                  .setName("Num")
                  .addValue(EnumValueDescriptorProto.newBuilder().setName("UNKNOWN").setNumber(0))
                  .addValue(EnumValueDescriptorProto.newBuilder().setName("FLOAT32").setNumber(7)))
          .addMessageType(
              DescriptorProto.newBuilder()
                  .setName("PackedElementField")
                  .addField(field(1, "name", FieldDescriptorProto.Type.TYPE_STRING))
                  .addField(field(2, "offset", FieldDescriptorProto.Type.TYPE_FIXED32))
                  .addField(
                      field(3, "type", FieldDescriptorProto.Type.TYPE_ENUM).toBuilder()
                          .setTypeName(".foxglove.Num")))
          .addMessageType(
              DescriptorProto.newBuilder()
                  .setName("PointCloud")
                  .addField(
                      field(
                          1,
                          "timestamp",
                          ".google.protobuf.Timestamp",
                          FieldDescriptorProto.Label.LABEL_OPTIONAL))
                  .addField(field(2, "frame_id", FieldDescriptorProto.Type.TYPE_STRING))
                  .addField(field(4, "point_stride", FieldDescriptorProto.Type.TYPE_FIXED32))
                  .addField(
                      field(
                          5,
                          "fields",
                          ".foxglove.PackedElementField",
                          FieldDescriptorProto.Label.LABEL_REPEATED))
                  .addField(field(6, "data", FieldDescriptorProto.Type.TYPE_BYTES))
                  .addField(
                      field(7, "extra", FieldDescriptorProto.Type.TYPE_INT64).toBuilder()
                          .setLabel(FieldDescriptorProto.Label.LABEL_REPEATED)))
          .addMessageType(
              DescriptorProto.newBuilder()
                  .setName("Wrapped")
                  .addField(
                      field(
                          1,
                          "header",
                          ".foxglove.PointCloud",
                          FieldDescriptorProto.Label.LABEL_OPTIONAL))
                  .addField(field(2, "speed", FieldDescriptorProto.Type.TYPE_DOUBLE)))
          .build();

  private static final FileDescriptorSet SET =
      FileDescriptorSet.newBuilder()
          .addFile(TimestampProto.getDescriptor().toProto())
          .addFile(FILE)
          .build();

  private static PayloadProfile profile(String name, byte[] schema) {
    return PayloadProfile.of("/t", "protobuf", name, "protobuf", schema);
  }

  private static final PayloadProfile CLOUD = profile("foxglove.PointCloud", SET.toByteArray());

  private static Descriptor type(String name) {
    try {
      return FileDescriptor.buildFrom(FILE, new FileDescriptor[] {TimestampProto.getDescriptor()})
          .findMessageTypeByName(name);
    } catch (DescriptorValidationException e) {
      throw new AssertionError(e);
    }
  }

  private static DynamicMessage.Builder cloud(long seconds, int nanos, byte[] data) {
    Descriptor type = type("PointCloud");
    Descriptor element = type("PackedElementField");
    DynamicMessage.Builder message =
        DynamicMessage.newBuilder(type)
            .setField(
                type.findFieldByName("timestamp"),
                Timestamp.newBuilder().setSeconds(seconds).setNanos(nanos).build())
            .setField(type.findFieldByName("frame_id"), "lidar")
            .setField(type.findFieldByName("point_stride"), 12)
            .setField(type.findFieldByName("data"), ByteString.copyFrom(data))
            .addRepeatedField(type.findFieldByName("extra"), 5L)
            .addRepeatedField(type.findFieldByName("extra"), -5L);
    String[] names = {"x", "y", "z"};
    for (int i = 0; i < 3; i++) {
      message.addRepeatedField(
          type.findFieldByName("fields"),
          DynamicMessage.newBuilder(element)
              .setField(element.findFieldByName("name"), names[i])
              .setField(element.findFieldByName("offset"), 4 * i)
              .setField(
                  element.findFieldByName("type"),
                  element.findFieldByName("type").getEnumType().findValueByNumber(7))
              .build());
    }
    return message;
  }

  private static byte[] sound() {
    byte[] points = CdrWriter.floats(1, 1, 2, 3, Float.NaN, 5, 6);
    return cloud(1_750_000_000L, 7, points).build().toByteArray();
  }

  @Test
  void readsAPointCloud() {
    PayloadFacts facts = read(CLOUD, sound());
    assertThat(CLOUD.modality()).isEqualTo(Modality.LIDAR);
    assertThat(CLOUD.stamped()).isTrue();
    assertThat(CLOUD.schemaFault()).isNull();
    assertThat(faults(facts)).isEmpty();
    assertThat(facts.stampNs).isEqualTo(1_750_000_000_000_000_007L);
    assertThat(facts.frameId).isEqualTo("lidar");
    assertThat(facts.points).isEqualTo(2);
    assertThat(facts.nonFinitePoints).isEqualTo(1);
    assertThat(facts.contentLengthBytes).isEqualTo(24);
  }

  @Test
  void readsStampsBefore1970() {
    assertThat(read(CLOUD, cloud(-1, 1, new byte[12]).build().toByteArray()).stampNs)
        .isEqualTo(-Times.SECOND + 1);
  }

  @Test
  void findsTheStampOfAHeader() {
    Descriptor wrapped = type("Wrapped");
    byte[] message =
        DynamicMessage.newBuilder(wrapped)
            .setField(wrapped.findFieldByName("header"), cloud(3, 4, new byte[12]).build())
            .setField(wrapped.findFieldByName("speed"), 2.5)
            .build()
            .toByteArray();
    PayloadProfile profile = profile("foxglove.Wrapped", SET.toByteArray());
    PayloadFacts facts = read(profile, message);
    assertThat(profile.stamped()).isTrue();
    assertThat(faults(facts)).isEmpty();
    assertThat(facts.stampNs).isEqualTo(3_000_000_004L);
    assertThat(facts.frameId).isEqualTo("lidar");
  }

  @Test
  void reportsStampsThatCannotBe() {
    assertThat(faults(read(CLOUD, cloud(1, 1_000_000_000, new byte[12]).build().toByteArray())))
        .singleElement()
        .asString()
        .endsWith(" 1000000000 ns (expected 0 to 999999999 ns)");
    assertThat(faults(read(CLOUD, cloud(1L << 40, 0, new byte[12]).build().toByteArray())))
        .singleElement()
        .asString()
        .startsWith("PROTOBUF_MALFORMED: seconds of the stamp at byte ");
  }

  @Test
  void reportsDataThatIsNoMultipleOfAPoint() {
    assertThat(faults(read(CLOUD, cloud(1, 1, new byte[13]).build().toByteArray())))
        .containsExactly(
            "CLOUD_LAYOUT: data length 13 bytes (expected a multiple of the point stride 12)");
  }

  @Test
  void agreesWithTheLibraryOnEveryTruncationAndManyMutations() {
    byte[] whole = sound();
    Descriptor type = type("PointCloud");
    for (int length = 1; length < whole.length; length++) {
      assertAgrees(type, Arrays.copyOf(whole, length), "cut to " + length);
    }
    for (long seed = 1; seed <= 20_000; seed++) {
      Random random = new Random(seed);
      byte[] bad = whole.clone();
      bad[random.nextInt(bad.length)] = (byte) random.nextInt();
      assertAgrees(type, bad, "seed " + seed);
    }
  }

  /// Whatever the library refuses is reported; what only the reader refuses is a known field of
  /// another wire type, which the library keeps as an unknown one, or a stamp out of range.
  private static void assertAgrees(Descriptor type, byte[] message, String how) {
    boolean malformed =
        read(CLOUD, message).faults().stream()
            .anyMatch(f -> f.kind() == DefectKind.PROTOBUF_MALFORMED);
    boolean refused;
    try {
      refused = DynamicMessage.parseFrom(type, message) == null;
    } catch (InvalidProtocolBufferException e) {
      if (String.valueOf(e.getMessage()).contains("UTF-8")) {
        // The reader does not look at text; the library stops there.
        return;
      }
      refused = true;
    }
    if (refused) {
      assertThat(malformed).as(how).isTrue();
    } else if (malformed) {
      assertThat(faults(read(CLOUD, message)).getFirst())
          .as(how)
          .containsAnyOf("wire type of", "of the stamp", "packed extra");
    }
  }

  @Test
  void takesAMessageOfDefaultsForNoFault() {
    PayloadProfile profile = profile("foxglove.Wrapped", SET.toByteArray());
    assertThat(faults(read(profile, new byte[0]))).isEmpty();
    assertThat(faults(read(CLOUD, new byte[0])))
        .containsExactly("PAYLOAD_EMPTY: payload 0 bytes (expected a message)");
  }

  @Test
  void reportsSchemasThatCannotBeParsed() {
    assertThat(FindingText.evidence(profile("a.B", new byte[] {1, 2, 3}).schemaFault()))
        .isEqualTo("protobuf schema '3 bytes' (expected a serialized FileDescriptorSet)");
    assertThat(FindingText.evidence(profile("a.B", SET.toByteArray()).schemaFault()))
        .isEqualTo("protobuf schema 'no message a.B' (expected its descriptor)");
    byte[] alone = FileDescriptorSet.newBuilder().addFile(FILE).build().toByteArray();
    PayloadProfile profile = profile("foxglove.PointCloud", alone);
    assertThat(FindingText.evidence(profile.schemaFault()))
        .isEqualTo(
            "protobuf schema no message .google.protobuf.Timestamp (used in foxglove.PointCloud)"
                + " (expected all imports)");
  }
}
