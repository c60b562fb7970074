package dev.lockstep.payload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.lockstep.model.MessageBatch;
import dev.lockstep.model.Modality;
import dev.lockstep.model.StampSource;
import dev.lockstep.model.StreamInfo;
import dev.lockstep.model.Times;
import dev.lockstep.synth.encode.Messages;
import dev.lockstep.synth.encode.Schema;
import dev.lockstep.synth.encode.Schemas;
import dev.lockstep.synth.scene.EgoMotion;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// What messages say of the turns of their sensors.
class TurnFactsTest {
  private static final EgoMotion EGO = new EgoMotion(1, 2, 0.6, 10, 0.25, 1, 2);

  private static final String ODOMETRY =
      """
      std_msgs/Header header
      string child_frame_id
      geometry_msgs/PoseWithCovariance pose
      """;

  private static PayloadFacts read(String name, String encoding, String schema, byte[] message) {
    PayloadProfile profile =
        PayloadProfile.of(
            "/it",
            encoding.equals("ros1msg") ? "ros1" : "cdr",
            name,
            encoding,
            schema.getBytes(StandardCharsets.UTF_8));
    PayloadFacts facts = new PayloadFacts();
    profile.reader().read(MemorySegment.ofArray(message), 0, message.length, facts);
    assertThat(facts.faults()).isEmpty();
    return facts;
  }

  private static PayloadFacts read(Schema schema, byte[] message) {
    return read(
        schema.name(),
        schema.encoding(),
        new String(schema.data(), StandardCharsets.UTF_8),
        message);
  }

  @Test
  void readsRatesOfAnInertialUnit() {
    PayloadFacts facts = read(Schemas.IMU, Messages.imu(77, "imu", EGO, 1.5, -2.5, 0, 0, 0, 0));
    assertThat(facts.turns).isTrue();
    assertThat(facts.turn).containsExactly(new double[] {0.003, -0.005, 0.25, Double.NaN});
  }

  @Test
  void readsTheOrientationOfAPose() {
    PayloadFacts facts = read(Schemas.POSE, Messages.pose(77, "map", EGO));
    assertThat(facts.turn[2]).isCloseTo(Math.sin(0.3), within(1e-12));
    assertThat(facts.turn[3]).isCloseTo(Math.cos(0.3), within(1e-12));
    MessageBatch batch =
        new MessageBatch(StreamInfo.of(0, "/it", Modality.POSE, StampSource.HEADER, "cdr", ""), 1);
    for (int i = 0; i < 5; i++) {
      int row = batch.add(i, Times.NONE, Times.NONE, 0, 0);
      if (i == 3) {
        facts.motionTo(batch, row);
      }
    }
    float sine = (float) Math.sin(0.3);
    float no = Float.NaN;
    assertThat(batch.slice(2, 4).turns())
        .startsWith(no, no, no, no, 0, 0, sine, (float) Math.cos(0.3));
  }

  @Test
  void readsTheOrientationBesideACovarianceInRos1() {
    String bar = "=".repeat(80) + "\n";
    String schema =
        ODOMETRY
            + bar
            + "MSG: std_msgs/Header\nuint32 seq\ntime stamp\nstring frame_id\n"
            + bar
            + "MSG: geometry_msgs/PoseWithCovariance\ngeometry_msgs/Pose pose\nfloat64[36] c\n"
            + bar
            + "MSG: geometry_msgs/Pose\ngeometry_msgs/Point position\n"
            + "geometry_msgs/Quaternion orientation\n"
            + bar
            + "MSG: geometry_msgs/Point\nfloat64 x\nfloat64 y\nfloat64 z\n"
            + bar
            + "MSG: geometry_msgs/Quaternion\nfloat64 x\nfloat64 y\nfloat64 z\nfloat64 w\n";
    ByteBuffer out = ByteBuffer.allocate(400).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(1).putInt(5).putInt(6).putInt(1).put((byte) 'm').putInt(0);
    out.putDouble(1).putDouble(2).putDouble(3);
    out.putDouble(0.1).putDouble(0.2).putDouble(0.3).putDouble(0.9);
    for (int i = 0; i < 36; i++) {
      out.putDouble(0);
    }
    byte[] message = new byte[out.position()];
    out.flip().get(message);
    PayloadFacts facts = read("nav_msgs/Odometry", "ros1msg", schema, message);
    assertThat(facts.turn).containsExactly(0.1, 0.2, 0.3, 0.9);
  }

  @Test
  void forgetsTheLastMessage() {
    PayloadFacts facts = read(Schemas.POSE, Messages.pose(77, "map", EGO));
    facts.reset();
    assertThat(facts.turns).isFalse();
  }
}
