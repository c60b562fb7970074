package dev.lockstep.server;

import dev.lockstep.session.SessionLimits;
import dev.lockstep.store.StoreOptions;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// How a server is set up.
///
/// @param listen where it listens; port 0 takes a free one
/// @param store folder of the store; made if it is not there
/// @param tokens file of tokens, or null for none
/// @param tls certificate and key, or null for plain TCP
/// @param maxConnections most connections
/// @param maxConnectionsPerAddress most connections from one address
/// @param checkThreads threads that check what is stored
/// @param storeOptions bounds of the store
/// @param limits bounds of a connection
public record ServerOptions(
    InetSocketAddress listen,
    Path store,
    @Nullable Path tokens,
    @Nullable Tls tls,
    int maxConnections,
    int maxConnectionsPerAddress,
    int checkThreads,
    StoreOptions storeOptions,
    SessionLimits limits) {

  /// PEM files.
  ///
  /// @param certificate chain of the server
  /// @param key its key, PKCS#8
  /// @param clientAuthority whom client certificates must come from, or null to ask for none
  public record Tls(Path certificate, Path key, @Nullable Path clientAuthority) {}

  /// Plain, without tokens: for loopback.
  public static ServerOptions of(InetSocketAddress listen, Path store) {
    return new ServerOptions(
        listen,
        store,
        null,
        null,
        512,
        512,
        Math.max(1, Runtime.getRuntime().availableProcessors() / 2),
        StoreOptions.DEFAULT,
        SessionLimits.DEFAULT);
  }

  /// The same with other bounds of the store.
  public ServerOptions withStore(StoreOptions changed) {
    return with(tokens, tls, Connections.of(this), changed, limits);
  }

  /// The same with other bounds of a connection.
  public ServerOptions withLimits(SessionLimits changed) {
    return with(tokens, tls, Connections.of(this), storeOptions, changed);
  }

  /// The same with tokens.
  public ServerOptions withTokens(Path file) {
    return with(file, tls, Connections.of(this), storeOptions, limits);
  }

  /// The same over TLS.
  public ServerOptions withTls(Tls files) {
    return with(tokens, files, Connections.of(this), storeOptions, limits);
  }

  /// The same with at most so many connections, in all and from one address.
  public ServerOptions withConnections(int most, int mostFromOne) {
    return with(tokens, tls, new Connections(most, mostFromOne), storeOptions, limits);
  }

  private record Connections(int most, int mostFromOne) {
    static Connections of(ServerOptions options) {
      return new Connections(options.maxConnections, options.maxConnectionsPerAddress);
    }
  }

  private ServerOptions with(
      @Nullable Path newTokens,
      @Nullable Tls newTls,
      Connections connections,
      StoreOptions newStore,
      SessionLimits newLimits) {
    return new ServerOptions(
        listen,
        store,
        newTokens,
        newTls,
        connections.most,
        connections.mostFromOne,
        checkThreads,
        newStore,
        newLimits);
  }
}
