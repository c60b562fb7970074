package dev.lockstep.engine;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import org.jspecify.annotations.Nullable;

/// Where the time of a run goes, for Java Flight Recorder: an event for each unit that is scanned,
/// each that is ordered, and each rule that is applied at the end.
///
/// Classes of events are never in a start-up cache, so they are loaded only while somebody records.
final class FlightEvents {
  private final String recording;

  private FlightEvents(String recording) {
    this.recording = recording;
  }

  /// Events of one run, or null where nobody records.
  ///
  /// @param recording what the recording is called
  static @Nullable FlightEvents of(String recording) {
    return FlightRecorder.isInitialized() ? new FlightEvents(recording) : null;
  }

  /// An event that has begun now.
  Scan scan() {
    Scan event = new Scan();
    event.recording = recording;
    event.begin();
    return event;
  }

  /// An event that has begun now.
  Order order() {
    Order event = new Order();
    event.recording = recording;
    event.begin();
    return event;
  }

  /// An event that has begun now.
  ///
  /// @param check id of the check
  Rule rule(String check) {
    Rule event = new Rule();
    event.recording = recording;
    event.check = check;
    event.begin();
    return event;
  }

  /// One unit is decompressed, summed and looked into.
  @Name("lockstep.Scan")
  @Label("Unit Scanned")
  @Description("A unit of a recording is decompressed, summed and looked into")
  @Category("Lockstep")
  @StackTrace(false)
  static final class Scan extends Event {
    @Label("Recording")
    @Nullable String recording;
  }

  /// One unit is handed to the rules about streams, in its order.
  @Name("lockstep.Order")
  @Label("Unit Ordered")
  @Description("A unit of a recording is handed to the rules about streams, in its order")
  @Category("Lockstep")
  @StackTrace(false)
  static final class Order extends Event {
    @Label("Recording")
    @Nullable String recording;
  }

  /// One rule about several streams, labels or the whole recording is applied.
  @Name("lockstep.Rule")
  @Label("Rule Applied")
  @Description("A rule about several streams, labels or the whole recording is applied at its end")
  @Category("Lockstep")
  @StackTrace(false)
  static final class Rule extends Event {
    @Label("Recording")
    @Nullable String recording;

    @Label("Check")
    @Nullable String check;

    @Label("Results")
    @Description("Streams or label sets that the rule ended on")
    int results;

    @Label("Findings")
    long findings;
  }
}
