package dev.lockstep.source.folder;

import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Finds tables whose first line says that they do not tell how a sensor turned, although the
/// layout says so; and which two of them stand in each other's place.
final class ExchangedTables {
  private ExchangedTables() {}

  /// A stream whose table contradicts its layout.
  private record Wrong(FolderStream stream, TextTable table, Layout.Turns turns, String what) {
    static @Nullable Wrong of(FolderStream stream) {
      if (stream.table() instanceof TextTable table) {
        Layout.Turns turns = table.turns();
        Heading heading = table.heading();
        String what = turns == null || heading == null ? null : heading.contradiction(turns);
        return turns == null || what == null ? null : new Wrong(stream, table, turns, what);
      }
      return null;
    }

    boolean fits(Wrong other) {
      Heading heading = table.heading();
      return heading != null && heading.fits(other.turns);
    }
  }

  /// Tells of each such table, of two that were exchanged once. Nothing is read from their columns
  /// but stamps.
  static void find(List<FolderStream> streams, List<Defect> defects) {
    List<Wrong> wrong = new ArrayList<>();
    for (FolderStream stream : streams) {
      Wrong one = Wrong.of(stream);
      if (one != null) {
        wrong.add(one);
      }
    }
    while (!wrong.isEmpty()) {
      Wrong one = wrong.removeFirst();
      one.table.forgetTurns();
      Wrong partner = null;
      for (Wrong other : wrong) {
        if (partner == null && one.fits(other) && other.fits(one)) {
          partner = other;
        }
      }
      String observed = one.what;
      String expected = one.turns.words();
      if (partner != null) {
        wrong.remove(partner);
        partner.table.forgetTurns();
        observed += ", and that of " + partner.stream.info().name() + " tells " + expected;
        expected += ": the two tables were exchanged";
      }
      defects.add(
          Defect.of(
              DefectKind.LAYOUT_BROKEN,
              Location.stream(one.stream.info().name()).withFile(one.table.name()),
              new Evidence.Violation("what the first line says", observed, expected)));
    }
  }
}
