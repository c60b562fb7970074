package dev.lockstep.conformance;

import dev.lockstep.wire.ErrorCode;
import dev.lockstep.wire.Hello;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/// One kind of trouble. A scenario lives through all connections of one run of the client.
enum Scenario {
  PLAIN("sends everything", true) {
    @Override
    boolean connection(Run run, Conversation client) throws IOException, Misbehaviour {
      return run.takeRest(client, 64 << 10);
    }
  },
  DROPPED_BEFORE_OK("is cut off before the answer, twice, and comes back", true) {
    @Override
    boolean connection(Run run, Conversation client) throws IOException, Misbehaviour {
      if (run.connections <= 2) {
        client.drop();
        return false;
      }
      return run.takeRest(client, 64 << 10);
    }
  },
  DROPPED_MIDWAY("is cut off at random places and goes on at the server's byte", true) {
    @Override
    boolean connection(Run run, Conversation client) throws IOException, Misbehaviour {
      if (run.connections > 4) {
        return run.takeRest(client, 64 << 10);
      }
      run.begin(client);
      long left = run.expected.length - run.durable;
      long to = run.durable + left / 4 + run.random.nextLong(left / 4);
      client.receive(run.durable, to);
      // Less is durable than came, and acknowledged is a part of that.
      long durable = run.durable + (to - run.durable) * 3 / 4;
      client.ack(run.part, run.durable + (durable - run.durable) / 2);
      run.durable = durable;
      client.drop();
      return false;
    }
  },
  ACKS_LATE("gets its acks two seconds late", true) {
    @Override
    boolean connection(Run run, Conversation client) throws IOException, Misbehaviour {
      run.begin(client);
      client.receive(run.durable, run.expected.length);
      pause(2_000);
      client.ack(run.part, run.expected.length);
      client.done(run.part);
      return true;
    }
  },
  NO_ACKS("gets no ack but the last line", true) {
    @Override
    boolean connection(Run run, Conversation client) throws IOException, Misbehaviour {
      run.begin(client);
      client.receive(run.durable, run.expected.length);
      client.done(run.part);
      return true;
    }
  },
  SERVER_READS_SLOWLY("meets a server that stops reading for two seconds", true) {
    @Override
    boolean connection(Run run, Conversation client) throws IOException, Misbehaviour {
      run.begin(client);
      client.receive(run.durable, run.expected.length / 3);
      pause(2_000);
      client.receive(run.expected.length / 3, run.expected.length);
      client.done(run.part);
      return true;
    }
  },
  UNKNOWN_LINES("is told things that it does not know", true) {
    @Override
    boolean connection(Run run, Conversation client) throws IOException, Misbehaviour {
      run.begin(client);
      client.say("{\"t\":\"news\",\"of\":[1,{}]}\n".getBytes(StandardCharsets.UTF_8));
      client.receive(run.durable, run.expected.length);
      client.say(
          ("{\"new\":{\"deep\":[]},\"t\":\"ack\",\"part\":0,\"durable\":"
                  + run.expected.length
                  + "}\n")
              .getBytes(StandardCharsets.UTF_8));
      client.done(run.part);
      return true;
    }
  },
  STORAGE_MIDWAY("is sent away by 'storage' and comes back after the time that it is told", true) {
    @Override
    boolean connection(Run run, Conversation client) throws IOException, Misbehaviour {
      if (run.connections > 1) {
        run.expectPause();
        return run.takeRest(client, 64 << 10);
      }
      run.begin(client);
      client.receive(0, run.expected.length / 2);
      run.durable = run.expected.length / 2;
      client.ack(run.part, run.durable);
      client.errorForASecond(ErrorCode.STORAGE);
      run.sentAway();
      client.awaitEnd();
      return false;
    }
  },
  QUOTA_AT_HELLO("is sent away by 'quota' at its hello", true) {
    @Override
    boolean connection(Run run, Conversation client) throws IOException, Misbehaviour {
      if (run.connections > 1) {
        run.expectPause();
        return run.takeRest(client, 64 << 10);
      }
      client.errorForASecond(ErrorCode.QUOTA);
      run.sentAway();
      client.awaitEnd();
      return false;
    }
  },
  GAP("is told that less is stored than it thinks", true) {
    @Override
    boolean connection(Run run, Conversation client) throws IOException, Misbehaviour {
      if (run.connections == 1) {
        run.begin(client);
        client.receive(0, run.expected.length / 2);
        client.ack(run.part, run.expected.length / 2);
        run.durable = run.expected.length / 4;
        client.drop();
        return false;
      }
      if (client.hello().offset() > run.durable) {
        client.error(ErrorCode.GAP, run.part, run.durable);
        client.awaitEnd();
        return false;
      }
      return run.takeRest(client, 64 << 10);
    }
  },
  DIVERGED("is told that other bytes are stored, and opens the next part", true) {
    @Override
    boolean connection(Run run, Conversation client) throws IOException, Misbehaviour {
      if (run.connections == 1) {
        client.error(ErrorCode.DIVERGED, 0, run.expected.length / 2);
        client.awaitEnd();
        return false;
      }
      run.expectPart(client.hello(), 1);
      return run.takeRest(client, 64 << 10);
    }
  },
  OTHER_BYTES("sees by tail_crc32c that other bytes are stored, and opens the next part", true) {
    @Override
    boolean connection(Run run, Conversation client) throws IOException, Misbehaviour {
      if (run.connections == 1) {
        client.okWithOtherBytes(0, run.expected.length / 2);
        return false;
      }
      run.expectPart(client.hello(), 1);
      return run.takeRest(client, 64 << 10);
    }
  },
  SEALED_BEFORE("is told at once that the part is done", true) {
    @Override
    boolean connection(Run run, Conversation client) throws IOException {
      client.done(0);
      client.awaitEnd();
      return true;
    }
  },
  FENCED("stops when it is fenced, and says that it failed", false) {
    @Override
    boolean connection(Run run, Conversation client) throws IOException, Misbehaviour {
      return run.refuse(client, ErrorCode.FENCED, 2);
    }
  },
  AUTH("stops when it may not write, and says that it failed", false) {
    @Override
    boolean connection(Run run, Conversation client) throws IOException, Misbehaviour {
      return run.refuse(client, ErrorCode.AUTH, 0);
    }
  },
  MALFORMED("stops when its bytes are refused, and says that it failed", false) {
    @Override
    boolean connection(Run run, Conversation client) throws IOException, Misbehaviour {
      return run.refuse(client, ErrorCode.MALFORMED, 2);
    }
  };

  final String words;

  /// Whether the client is to end well.
  final boolean succeeds;

  Scenario(String words, boolean succeeds) {
    this.words = words;
    this.succeeds = succeeds;
  }

  /// Plays the next connection; whether the client has nothing left to do.
  abstract boolean connection(Run run, Conversation client) throws IOException, Misbehaviour;

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// What outlives a connection.
  static final class Run {
    private static final long RETRY_NS = 1_000_000_000L;

    final byte[] expected;
    final Random random;
    int connections;
    int part;
    long durable;
    private long sentAwayNs;

    Run(byte[] expected, long seed) {
      this.expected = expected;
      this.random = new Random(seed);
    }

    void begin(Conversation client) throws IOException, Misbehaviour {
      if (client.hello().offset() > durable) {
        throw new Misbehaviour(
            "offset: "
                + client.hello().offset()
                + " (never acknowledged more than "
                + durable
                + ")");
      }
      client.ok(part, durable);
    }

    boolean takeRest(Conversation client, int step) throws IOException, Misbehaviour {
      begin(client);
      while (durable < expected.length) {
        long to = Math.min(expected.length, durable + step);
        client.receive(durable, to);
        durable = to;
        client.ack(part, durable);
      }
      client.done(part);
      return true;
    }

    boolean refuse(Conversation client, ErrorCode code, int after)
        throws IOException, Misbehaviour {
      if (connections > 1) {
        throw new Misbehaviour("came back after '" + code.label() + "'");
      }
      if (after > 0) {
        begin(client);
        client.receive(0, expected.length / after);
      }
      client.error(code, part, durable);
      client.awaitEnd();
      return true;
    }

    void sentAway() {
      sentAwayNs = System.nanoTime();
    }

    void expectPause() throws Misbehaviour {
      long waited = System.nanoTime() - sentAwayNs;
      // A tenth for clocks that are read in another order.
      if (waited < RETRY_NS * 9 / 10) {
        throw new Misbehaviour(
            "came back after " + waited / 1_000_000 + " ms (retry_after_s was 1)");
      }
    }

    void expectPart(Hello hello, int number) throws Misbehaviour {
      Integer asked = hello.part();
      if (asked == null || asked != number || hello.offset() != 0) {
        throw new Misbehaviour(
            "part " + asked + ", offset " + hello.offset() + " (expected part 1 from byte 0)");
      }
      part = number;
      durable = 0;
    }
  }
}
