package dev.lockstep.codec;

import java.io.IOException;
import java.io.InputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;

/// Decompresses bzip2 streams. Each block and the whole stream have a CRC-32, which is verified.
/// Working memory: about 5 MB while it decompresses.
public final class Bzip2Decoder implements Decompressor {
  private static final int COPY_BYTES = 64 << 10;

  /// A decoder.
  public Bzip2Decoder() {}

  @Override
  public Decompressed decompress(MemorySegment in, MemorySegment out)
      throws MalformedCompressionException {
    SegmentInput input = new SegmentInput(in);
    byte[] buffer = new byte[COPY_BYTES];
    long written = 0;
    try (BZip2CompressorInputStream plain = new BZip2CompressorInputStream(input)) {
      while (true) {
        int count = plain.read(buffer, 0, buffer.length);
        if (count < 0) {
          return new Decompressed(written, input.position, true);
        }
        if (count > out.byteSize() - written) {
          throw new MalformedCompressionException(
              input.position, "content is larger than " + out.byteSize() + " bytes", written);
        }
        MemorySegment.copy(buffer, 0, out, ValueLayout.JAVA_BYTE, written, count);
        written += count;
      }
    } catch (IOException e) {
      String what = String.valueOf(e.getMessage());
      throw new MalformedCompressionException(
          input.position, what.contains("CRC") ? "checksum: " + what : what, written);
    } catch (IndexOutOfBoundsException | IllegalArgumentException | IllegalStateException e) {
      // The library finds some damage only by running into it.
      throw new MalformedCompressionException(input.position, "damaged block", written);
    }
  }

  @Override
  public void close() {
    // Nothing is kept.
  }

  private static final class SegmentInput extends InputStream {
    private final MemorySegment bytes;
    private long position;

    SegmentInput(MemorySegment bytes) {
      this.bytes = bytes;
    }

    @Override
    public int read() {
      return position < bytes.byteSize() ? bytes.get(ValueLayout.JAVA_BYTE, position++) & 0xFF : -1;
    }

    @Override
    public int read(byte[] to, int from, int length) {
      if (length == 0) {
        return 0;
      }
      int count = (int) Math.min(length, bytes.byteSize() - position);
      if (count <= 0) {
        return -1;
      }
      MemorySegment.copy(bytes, ValueLayout.JAVA_BYTE, position, to, from, count);
      position += count;
      return count;
    }
  }
}
