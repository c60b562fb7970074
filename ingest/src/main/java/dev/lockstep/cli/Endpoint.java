package dev.lockstep.cli;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads `HOST:PORT`.
final class Endpoint {
  private static final Pattern ADDRESS = Pattern.compile("(?:(.*):)?([0-9]{1,5})");
  private static final int MAX_PORT = 65_535;

  private Endpoint() {}

  /// The address that `text` names; loopback where it gives a port alone.
  ///
  /// @throws IllegalArgumentException if it names none
  static InetSocketAddress parse(String option, String text) {
    Matcher matcher = ADDRESS.matcher(text);
    if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > MAX_PORT) {
      throw new IllegalArgumentException(
          option + ": " + text + " (expected HOST:PORT, [IPV6]:PORT or PORT)");
    }
    int port = Integer.parseInt(matcher.group(2));
    String host = matcher.group(1);
    try {
      InetAddress address =
          host == null ? InetAddress.getLoopbackAddress() : InetAddress.getByName(host);
      return new InetSocketAddress(address, port);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(option + ": " + host + ": unknown host", e);
    }
  }
}
