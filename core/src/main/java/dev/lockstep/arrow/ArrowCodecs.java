package dev.lockstep.arrow;

import dev.lockstep.codec.Compressor;
import dev.lockstep.codec.Decompressed;
import dev.lockstep.codec.Decompressors;
import dev.lockstep.codec.Lz4FrameEncoder;
import dev.lockstep.codec.MalformedCompressionException;
import dev.lockstep.codec.ZstdEncoder;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.compression.AbstractCompressionCodec;
import org.apache.arrow.vector.compression.CompressionCodec;
import org.apache.arrow.vector.compression.CompressionUtil;
import org.apache.arrow.vector.compression.CompressionUtil.CodecType;
import org.apache.arrow.vector.compression.NoCompressionCodec;

/// LZ4 and zstd for Arrow's own readers and writers, done by `codec`: Arrow's decoder is a hundred
/// times slower.
public final class ArrowCodecs implements CompressionCodec.Factory {
  /// zstd level unless one is asked for: the library's default.
  private static final int ZSTD_LEVEL = 3;

  /// The one instance; it holds no state.
  public static final ArrowCodecs INSTANCE = new ArrowCodecs();

  private ArrowCodecs() {}

  @Override
  public CompressionCodec createCodec(CodecType type) {
    return createCodec(type, ZSTD_LEVEL);
  }

  @Override
  public CompressionCodec createCodec(CodecType type, int level) {
    return type == CodecType.NO_COMPRESSION ? NoCompressionCodec.INSTANCE : new Codec(type, level);
  }

  private static final class Codec extends AbstractCompressionCodec {
    private final CodecType type;
    private final int level;

    Codec(CodecType type, int level) {
      this.type = type;
      this.level = level;
    }

    private Compressor compressor() {
      return type == CodecType.LZ4_FRAME
          ? new Lz4FrameEncoder(Lz4FrameEncoder.Options.DEFAULT)
          : new ZstdEncoder(level, false);
    }

    @Override
    protected ArrowBuf doCompress(BufferAllocator allocator, ArrowBuf plain) {
      long length = plain.writerIndex();
      long prefix = CompressionUtil.SIZE_OF_UNCOMPRESSED_LENGTH;
      try (Compressor compressor = compressor()) {
        long room = prefix + compressor.maxCompressedBytes(length);
        ArrowBuf packed = allocator.buffer(room);
        long frame =
            compressor.compress(
                Segments.of(plain, length), Segments.of(packed, room).asSlice(prefix));
        packed.writerIndex(prefix + frame);
        return packed;
      }
    }

    @Override
    protected ArrowBuf doDecompress(BufferAllocator allocator, ArrowBuf packed) {
      long length = readUncompressedLength(packed);
      long prefix = CompressionUtil.SIZE_OF_UNCOMPRESSED_LENGTH;
      if (length < 0) {
        throw new IllegalArgumentException("uncompressed length: " + length);
      }
      ArrowBuf plain = allocator.buffer(length);
      try (Decompressors decompressors = new Decompressors()) {
        Decompressed result =
            decompressors.decompress(
                type == CodecType.LZ4_FRAME ? Decompressors.LZ4 : Decompressors.ZSTD,
                Segments.of(packed, packed.writerIndex()).asSlice(prefix),
                Segments.of(plain, length));
        if (result.outputBytes() != length) {
          throw new IllegalArgumentException(
              "decompressed length: " + result.outputBytes() + " (expected " + length + ")");
        }
        plain.writerIndex(length);
        return plain;
      } catch (MalformedCompressionException e) {
        plain.close();
        throw new IllegalArgumentException(e);
      } catch (RuntimeException e) {
        plain.close();
        throw e;
      }
    }

    @Override
    public CodecType getCodecType() {
      return type;
    }
  }
}
