package dev.lockstep.synth.fault;

import dev.lockstep.synth.encode.JpegEncoder;
import dev.lockstep.synth.fault.Fault.Kind;
import dev.lockstep.synth.fault.Fault.Parameter;
import dev.lockstep.synth.fault.Request.Pick;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;

/// Faults in what single messages hold.
final class PayloadFaults {
  private static final EnumSet<StreamKind> CDR_SENSORS =
      EnumSet.of(StreamKind.LIDAR, StreamKind.CAMERA, StreamKind.IMU);

  private static final int QUALITY = 80;

  static final List<Fault> ALL =
      List.of(
          fault(
              "frozen-image",
              "shows the same image under new stamps",
              (tape, request) -> freeze(tape, request, StreamKind.CAMERA, "image"),
              new Parameter("count", "", 5)),
          fault(
              "frozen-imu",
              "sends the same IMU reading under new stamps",
              (tape, request) -> freeze(tape, request, StreamKind.IMU, "reading"),
              new Parameter("count", "", 20)),
          fault(
              "nan-cloud",
              "makes every coordinate of a sweep no number",
              PayloadFaults::notANumber),
          fault(
              "thinned-cloud",
              "keeps only some points of a sweep",
              PayloadFaults::thin,
              new Parameter("keep", "of the points", 0.3)),
          fault(
              "lost-sector",
              "takes the points of a part of the turn out of a sweep",
              PayloadFaults::loseSector,
              new Parameter("degrees", "", 12)),
          fault(
              "row-step-lie",
              "declares a row length that contradicts the points",
              PayloadFaults::rowStep),
          fault("jpeg-without-end", "cuts the end marker off a JPEG", PayloadFaults::noEnd),
          fault(
              "jpeg-half-scan",
              "ends the scan of a JPEG in the middle, with an end marker",
              PayloadFaults::halfScan),
          fault(
              "resized-images",
              "replaces some images by ones of another size",
              PayloadFaults::resize,
              new Parameter("count", "", 5),
              new Parameter("factor", "", 0.5)),
          fault("empty-payload", "leaves a message without bytes", PayloadFaults::empty),
          fault("truncated-cdr", "cuts a CDR message off", PayloadFaults::truncate),
          fault(
              "bogus-encapsulation",
              "begins a CDR message with bytes that name no encoding",
              PayloadFaults::encapsulation),
          fault(
              "video-without-start-code",
              "takes the start code from a video frame",
              PayloadFaults::noStartCode),
          fault("invalid-json", "cuts a JSON message off", PayloadFaults::invalidJson));

  private PayloadFaults() {}

  private static Fault fault(
      String name, String summary, TapeFault.Planter planter, Parameter... parameters) {
    return new TapeFault(name, Kind.PAYLOAD, summary, List.of(parameters), planter);
  }

  private static Planted freeze(Tape tape, Request request, StreamKind kind, String what) {
    int count = request.count("count");
    Pick pick = request.pickStamped(tape, EnumSet.of(kind), count + 4);
    int at = request.position(pick.size(), 2, count + 1);
    boolean changed = false;
    for (int i = at; i < at + count; i++) {
      byte[] before = tape.payload(pick.get(i));
      tape.copyPayload(pick.get(at - 1), pick.get(i));
      changed |= !Arrays.equals(before, tape.payload(pick.get(i)));
    }
    return Planted.of(what + " of message " + (at - 1) + " shown " + count + " more times")
        .at(pick.get(at - 1), pick.get(at + count - 1))
        .expect("INT030")
        .effective(changed);
  }

  private static Planted notANumber(Tape tape, Request request) {
    TapeRow row = one(tape, request, EnumSet.of(StreamKind.LIDAR));
    byte[] payload = tape.payload(row);
    CloudView cloud = CloudView.of(payload);
    for (int point = 0; point < cloud.points(); point++) {
      for (int axis = 0; axis < 3; axis++) {
        cloud.setCoordinate(point, axis, Float.NaN);
      }
    }
    tape.setPayload(row, payload);
    return Planted.of(cloud.points() + " points without coordinates")
        .at(row, row)
        .expect("LID002")
        .effective(cloud.points() > 0);
  }

  private static Planted thin(Tape tape, Request request) {
    double keep = request.number("keep");
    Pick pick = request.pick(tape, EnumSet.of(StreamKind.LIDAR), 8);
    TapeRow row = pick.get(request.position(pick.size(), 3, 3));
    CloudView cloud = CloudView.of(tape.payload(row));
    int points = cloud.points();
    int kept = Math.clamp(Math.round(keep * points), 0, points);
    tape.setPayload(row, cloud.thinnedTo(kept));
    return Planted.of(kept + " of " + points + " points kept")
        .at(row, row)
        .expect("LID003")
        .effective(kept < points);
  }

  private static Planted loseSector(Tape tape, Request request) {
    double degrees = request.number("degrees");
    // Earlier sweeps teach which directions hold points.
    Pick pick = request.pick(tape, EnumSet.of(StreamKind.LIDAR), 30);
    TapeRow row = pick.get(request.position(pick.size(), 25, 1));
    CloudView cloud = CloudView.of(tape.payload(row));
    int points = cloud.points();
    int count = Math.clamp(Math.round(degrees / 360 * points), 0, points);
    int first = (points - count) / 3;
    tape.setPayload(row, cloud.without(first, count));
    return Planted.of("points " + first + ".." + (first + count - 1) + " of " + points + " lost")
        .at(row, row)
        .expect("LID008")
        .effective(count > 0);
  }

  private static Planted rowStep(Tape tape, Request request) {
    TapeRow row = one(tape, request, EnumSet.of(StreamKind.LIDAR));
    byte[] payload = tape.payload(row);
    CloudView cloud = CloudView.of(payload);
    int told = cloud.rowStep();
    cloud.setRowStep(told + 7);
    tape.setPayload(row, payload);
    return Planted.of("row_step " + (told + 7) + " instead of " + told)
        .at(row, row)
        .expect("LID001");
  }

  private static Planted noEnd(Tape tape, Request request) {
    TapeRow row = one(tape, request, EnumSet.of(StreamKind.CAMERA));
    byte[] payload = tape.payload(row);
    int start = jpegAt(payload);
    tape.setPayload(row, jpegCutTo(payload, start, payload.length - 2));
    return Planted.of("JPEG without EOI").at(row, row).expect("INT023");
  }

  private static Planted halfScan(Tape tape, Request request) {
    TapeRow row = one(tape, request, EnumSet.of(StreamKind.CAMERA));
    byte[] payload = tape.payload(row);
    int start = jpegAt(payload);
    int scan = indexOf(payload, (byte) 0xFF, (byte) 0xDA);
    if (scan < start) {
      throw new InapplicableFaultException("JPEG has no scan");
    }
    int end = scan + (payload.length - scan) / 2;
    // Not between FF and what belongs to it.
    while (payload[end - 1] == (byte) 0xFF) {
      end++;
    }
    byte[] cut = jpegCutTo(payload, start, end + 2);
    cut[end] = (byte) 0xFF;
    cut[end + 1] = (byte) 0xD9;
    tape.setPayload(row, cut);
    return Planted.of("JPEG with half of its scan").at(row, row).expect("INT023");
  }

  private static Planted resize(Tape tape, Request request) {
    int count = request.count("count");
    double factor = request.number("factor");
    Pick pick = request.pickStamped(tape, EnumSet.of(StreamKind.CAMERA), count + 4);
    int at = request.position(pick.size(), 2, count + 1);
    String what = "";
    for (int i = at; i < at + count; i++) {
      what = resize(tape, pick.get(i), factor, i);
    }
    return Planted.of(count + " images of " + what)
        .at(pick.get(at), pick.get(at + count - 1))
        .expect("INT047")
        .effective(factor != 1);
  }

  /// Puts an image of `factor` the size in place of the one in a message, and says so in words.
  ///
  /// @param begin brightness, so that no image is like the one before
  static String resize(Tape tape, TapeRow row, double factor, int begin) {
    byte[] payload = tape.payload(row);
    int start = jpegAt(payload);
    // FF C0, length, bits, then height and width.
    int frame = indexOf(payload, (byte) 0xFF, (byte) 0xC0);
    if (frame < start) {
      throw new InapplicableFaultException("image is no baseline JPEG");
    }
    ByteBuffer bytes = ByteBuffer.wrap(payload);
    int high = bytes.getShort(frame + 5) & 0xFFFF;
    int wide = bytes.getShort(frame + 7) & 0xFFFF;
    int width = (int) Math.max(8, Math.round(factor * wide));
    int height = (int) Math.max(8, Math.round(factor * high));
    byte[] image = new JpegEncoder(width, height, QUALITY).encode(ramp(width, height, begin));
    byte[] whole = Arrays.copyOf(payload, start + image.length);
    System.arraycopy(image, 0, whole, start, image.length);
    tape.setPayload(row, jpegCutTo(whole, start, whole.length));
    return width + " x " + height + " instead of " + wide + " x " + high;
  }

  /// Grey that rises across an image, and begins elsewhere in each.
  private static byte[] ramp(int width, int height, int begin) {
    byte[] pixels = new byte[width * height];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (5 * begin + i % width + i / width);
    }
    return pixels;
  }

  /// Where the JPEG begins that a message ends with.
  private static int jpegAt(byte[] payload) {
    int end = payload.length;
    int start = indexOf(payload, (byte) 0xFF, (byte) 0xD8, (byte) 0xFF);
    if (start < Integer.BYTES
        || payload[end - 2] != (byte) 0xFF
        || payload[end - 1] != (byte) 0xD9) {
      throw new InapplicableFaultException("image is no JPEG at the end of its message");
    }
    return start;
  }

  /// The message up to `end`; the byte count in front of the image shrinks with it.
  private static byte[] jpegCutTo(byte[] payload, int start, int end) {
    byte[] cut = Arrays.copyOf(payload, end);
    ByteBuffer.wrap(cut).order(ByteOrder.LITTLE_ENDIAN).putInt(start - Integer.BYTES, end - start);
    return cut;
  }

  private static Planted empty(Tape tape, Request request) {
    TapeRow row = one(tape, request, EnumSet.allOf(StreamKind.class));
    tape.setPayload(row, new byte[0]);
    return Planted.of("no payload").at(row, row).expect("INT020");
  }

  private static Planted truncate(Tape tape, Request request) {
    TapeRow row = cdr(tape, request);
    byte[] payload = tape.payload(row);
    int kept = payload.length * 2 / 3;
    tape.setPayload(row, Arrays.copyOf(payload, kept));
    return Planted.of(kept + " of " + payload.length + " bytes kept").at(row, row).expect("INT021");
  }

  private static Planted encapsulation(Tape tape, Request request) {
    TapeRow row = cdr(tape, request);
    byte[] payload = tape.payload(row);
    payload[0] = (byte) 0xAB;
    payload[1] = (byte) 0xCD;
    tape.setPayload(row, payload);
    return Planted.of("encapsulation AB CD").at(row, row).expect("INT021");
  }

  private static TapeRow cdr(Tape tape, Request request) {
    TapeRow row = one(tape, request, CDR_SENSORS);
    if (!tape.streams().get(row.stream()).schema().messageEncoding().equals("cdr")) {
      throw new InapplicableFaultException("stream is not CDR");
    }
    return row;
  }

  private static Planted noStartCode(Tape tape, Request request) {
    TapeRow row = one(tape, request, EnumSet.of(StreamKind.VIDEO));
    byte[] payload = tape.payload(row);
    int at = indexOf(payload, (byte) 0, (byte) 0, (byte) 1);
    if (at < 0) {
      throw new InapplicableFaultException("video frame has no start code");
    }
    payload[at + 2] = (byte) 0xFF;
    tape.setPayload(row, payload);
    return Planted.of("first start code destroyed").at(row, row).expect("VID001");
  }

  private static Planted invalidJson(Tape tape, Request request) {
    TapeRow row = one(tape, request, EnumSet.of(StreamKind.LABELS));
    byte[] payload = tape.payload(row);
    int kept = Math.max(1, payload.length * 3 / 4);
    tape.setPayload(row, Arrays.copyOf(payload, kept));
    return Planted.of(kept + " of " + payload.length + " bytes kept")
        .at(row, row)
        .expect("INT022")
        .effective(kept < payload.length);
  }

  private static TapeRow one(Tape tape, Request request, EnumSet<StreamKind> kinds) {
    Pick pick = request.pick(tape, kinds, 4);
    return pick.get(request.position(pick.size(), 1, 1));
  }

  private static int indexOf(byte[] bytes, byte... wanted) {
    for (int i = 0; i + wanted.length <= bytes.length; i++) {
      if (Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
        return i;
      }
    }
    return -1;
  }
}
