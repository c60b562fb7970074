package dev.lockstep.synth.encode;

import com.google.protobuf.CodedOutputStream;
import dev.lockstep.synth.scene.EgoMotion;
import dev.lockstep.synth.scene.Sweep;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Payloads of the message types that [Schemas] describes.
public final class Messages {
  /// Bytes of one point: x, y, z `float32`; intensity `uint8`, one unused; ring `uint16`; time
  /// after the stamp `uint32` ns.
  public static final int POINT_STEP = 20;

  /// `PointField` datatype codes.
  private static final int UINT8 = 2;

  private static final int UINT16 = 4;
  private static final int UINT32 = 6;
  private static final int FLOAT32 = 7;

  private static final double GRAVITY = 9.80665;

  private Messages() {}

  /// `sensor_msgs/msg/PointCloud2` of a sweep.
  public static byte[] pointCloud(long stampNs, String frameId, Sweep sweep) {
    byte[] data = new byte[sweep.size() * POINT_STEP];
    ByteBuffer points = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < sweep.size(); i++) {
      long track = sweep.tracks()[i];
      points.putFloat(sweep.x()[i]).putFloat(sweep.y()[i]).putFloat(sweep.z()[i]);
      points.put((byte) (track == Sweep.GROUND ? 14 : 60 + track % 120)).put((byte) 0);
      points.putShort(sweep.rings()[i]).putInt(sweep.offsetsNs()[i]);
    }
    return pointCloud(stampNs, frameId, sweep.size(), data);
  }

  /// `sensor_msgs/msg/PointCloud2` of points that are already laid out.
  public static byte[] pointCloud(long stampNs, String frameId, int points, byte[] data) {
    CdrWriter out = new CdrWriter(data.length + 256);
    out.header(stampNs, frameId).u32(1).u32(points);
    out.u32(6);
    field(out, "x", 0, FLOAT32);
    field(out, "y", 4, FLOAT32);
    field(out, "z", 8, FLOAT32);
    field(out, "intensity", 12, UINT8);
    field(out, "ring", 14, UINT16);
    field(out, "t", 16, UINT32);
    out.u8(0).u32(POINT_STEP).u32(POINT_STEP * points);
    return out.sequence(data, data.length).u8(1).toBytes();
  }

  private static void field(CdrWriter out, String name, int offset, int datatype) {
    out.string(name).u32(offset).u8(datatype).u32(1);
  }

  /// `sensor_msgs/msg/CompressedImage` in JPEG.
  public static byte[] compressedImage(long stampNs, String frameId, byte[] jpeg) {
    return new CdrWriter(jpeg.length + 128)
        .header(stampNs, frameId)
        .string("jpeg")
        .sequence(jpeg, jpeg.length)
        .toBytes();
  }

  /// `sensor_msgs/msg/Imu` without covariances and with noise on its rates and accelerations.
  ///
  /// @param noise six numbers of unit variance
  public static byte[] imu(long stampNs, String frameId, EgoMotion ego, double... noise) {
    CdrWriter out = new CdrWriter(400).header(stampNs, frameId);
    yaw(out, ego.yaw());
    zeros(out, 9);
    // Noise of a good MEMS unit at 200 Hz: 0.002 rad/s, 0.02 m/s² (judged).
    out.f64(0.002 * noise[0]).f64(0.002 * noise[1]).f64(ego.yawRate() + 0.002 * noise[2]);
    zeros(out, 9);
    out.f64(ego.forwardAcceleration() + 0.02 * noise[3]);
    out.f64(ego.leftAcceleration() + 0.02 * noise[4]);
    out.f64(GRAVITY + 0.02 * noise[5]);
    zeros(out, 9);
    return out.toBytes();
  }

  /// `geometry_msgs/msg/PoseStamped` of the vehicle in the world.
  public static byte[] pose(long stampNs, String frameId, EgoMotion ego) {
    CdrWriter out = new CdrWriter(128).header(stampNs, frameId);
    out.f64(ego.x()).f64(ego.y()).f64(0);
    yaw(out, ego.yaw());
    return out.toBytes();
  }

  /// Quaternion x, y, z, w of a turn about the vertical.
  private static void yaw(CdrWriter out, double yaw) {
    out.f64(0).f64(0).f64(StrictMath.sin(yaw / 2)).f64(StrictMath.cos(yaw / 2));
  }

  private static void zeros(CdrWriter out, int count) {
    for (int i = 0; i < count; i++) {
      out.f64(0);
    }
  }

  /// `foxglove.CompressedVideo`: timestamp (1), frame_id (2), data (3), format (4).
  public static byte[] compressedVideo(long stampNs, String frameId, byte[] accessUnit) {
    try {
      byte[] stamp = protoTimestamp(stampNs);
      byte[] out =
          new byte
              [CodedOutputStream.computeByteArraySize(1, stamp)
                  + CodedOutputStream.computeStringSize(2, frameId)
                  + CodedOutputStream.computeByteArraySize(3, accessUnit)
                  + CodedOutputStream.computeStringSize(4, "h264")];
      CodedOutputStream coded = CodedOutputStream.newInstance(out);
      coded.writeByteArray(1, stamp);
      coded.writeString(2, frameId);
      coded.writeByteArray(3, accessUnit);
      coded.writeString(4, "h264");
      coded.checkNoSpaceLeft();
      return out;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// `google.protobuf.Timestamp`: seconds (1), nanos (2).
  public static byte[] protoTimestamp(long stampNs) throws IOException {
    long seconds = Math.floorDiv(stampNs, 1_000_000_000L);
    int nanos = (int) Math.floorMod(stampNs, 1_000_000_000L);
    byte[] out =
        new byte
            [CodedOutputStream.computeInt64Size(1, seconds)
                + CodedOutputStream.computeInt32Size(2, nanos)];
    CodedOutputStream coded = CodedOutputStream.newInstance(out);
    coded.writeInt64(1, seconds);
    coded.writeInt32(2, nanos);
    coded.flush();
    return out;
  }
}
