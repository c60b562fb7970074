package dev.lockstep.synth.fault;

import dev.lockstep.synth.fault.Fault.Parameter;
import dev.lockstep.synth.fault.FileImage.ChunkBody;
import dev.lockstep.synth.fault.FileImage.Entry;
import dev.lockstep.synth.fault.FileImage.MessageBody;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/// Faults in the bytes of a file, as disks, cables and interrupted copies make them.
final class FileFaults {
  /// A page of memory and the usual block of a file system.
  private static final int PAGE_BYTES = 4096;

  private static final int PIECE_BYTES = 1 << 16;

  static final List<Fault> ALL =
      List.of(
          fault(
              "flip-payload-bit", "flips one bit in a message's payload", FileFaults::flipPayload),
          fault("flip-chunk-bit", "flips one bit in the records of a chunk", FileFaults::flipChunk),
          fault("flip-index-bit", "flips one bit in a message index", FileFaults::flipIndex),
          fault(
              "flip-attachment-bit", "flips one bit in an attachment", FileFaults::flipAttachment),
          fault("truncate-at-record", "ends the file between two records", FileFaults::cutAtRecord),
          fault("truncate-mid-record", "ends the file within a record", FileFaults::cutInRecord),
          fault("zero-page", "overwrites an aligned page with zeros", FileFaults::zeroPage),
          fault("destroy-length", "makes the length of a record absurd", FileFaults::destroyLength),
          fault("swap-blocks", "exchanges two blocks of 4 KiB", FileFaults::swapBlocks),
          fault(
              "replay-block", "overwrites a block of 4 KiB with one before it", FileFaults::replay),
          fault(
              "append-junk",
              "puts bytes behind the end",
              FileFaults::append,
              new Parameter("bytes", "bytes", 100)),
          fault("empty-file", "leaves a file without bytes", FileFaults::empty),
          fault(
              "lfs-pointer", "leaves a git-LFS pointer instead of the data", FileFaults::pointer));

  private FileFaults() {}

  private static Fault fault(
      String name, String summary, FileFault.Planter planter, Parameter... parameters) {
    return new FileFault(name, summary, List.of(parameters), planter);
  }

  private static void flip(FileImage file, long offset, int bit) throws IOException {
    byte[] one = file.read(offset, 1);
    one[0] ^= (byte) (1 << bit);
    file.write(offset, one);
  }

  private static Planted flipPayload(FileImage file, Request request) throws IOException {
    List<MessageBody> messages =
        file.messages().stream()
            .filter(message -> message.lengthBytes() > 0 && request.wants(message.topic()))
            .toList();
    if (messages.isEmpty()) {
      return flipChunk(file, request);
    }
    int at = request.position(messages.size(), 0, 1);
    MessageBody message = messages.get(at);
    // Behind the header, where sensor data lies and nothing but a checksum can tell.
    long skip = message.lengthBytes() / 2;
    long offset = message.offset() + skip + request.below(message.lengthBytes() - skip);
    flip(file, offset, (int) request.below(Byte.SIZE));
    Planted planted =
        Planted.of("one bit flipped in a payload")
            .bytes(offset, 1)
            .message(message.topic(), message.index());
    return message.checked() || file.dataChecked()
        ? planted.expect("INT007")
        : planted.expect("INT040");
  }

  private static ChunkBody chunk(FileImage file, Request request) throws IOException {
    List<Entry> chunks = file.records(FileImage.CHUNK, "chunk");
    return file.chunkBody(chunks.get(request.position(chunks.size(), 0, 1)));
  }

  private static Planted expectChecksum(FileImage file, ChunkBody body, Planted planted)
      throws IOException {
    if (body.compressed()) {
      return planted.expect("INT007", "INT009");
    }
    return body.checked() || file.dataChecked()
        ? planted.expect("INT007")
        : planted.expect("INT040", "INT008");
  }

  private static Planted flipChunk(FileImage file, Request request) throws IOException {
    ChunkBody body = chunk(file, request);
    long offset = body.offset() + request.below(body.lengthBytes());
    flip(file, offset, (int) request.below(Byte.SIZE));
    return expectChecksum(file, body, Planted.of("one bit flipped in a chunk").bytes(offset, 1));
  }

  private static Planted flipIndex(FileImage file, Request request) throws IOException {
    // Channel and byte count (6 bytes) stand before the entries.
    List<Entry> indexes =
        file.records(FileImage.MESSAGE_INDEX, "message index").stream()
            .filter(index -> index.bodyBytes() > 6)
            .toList();
    Entry index = indexes.get(request.position(indexes.size(), 0, 1));
    long offset = index.bodyOffset() + 6 + request.below(index.bodyBytes() - 6);
    flip(file, offset, (int) request.below(Byte.SIZE));
    return Planted.of("one bit flipped in a message index").bytes(offset, 1).expect("INT011");
  }

  private static Planted flipAttachment(FileImage file, Request request) throws IOException {
    List<Entry> attachments = file.records(FileImage.ATTACHMENT, "attachment");
    Entry attachment = attachments.get(request.position(attachments.size(), 0, 1));
    // Names stand first and the CRC last: the middle of the second half is data in any of use.
    long half = attachment.bodyBytes() / 2;
    long offset = attachment.bodyOffset() + half + request.below(half - Integer.BYTES);
    flip(file, offset, (int) request.below(Byte.SIZE));
    return Planted.of("one bit flipped in an attachment").bytes(offset, 1).expect("INT007");
  }

  private static Entry middle(FileImage file, Request request) {
    List<Entry> records = file.records();
    if (records.size() < 4) {
      throw new InapplicableFaultException("file has too few records");
    }
    // Of the longer half, so that a cut loses something.
    List<Entry> inner =
        records.subList(1, records.size() - 1).stream()
            .filter(record -> record.bodyBytes() > 64)
            .toList();
    return inner.get(request.position(inner.size(), 0, 1));
  }

  private static Planted cut(FileImage file, long size, String what) throws IOException {
    long lost = file.size() - size;
    file.truncate(size);
    return Planted.of(lost + " bytes cut off " + what).bytes(size, 0).expect("INT002");
  }

  private static Planted cutAtRecord(FileImage file, Request request) throws IOException {
    return cut(file, middle(file, request).offset(), "between records");
  }

  private static Planted cutInRecord(FileImage file, Request request) throws IOException {
    if (file.records().isEmpty()) {
      return cut(file, 1 + request.below(Math.max(1, file.size() - 1)), "the file");
    }
    Entry record = middle(file, request);
    long kept = FileImage.RECORD_HEAD_BYTES + request.below(record.bodyBytes() - 1) + 1;
    return cut(file, record.offset() + kept, "within a record");
  }

  /// A page that is not zero already, inside the data of the file.
  private static long page(FileImage file, Request request) throws IOException {
    long pages = file.size() / PAGE_BYTES;
    if (pages < 4) {
      throw new InapplicableFaultException(
          "file of " + file.size() + " bytes (expected 4 pages of " + PAGE_BYTES + ")");
    }
    return (1 + request.position((int) Math.min(pages - 2, Integer.MAX_VALUE), 0, 1))
        * (long) PAGE_BYTES;
  }

  private static Planted zeroPage(FileImage file, Request request) throws IOException {
    long offset = page(file, request);
    boolean changed = !Arrays.equals(file.read(offset, PAGE_BYTES), new byte[PAGE_BYTES]);
    file.write(offset, new byte[PAGE_BYTES]);
    return Planted.of("a page of zeros")
        .bytes(offset, PAGE_BYTES)
        .expect("INT005", "INT007", "INT008")
        .effective(changed);
  }

  private static Planted destroyLength(FileImage file, Request request) throws IOException {
    Entry record = middle(file, request);
    byte[] length = new byte[Long.BYTES];
    // 2^60.
    length[Long.BYTES - 1] = 0x10;
    file.write(record.offset() + 1, length);
    return Planted.of("length of a record set to 2^60")
        .bytes(record.offset(), FileImage.RECORD_HEAD_BYTES)
        .expect("INT008");
  }

  /// Two blocks of the records of one chunk, or of the file where there is no chunk of that size.
  private record TwoBlocks(long first, long second) {}

  private static TwoBlocks twoBlocks(FileImage file, Request request) throws IOException {
    long first = page(file, request);
    long pages = file.size() / PAGE_BYTES - 2;
    long other = (1 + request.below(pages)) * PAGE_BYTES;
    if (other == first) {
      other = other == PAGE_BYTES ? 2 * PAGE_BYTES : other - PAGE_BYTES;
    }
    return new TwoBlocks(Math.min(first, other), Math.max(first, other));
  }

  private static Planted swapBlocks(FileImage file, Request request) throws IOException {
    TwoBlocks blocks = twoBlocks(file, request);
    byte[] first = file.read(blocks.first(), PAGE_BYTES);
    byte[] second = file.read(blocks.second(), PAGE_BYTES);
    file.write(blocks.first(), second);
    file.write(blocks.second(), first);
    return Planted.of("blocks at " + blocks.first() + " and " + blocks.second() + " exchanged")
        .bytes(blocks.first(), PAGE_BYTES)
        .expect("INT007", "INT008", "INT009", "INT040")
        .effective(!Arrays.equals(first, second));
  }

  private static Planted replay(FileImage file, Request request) throws IOException {
    TwoBlocks blocks = twoBlocks(file, request);
    byte[] first = file.read(blocks.first(), PAGE_BYTES);
    byte[] second = file.read(blocks.second(), PAGE_BYTES);
    file.write(blocks.second(), first);
    return Planted.of("block at " + blocks.first() + " repeated at " + blocks.second())
        .bytes(blocks.second(), PAGE_BYTES)
        .expect("INT007", "INT008", "INT009", "INT040")
        .effective(!Arrays.equals(first, second));
  }

  private static Planted append(FileImage file, Request request) throws IOException {
    int count = request.count("bytes");
    byte[] junk = new byte[count];
    for (int i = 0; i < count; i++) {
      junk[i] = (byte) (1 + request.below(255));
    }
    long end = file.size();
    file.write(end, junk);
    return Planted.of(count + " bytes behind the end").bytes(end, count).expect("INT006");
  }

  private static Planted empty(FileImage file, Request request) throws IOException {
    boolean changed = file.size() > 0;
    file.truncate(0);
    return Planted.of("all bytes gone").bytes(0, 0).expect("INT001").effective(changed);
  }

  private static Planted pointer(FileImage file, Request request) throws IOException {
    long size = file.size();
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
    for (long at = 0; at < size; at += PIECE_BYTES) {
      digest.update(file.read(at, (int) Math.min(PIECE_BYTES, size - at)));
    }
    String text =
        "version https://git-lfs.spec/v1\noid sha256:"
            + HexFormat.of().formatHex(digest.digest())
            + "\nsize "
            + size
            + "\n";
    file.truncate(0);
    file.write(0, text.getBytes(StandardCharsets.US_ASCII));
    return Planted.of("git-LFS pointer instead of " + size + " bytes")
        .bytes(0, text.length())
        .expect("INT004");
  }
}
