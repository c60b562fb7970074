package dev.lockstep.check.integrity;

import dev.lockstep.check.CheckSink;
import dev.lockstep.model.Block;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.model.Severity;
import dev.lockstep.model.StoredBlocks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.eclipse.collections.api.map.primitive.MutableIntIntMap;
import org.eclipse.collections.impl.factory.primitive.IntIntMaps;
import org.eclipse.collections.impl.list.mutable.primitive.IntArrayList;
import org.jspecify.annotations.Nullable;

/// Aligns the messages of one stream with those that the manifest stores, and names each difference
/// once.
///
/// As long as sums agree, one position moves along both. Where they part, computed messages are
/// held until [#CONFIRM] in a row agree again: in place (messages were changed) or, where that has
/// not come about within [#PATIENCE] messages, further on in the manifest (messages are missing) or
/// behind it (messages were added), whichever is nearest. Looking in place first keeps two
/// exchanged neighbours from passing for a loss and an addition. At most [#WINDOW] messages are
/// held; a difference that long is reported as one changed range.
///
/// Changed ranges that hold the content of another stored block are kept until the end, to tell an
/// exchange (two findings that explain each other) from a replay.
final class BlockAlignment {
  /// Messages that must agree before the two are taken for aligned again. The chance that three
  /// unrelated messages agree is 2^-96.
  static final int CONFIRM = 3;

  /// Messages that must disagree in place before a loss or an addition is considered. Judged:
  /// longer than any exchange of neighbouring blocks at the default limits.
  static final int PATIENCE = 256;

  /// Messages looked ahead for the place where both agree again. Judged: minutes of any sensor.
  static final int WINDOW = 4096;

  private final String stream;
  private final StoredBlocks stored;
  private final CheckSink sink;
  private final StampComparison stamps;
  private final IntArrayList held = new IntArrayList();

  /// For each held message the computed block that holds it, and its place in that.
  private final List<Block> heldBlocks = new ArrayList<>();

  private final IntArrayList heldPlaces = new IntArrayList();
  private final IntArrayList foreign = new IntArrayList();
  private final IntArrayList foreignContent = new IntArrayList();
  private @Nullable MutableIntIntMap blockByCrc;
  private @Nullable Block current;
  private int nextTry = CONFIRM;

  /// Index of the next computed message, the held ones not included.
  private long computed;

  /// Index of the stored message that it should equal.
  private long expected;

  BlockAlignment(String stream, StoredBlocks stored, CheckSink sink) {
    this.stream = stream;
    this.stored = stored;
    this.sink = sink;
    this.stamps = new StampComparison(sink);
  }

  void accept(Block block) {
    for (int i = 0; i < block.messages(); i++) {
      int crc = block.messageCrc32c().get(i);
      if (held.isEmpty() && expected < stored.messages(stream) && storedCrc(expected) == crc) {
        agreed(block, i);
      } else {
        held.add(crc);
        heldBlocks.add(block);
        heldPlaces.add(i);
        if (held.size() >= nextTry) {
          realign(false);
        }
      }
    }
  }

  /// The computed stream has ended: whatever is still held or still stored is a difference.
  void end() {
    while (!held.isEmpty()) {
      realign(true);
    }
    long left = stored.messages(stream) - expected;
    if (left > 0) {
      missing(left);
    }
    stamps.end();
    reportForeign();
  }

  /// Both sides hold the next message: only its stamp may still differ.
  private void agreed(Block block, int place) {
    stamps.accept(storedBlock(expected), expected, block, place, computed);
    computed++;
    expected++;
  }

  private Block storedBlock(long message) {
    Block block = current;
    if (block == null || message < block.firstMessage() || message > block.lastMessage()) {
      block = stored.block(stream, stored.blockOf(stream, message));
      current = block;
    }
    return block;
  }

  private int storedCrc(long message) {
    Block block = storedBlock(message);
    return block.messageCrc32c().get((int) (message - block.firstMessage()));
  }

  private void realign(boolean ended) {
    int count = held.size();
    for (int distance = 1; distance <= count; distance++) {
      if (agrees(distance, distance, ended)) {
        changed(distance);
        take(distance, distance);
        return;
      }
    }
    long ahead = stored.messages(stream) - expected;
    if (ended || count >= PATIENCE) {
      for (int distance = 1; distance <= Math.max(count, Math.min(ahead, WINDOW)); distance++) {
        if (agrees(0, distance, ended)) {
          missing(distance);
          take(0, distance);
          return;
        }
        if (agrees(distance, 0, ended)) {
          added(distance);
          take(distance, 0);
          return;
        }
      }
    }
    if (ended || count >= WINDOW) {
      int paired = (int) Math.min(count, ahead);
      if (paired > 0) {
        changed(paired);
      }
      if (count > paired) {
        added(count - paired);
      }
      take(count, paired);
    } else {
      nextTry = Math.min(WINDOW, count * 2);
    }
  }

  /// Whether both agree from held message `from` and `skip` stored messages further on: for
  /// [#CONFIRM] messages, or up to the common end.
  private boolean agrees(int from, int skip, boolean ended) {
    long left = stored.messages(stream) - expected - skip;
    int available = held.size() - from;
    if (left < 0 || available < 0) {
      return false;
    }
    if (available < CONFIRM || left < CONFIRM) {
      // Short of confirmation, only a common end counts; both being empty is one.
      if (!ended || available != left) {
        return false;
      }
    }
    int n = (int) Math.min(CONFIRM, Math.min(available, left));
    for (int i = 0; i < n; i++) {
      if (held.get(from + i) != storedCrc(expected + skip + i)) {
        return false;
      }
    }
    return true;
  }

  /// Moves on past a difference, and then as far as both agree.
  private void take(int messages, int storedMessages) {
    int at = messages;
    computed += messages;
    expected += storedMessages;
    long end = stored.messages(stream);
    while (at < held.size() && expected < end && held.get(at) == storedCrc(expected)) {
      agreed(heldBlocks.get(at), heldPlaces.get(at));
      at++;
    }
    heldBlocks.subList(0, at).clear();
    int[] places = heldPlaces.toArray();
    heldPlaces.clear();
    heldPlaces.addAll(Arrays.copyOfRange(places, at, places.length));
    int[] rest = new int[held.size() - at];
    for (int i = 0; i < rest.length; i++) {
      rest[i] = held.get(at + i);
    }
    held.clear();
    held.addAll(rest);
    nextTry = CONFIRM;
  }

  private void changed(int messages) {
    if (messages == 2
        && held.get(0) == storedCrc(expected + 1)
        && held.get(1) == storedCrc(expected)) {
      sink.report(
          Severity.ERROR,
          "messages were exchanged",
          at(computed, computed + 1),
          new Evidence.Change(
              "order",
              expected + ", " + (expected + 1),
              (expected + 1) + ", " + expected,
              blockName(expected)));
      return;
    }
    int done = 0;
    while (done < messages) {
      long message = expected + done;
      Block block = stored.block(stream, stored.blockOf(stream, message));
      int inBlock = (int) Math.min(messages - done, block.lastMessage() - message + 1);
      int other =
          message == block.firstMessage() && inBlock == block.messages()
              ? blockHolding(done, inBlock)
              : -1;
      if (other >= 0) {
        foreign.add((int) block.index());
        foreignContent.add(other);
      } else {
        reportChanged(done, inBlock, block);
      }
      done += inBlock;
    }
  }

  private void reportChanged(int from, int count, Block block) {
    int first = -1;
    int last = -1;
    int differing = 0;
    for (int i = from; i < from + count; i++) {
      if (held.get(i) != storedCrc(expected + i)) {
        first = first < 0 ? i : first;
        last = i;
        differing++;
      }
    }
    if (differing == 0) {
      return;
    }
    Evidence evidence =
        differing == 1
            ? Evidence.Mismatch.ofCrc(
                "CRC-32C of message " + (computed + first) + " in block " + block.index(),
                storedCrc(expected + first),
                held.get(first))
            : new Evidence.Violation(
                "CRC-32C of " + differing + " messages in block " + block.index(),
                "different",
                "as sealed");
    Location at = at(computed + first, computed + last);
    Block changed = heldBlocks.get(first);
    int place = heldPlaces.get(first);
    sink.report(
        Severity.ERROR,
        "content was changed",
        differing == 1 ? changed.places().narrow(at, place) : at,
        evidence);
  }

  /// The stored block whose messages equal the held ones from `from` on, or -1.
  private int blockHolding(int from, int count) {
    MutableIntIntMap byCrc = blockByCrc;
    if (byCrc == null) {
      byCrc = IntIntMaps.mutable.empty();
      for (int b = 0; b < stored.blocks(stream); b++) {
        byCrc.put(stored.block(stream, b).messageCrc32c().get(0), b);
      }
      blockByCrc = byCrc;
    }
    int b = byCrc.getIfAbsent(held.get(from), -1);
    if (b < 0) {
      return -1;
    }
    Block block = stored.block(stream, b);
    if (block.messages() != count) {
      return -1;
    }
    for (int i = 0; i < count; i++) {
      if (block.messageCrc32c().get(i) != held.get(from + i)) {
        return -1;
      }
    }
    return b;
  }

  private void reportForeign() {
    boolean[] told = new boolean[foreign.size()];
    for (int i = 0; i < foreign.size(); i++) {
      if (told[i]) {
        continue;
      }
      int block = foreign.get(i);
      int content = foreignContent.get(i);
      Block place = stored.block(stream, block);
      int partner = -1;
      for (int j = i + 1; j < foreign.size() && partner < 0; j++) {
        if (foreign.get(j) == content && foreignContent.get(j) == block) {
          partner = j;
        }
      }
      Location at = at(place.firstMessage(), place.lastMessage());
      if (partner >= 0) {
        told[partner] = true;
        sink.report(
            Severity.ERROR,
            "blocks were exchanged",
            at,
            new Evidence.Change(
                "order of blocks", block + ", " + content, content + ", " + block, ""));
      } else {
        sink.report(
            Severity.ERROR,
            "block was replayed",
            at,
            new Evidence.Violation(
                "block " + block, "holds the content of block " + content, "its own"));
      }
    }
  }

  private void missing(long messages) {
    long last = expected + messages - 1;
    String blocks =
        stored.blockOf(stream, expected) == stored.blockOf(stream, last)
            ? blockName(expected)
            : blockName(expected) + " to " + blockName(last);
    sink.report(
        Severity.ERROR,
        "messages were lost after sealing",
        at(computed, computed),
        new Evidence.Loss(
            messages == 1 ? "message" : "messages",
            messages,
            "sealed as " + expected + (messages == 1 ? "" : ".." + last) + " in " + blocks));
  }

  private void added(int messages) {
    sink.report(
        Severity.ERROR,
        "messages were added after sealing",
        at(computed, computed + messages - 1),
        new Evidence.Violation(
            messages == 1 ? "1 message" : messages + " messages", "added", "none"));
  }

  private String blockName(long message) {
    return "block " + stored.blockOf(stream, message);
  }

  private Location at(long first, long last) {
    return Location.stream(stream).withMessages(first, last);
  }
}
