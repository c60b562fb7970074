package dev.lockstep.synth;

import dev.lockstep.synth.encode.CdrWriter;
import dev.lockstep.synth.encode.Schemas;
import dev.lockstep.synth.fault.StreamSpec;
import dev.lockstep.synth.scene.CameraMount;
import dev.lockstep.synth.scene.Spinner;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/// Passes a drive on to another output, with the topics in which ROS tells where sensors sit:
/// `/tf_static` in front of all messages, and a `CameraInfo` with each image.
final class CalibratedOutput extends ForwardingOutput {
  private static final String TRANSFORMS = "/tf_static";
  private static final String VEHICLE = "base_link";

  private final Drive drive;

  /// Of each stream that of its camera's messages, -1 for others.
  private final List<Integer> infos = new ArrayList<>();

  private final List<String> topics = new ArrayList<>();

  /// @param out is finished and closed with this one
  CalibratedOutput(RecordingOutput out, Drive drive) {
    super(out);
    this.drive = drive;
  }

  @Override
  public int stream(StreamSpec spec) throws IOException {
    topics.add(spec.topic());
    return out.stream(spec);
  }

  private void begin(long logTimeNs) throws IOException {
    int transforms = out.stream(new StreamSpec(TRANSFORMS, Schemas.TRANSFORMS));
    int next = transforms;
    for (String topic : topics) {
      boolean camera = drive.mountOf(topic) != null;
      infos.add(camera ? ++next : -1);
      if (camera) {
        out.stream(new StreamSpec(infoTopic(topic), Schemas.CAMERA_INFO));
      }
    }
    out.message(transforms, 1, logTimeNs, logTimeNs, ByteBuffer.wrap(transforms(logTimeNs)));
  }

  private static String infoTopic(String images) {
    return images.substring(0, images.lastIndexOf('/') + 1) + "camera_info";
  }

  /// The frame of reference of `/camera/front/image` is `camera_front`.
  private static String frame(String images) {
    return images.substring(1, images.lastIndexOf('/')).replace('/', '_');
  }

  private byte[] transforms(long stampNs) {
    List<String> cameras = topics.stream().filter(topic -> drive.mountOf(topic) != null).toList();
    CdrWriter cdr = new CdrWriter(512).u32(1 + cameras.size());
    Spinner spinner = drive.spinner();
    link(cdr, stampNs, "lidar", spinner.forwardMeters(), spinner.upMeters(), 1, 0, 0, 0);
    for (String camera : cameras) {
      CameraMount mount = mount(camera);
      // z forward, x right, y down, turned by the yaw.
      double half = mount.yawRadians() / 2;
      double cos = StrictMath.cos(half) / 2;
      double sin = StrictMath.sin(half) / 2;
      link(
          cdr,
          stampNs,
          frame(camera),
          mount.forwardMeters(),
          mount.upMeters(),
          cos + sin,
          -cos - sin,
          cos - sin,
          sin - cos);
    }
    return cdr.toBytes();
  }

  private CameraMount mount(String topic) {
    CameraMount mount = drive.mountOf(topic);
    if (mount == null) {
      throw new IllegalStateException(topic + " is no camera");
    }
    return mount;
  }

  private static void link(
      CdrWriter cdr,
      long stampNs,
      String child,
      double x,
      double z,
      double qw,
      double qx,
      double qy,
      double qz) {
    cdr.header(stampNs, VEHICLE).string(child);
    cdr.f64(x).f64(0).f64(z).f64(qx).f64(qy).f64(qz).f64(qw);
  }

  private static byte[] cameraInfo(long stampNs, String frame, CameraMount mount) {
    double f = mount.focalPixels();
    double cx = mount.centreX();
    double cy = mount.centreY();
    CdrWriter cdr = new CdrWriter(512).header(stampNs, frame);
    cdr.u32(mount.heightPixels()).u32(mount.widthPixels()).string("plumb_bob").u32(0);
    numbers(cdr, f, 0, cx, 0, f, cy, 0, 0, 1);
    numbers(cdr, 1, 0, 0, 0, 1, 0, 0, 0, 1);
    numbers(cdr, f, 0, cx, 0, 0, f, cy, 0, 0, 0, 1, 0);
    return cdr.u32(0).u32(0).u32(0).u32(0).u32(0).u32(0).u8(0).toBytes();
  }

  private static void numbers(CdrWriter cdr, double... values) {
    for (double value : values) {
      cdr.f64(value);
    }
  }

  @Override
  public void message(
      int stream, int sequence, long logTimeNs, long publishTimeNs, ByteBuffer payload)
      throws IOException {
    if (infos.isEmpty()) {
      begin(logTimeNs);
    }
    int info = infos.get(stream);
    if (info >= 0) {
      String topic = topics.get(stream);
      out.message(
          info,
          sequence,
          logTimeNs,
          publishTimeNs,
          ByteBuffer.wrap(
              cameraInfo(drive.stampNs(stream, sequence - 1L), frame(topic), mount(topic))));
    }
    out.message(stream, sequence, logTimeNs, publishTimeNs, payload);
  }
}
