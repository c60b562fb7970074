package dev.lockstep.synth;

import dev.lockstep.synth.encode.Messages;
import dev.lockstep.synth.encode.NoiseJpeg;
import dev.lockstep.synth.encode.Schema;
import dev.lockstep.synth.encode.Schemas;
import dev.lockstep.synth.fault.StreamSpec;
import dev.lockstep.synth.scene.EgoMotion;
import dev.lockstep.synth.scene.Noise;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/// Much data of the right shape for benchmarks, without a world behind it: either a mix like that
/// of a test vehicle, or very many small messages.
///
/// The mix is a LiDAR at 10 Hz with valid clouds of 1.536 MB, six cameras at 10, 10, 15, 15, 30 and
/// 30 Hz with valid JPEG frames of noise of about 200 KB, and an IMU at 200 Hz. Seeded and
/// reproducible; payloads of one stream all differ.
public final class BulkDrive {
  private static final long NS_PER_SECOND = 1_000_000_000L;
  private static final long START_NS = 1_772_442_000_000_000_000L;

  /// 1.536 MB of points: 64 beams of 1,200 columns, beam by beam; the upper beams see the sky and
  /// have no return, which is (0, 0, 0), so that clouds compress to about half, as real ones do.
  private static final int CLOUD_POINTS = 76_800;

  private static final int CLOUD_COLUMNS = 1_200;
  private static final int CLOUD_RETURNS = 38 * CLOUD_COLUMNS;

  private static final int[] CAMERA_HERTZ = {10, 10, 15, 15, 30, 30};

  private static final int WIDTH = 520;
  private static final int HEIGHT = 400;

  /// Blocks of 8 x 8 pixels.
  private static final int IMAGE_BLOCKS = WIDTH / 8 * (HEIGHT / 8);

  private static final int BLOCK_BYTES = 64;

  /// At most so many blocks of an image are short, so that images differ in length.
  private static final int SHORT_BLOCKS = 350;

  private static final int IMU_HERTZ = 200;
  private static final int SMALL_HERTZ = 1000;

  /// Random bytes that small messages take slices of.
  private static final int POOL_BYTES = 1 << 20;

  private final long seed;
  private final long payloadBytes;
  private final long messages;
  private final int messageBytes;

  private BulkDrive(long seed, long payloadBytes, long messages, int messageBytes) {
    this.seed = seed;
    this.payloadBytes = payloadBytes;
    this.messages = messages;
    this.messageBytes = messageBytes;
  }

  /// The mix, until payloads hold at least `payloadBytes`.
  ///
  /// @throws IllegalArgumentException if that is not above 0
  public static BulkDrive ofBytes(long seed, long payloadBytes) {
    if (payloadBytes <= 0) {
      throw new IllegalArgumentException("bytes: " + payloadBytes + " (expected above 0)");
    }
    return new BulkDrive(seed, payloadBytes, 0, 0);
  }

  /// `messages` messages of `messageBytes` random bytes in one stream without a schema, at 1 kHz.
  ///
  /// @throws IllegalArgumentException if there are none, or one is longer than 64 MiB
  public static BulkDrive ofMessages(long seed, long messages, int messageBytes) {
    if (messages <= 0) {
      throw new IllegalArgumentException("messages: " + messages + " (expected above 0)");
    }
    if (messageBytes < 0 || messageBytes > 64 << 20) {
      throw new IllegalArgumentException(
          "message bytes: " + messageBytes + " (expected 0 to " + (64 << 20) + ")");
    }
    return new BulkDrive(seed, 0, messages, messageBytes);
  }

  /// Chunks of about 4 MB with a CRC, summary with a CRC, no CRC over the data section.
  public static McapSettings settings(String compression) {
    return new McapSettings(compression, 4_000_000, true, false, true, "");
  }

  SynthRun.Result writeTo(RecordingOutput out) throws IOException {
    return messageBytes > 0 || messages > 0 ? writeSmall(out) : writeMix(out);
  }

  private SynthRun.Result writeSmall(RecordingOutput out) throws IOException {
    int stream = out.stream(new StreamSpec("/small", new Schema("", "", "raw", new byte[0])));
    ByteBuffer pool = pool(Math.max(POOL_BYTES, 2 * messageBytes + Long.BYTES));
    long step = NS_PER_SECOND / SMALL_HERTZ;
    for (long k = 0; k < messages; k++) {
      long stampNs = START_NS + k * step;
      out.message(stream, (int) (k + 1), stampNs, stampNs, slice(pool, k, messageBytes));
    }
    return new SynthRun.Result(messages, messages * messageBytes, 0);
  }

  private SynthRun.Result writeMix(RecordingOutput out) throws IOException {
    List<Maker> makers = new ArrayList<>();
    makers.add(new CloudMaker(out, makers.size()));
    for (int hertz : CAMERA_HERTZ) {
      makers.add(new ImageMaker(out, makers.size(), hertz));
    }
    makers.add(new ImuMaker(out, makers.size()));
    long count = 0;
    long bytes = 0;
    while (bytes < payloadBytes) {
      Maker next = makers.getFirst();
      for (Maker maker : makers) {
        if (maker.stampNs() < next.stampNs()) {
          next = maker;
        }
      }
      long stampNs = next.stampNs();
      ByteBuffer payload = next.make(stampNs);
      out.message(
          next.stream, (int) ++next.made, stampNs + next.latencyNs, stampNs + 1_000, payload);
      count++;
      bytes += payload.remaining();
    }
    return new SynthRun.Result(count, bytes, 0);
  }

  private ByteBuffer pool(int bytes) {
    ByteBuffer pool = ByteBuffer.allocate(bytes / Long.BYTES * Long.BYTES);
    pool.order(ByteOrder.LITTLE_ENDIAN);
    for (long i = 0; pool.hasRemaining(); i++) {
      pool.putLong(Noise.bits(seed, 11L << 40, i));
    }
    return pool.flip();
  }

  /// Bytes from a place of the pool that changes with `k`.
  private ByteBuffer slice(ByteBuffer pool, long k, int bytes) {
    int at = (int) Noise.below(seed, 12L << 40, k, pool.capacity() - bytes + 1L);
    return pool.slice(at, bytes);
  }

  /// Makes the messages of one stream.
  private abstract static class Maker {
    final int stream;
    final long periodNs;
    final long phaseNs;
    final long latencyNs;
    long made;

    Maker(int stream, int hertz, int number) {
      this.stream = stream;
      periodNs = NS_PER_SECOND / hertz;
      phaseNs = number * 1_300_000L;
      // One latency for all keeps log times in order.
      latencyNs = 5_000_000L;
    }

    long stampNs() {
      return START_NS + phaseNs + made * periodNs;
    }

    abstract ByteBuffer make(long stampNs) throws IOException;
  }

  /// Writes seconds and nanoseconds behind the encapsulation header of a CDR message.
  private static void stamp(ByteBuffer payload, long stampNs) {
    payload.putInt(4, (int) (stampNs / NS_PER_SECOND));
    payload.putInt(8, (int) (stampNs % NS_PER_SECOND));
  }

  private final class CloudMaker extends Maker {
    private final ByteBuffer payload;
    private final int firstPoint;

    CloudMaker(RecordingOutput out, int number) throws IOException {
      super(out.stream(new StreamSpec("/lidar/points", Schemas.POINT_CLOUD)), 10, number);
      byte[] data = new byte[CLOUD_POINTS * Messages.POINT_STEP];
      ByteBuffer points = ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN);
      for (int i = 0; i < CLOUD_POINTS; i++) {
        boolean seen = i < CLOUD_RETURNS;
        int beam = i / CLOUD_COLUMNS;
        int column = i % CLOUD_COLUMNS;
        points.putFloat(0);
        points.putFloat(seen ? column * 0.05f - 30 : 0);
        points.putFloat(seen ? beam * 0.1f - 1.8f : 0);
        points.put((byte) 40).put((byte) 0).putShort((short) beam);
        points.putInt((int) (100_000_000L * column / CLOUD_COLUMNS));
      }
      payload =
          ByteBuffer.wrap(Messages.pointCloud(0, "lidar", CLOUD_POINTS, data))
              .order(ByteOrder.LITTLE_ENDIAN);
      // The points end one byte (is_dense) before the end.
      firstPoint = payload.capacity() - 1 - data.length;
    }

    @Override
    ByteBuffer make(long stampNs) {
      stamp(payload, stampNs);
      for (int i = 0; i < CLOUD_RETURNS; i++) {
        payload.putFloat(
            firstPoint + i * Messages.POINT_STEP,
            (float) Noise.between(seed, 14L << 40, made * CLOUD_RETURNS + i, -60, 60));
      }
      return payload;
    }
  }

  private final class ImageMaker extends Maker {
    private final ByteBuffer payload;
    private final int scanAt;
    private final int lengthAt;

    ImageMaker(RecordingOutput out, int number, int hertz) throws IOException {
      super(
          out.stream(new StreamSpec("/camera/" + number + "/image", Schemas.COMPRESSED_IMAGE)),
          hertz,
          number);
      byte[] head = NoiseJpeg.header(WIDTH, HEIGHT);
      byte[] empty = new byte[head.length + IMAGE_BLOCKS * BLOCK_BYTES + 2];
      System.arraycopy(head, 0, empty, 0, head.length);
      payload =
          ByteBuffer.wrap(Messages.compressedImage(0, "camera_" + number, empty))
              .order(ByteOrder.LITTLE_ENDIAN);
      lengthAt = payload.capacity() - empty.length - Integer.BYTES;
      scanAt = lengthAt + Integer.BYTES + head.length;
    }

    @Override
    ByteBuffer make(long stampNs) {
      long pick = made * 64 + stream;
      int shorts = (int) Noise.below(seed, 15L << 40, pick, SHORT_BLOCKS);
      int words = shorts + (IMAGE_BLOCKS - shorts) * (BLOCK_BYTES / Long.BYTES);
      stamp(payload, stampNs);
      payload.clear();
      long state = Noise.bits(seed, 12L << 40, pick);
      for (int i = 0; i < words; i++) {
        // xorshift64 (Marsaglia 2003): every image is new, so that nothing in it compresses.
        state ^= state << 13;
        state ^= state >>> 7;
        state ^= state << 17;
        payload.putLong(
            scanAt + i * Long.BYTES,
            i < shorts ? NoiseJpeg.shortBlock(state) : NoiseJpeg.coefficients(state));
      }
      int end = scanAt + words * Long.BYTES;
      payload.put(end, (byte) 0xFF).put(end + 1, (byte) 0xD9);
      payload.putInt(lengthAt, end + 2 - lengthAt - Integer.BYTES);
      return payload.limit(end + 2);
    }
  }

  private final class ImuMaker extends Maker {
    ImuMaker(RecordingOutput out, int number) throws IOException {
      super(out.stream(new StreamSpec("/imu", Schemas.IMU)), IMU_HERTZ, number);
    }

    @Override
    ByteBuffer make(long stampNs) {
      double[] noise = new double[6];
      for (int i = 0; i < noise.length; i++) {
        noise[i] = Noise.bell(seed, 16L << 40, made * noise.length + i);
      }
      EgoMotion still = new EgoMotion(0, 0, 0, 0, 0, 0, 0);
      return ByteBuffer.wrap(Messages.imu(stampNs, "imu", still, noise));
    }
  }
}
