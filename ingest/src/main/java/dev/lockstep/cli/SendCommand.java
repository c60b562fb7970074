package dev.lockstep.cli;

import dev.lockstep.check.Verdict;
import dev.lockstep.client.PemSockets;
import dev.lockstep.client.SendClient;
import dev.lockstep.client.SendListener;
import dev.lockstep.client.SendOptions;
import dev.lockstep.client.StandardInputSpool;
import dev.lockstep.wire.HelloParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lockstep send`: the reference client of the ingest protocol.
@Command(
    name = "send",
    description = {
      "Sends a recording to 'lockstep serve' and waits until it is stored, checked and sealed;"
          + " reconnects and resumes where the server left off.",
      "FILE '-' reads standard input into a spool file first, so that neither a slow network nor a"
          + " server that is away ever holds up who writes."
    },
    footer = {
      "",
      "Exit codes:",
      "  0 stored, and the checks found no error",
      "  1 stored, and the checks found errors",
      "  2 wrong usage",
      "  3 stored, but cut off or not checked",
      "  4 not stored: refused for good, or out of patience",
      "  70 internal fault"
    })
final class SendCommand implements Callable<Integer> {
  private static final int MAX_NAME = 128;

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "FILE", description = "Recording, or - with --spool.")
  private Path file = Path.of("");

  @Parameters(index = "1", paramLabel = "HOST:PORT", description = "The server.")
  private String server = "";

  @Option(
      names = "--session",
      paramLabel = "NAME",
      description = "Session. Default: the name of the file, without its ending.")
  private @Nullable String session;

  @Option(names = "--stream", paramLabel = "NAME", description = "Stream. Default: all.")
  private String stream = "all";

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "File that holds the token, and nothing else.")
  private @Nullable Path tokenFile;

  @Option(
      names = "--tls-ca",
      paramLabel = "PEM",
      description = "Authority that signed the server's certificate; turns TLS on.")
  private @Nullable Path tlsAuthority;

  @Option(names = "--tls-cert", paramLabel = "PEM", description = "Certificate to show.")
  private @Nullable Path tlsCertificate;

  @Option(names = "--tls-key", paramLabel = "PEM", description = "Its key (PKCS#8).")
  private @Nullable Path tlsKey;

  @Option(
      names = "--part",
      paramLabel = "N",
      description = "Part to send. Default: the newest of the stream.")
  private @Nullable Integer part;

  @Option(
      names = "--follow",
      description = "The file is still being written: send until its footer has been sent.")
  private boolean follow;

  @Option(
      names = "--spool",
      paramLabel = "FILE",
      description =
          "With '-': where standard input is kept until the server has it. What a run that was"
              + " killed left there is sent before.")
  private @Nullable Path spool;

  @Option(names = "--findings", description = "Print findings as they come, a JSON line each.")
  private boolean findings;

  @Option(
      names = "--patience-s",
      paramLabel = "N",
      description = "Give up when nothing became durable for so long. Default: 60.")
  private long patienceSeconds = 60;

  @Override
  public Integer call() {
    boolean input = file.toString().equals("-");
    SendOptions options = Usage.of(spec, () -> options(input));
    try (ProgressLine progress = ProgressLine.onTerminal()) {
      SendClient.Sent sent =
          input
              ? sendInput(options, progress)
              : new SendClient(options, listener(progress)).send(file);
      progress.clear();
      System.out.printf(
          "%s: %s, part %d, %d bytes, sha256 %s%s%n",
          file,
          sent.verdict(),
          sent.part(),
          sent.bytes(),
          sent.sha256(),
          sent.complete() ? "" : ", cut off");
      if (!sent.complete() || isUnexamined(sent.verdict())) {
        return ExitCode.INCOMPLETE;
      }
      return sent.verdict().equals(Verdict.FAULTY.label()) ? ExitCode.FINDINGS : ExitCode.CLEAN;
    } catch (IOException e) {
      Messages.error(file + ": " + Messages.reason(e));
      return ExitCode.INPUT_OUTPUT;
    }
  }

  /// Sends what earlier runs left, then standard input, which is read from the first moment on.
  private SendClient.Sent sendInput(SendOptions options, ProgressLine progress) throws IOException {
    List<Path> left = StandardInputSpool.setAside(spoolFile());
    try (StandardInputSpool kept = StandardInputSpool.start(System.in, spoolFile())) {
      for (Path each : left) {
        Messages.error(each + ": left by an earlier run, is sent first");
        new SendClient(options, listener(progress)).send(each, () -> true);
        Files.delete(each);
      }
      SendClient.Sent sent =
          new SendClient(options, listener(progress)).send(kept.file(), kept::isWhole);
      IOException failure = kept.failure();
      if (failure != null) {
        throw failure;
      }
      Files.delete(kept.file());
      return sent;
    }
  }

  private static boolean isUnexamined(String verdict) {
    for (Verdict known : Verdict.values()) {
      if (known.label().equals(verdict)) {
        return false;
      }
    }
    return true;
  }

  private Path spoolFile() {
    Path kept = spool;
    if (kept == null) {
      throw new ParameterException(spec.commandLine(), "-: needs --spool FILE");
    }
    return kept;
  }

  private SendOptions options(boolean input) throws IOException {
    if (!input && !Files.isRegularFile(file)) {
      throw new IllegalArgumentException(file + ": no such file");
    }
    Path named = input ? spoolFile() : file;
    String name = session != null ? session : nameOf(named);
    for (String each : new String[] {name, stream}) {
      if (!HelloParser.isName(each)) {
        throw new IllegalArgumentException(
            each
                + ": no name (expected a letter or digit, then letters, digits, '.', '_' or '-';"
                + " --session and --stream give others)");
      }
    }
    String token = tokenFile == null ? null : SmallText.read(tokenFile, "a token").strip();
    SocketFactory sockets =
        tlsAuthority == null
            ? SocketFactory.getDefault()
            : PemSockets.trusting(tlsAuthority, tlsCertificate, tlsKey);
    return new SendOptions(
        Endpoint.parse("HOST:PORT", server),
        sockets,
        name,
        stream,
        token,
        part,
        follow || input,
        findings,
        Duration.ofSeconds(patienceSeconds));
  }

  private static String nameOf(Path file) {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    String stem = dot > 0 ? name.substring(0, dot) : name;
    return stem.length() > MAX_NAME ? stem.substring(0, MAX_NAME) : stem;
  }

  private SendListener listener(ProgressLine progress) {
    return new SendListener() {
      @Override
      public void progress(long durable, long known) {
        progress.of(file.toString()).at(durable, known);
      }

      @Override
      public void finding(String line) {
        System.out.println(line);
      }

      @Override
      public void note(String text) {
        progress.clear();
        Messages.error(text);
      }
    };
  }
}
