package dev.lockstep.check.integrity;

import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.testing.DefectCheckContract;
import java.util.List;

class ChainBrokenTest implements DefectCheckContract {
  @Override
  public DefectCheck check() {
    return new ChainBroken();
  }

  @Override
  public List<Defect> violating() {
    return List.of(
        Defect.of(
            DefectKind.CHAIN_BROKEN,
            Location.bytes("v1.0-mini/sample.json", 2040, 255).withMessages(8, 8),
            new Evidence.Violation(
                "sample.next of 39586f9d59004284a7114a68825e8eec",
                "row 11, whose prev is row 10",
                "mutual links")));
  }

  @Override
  public String expected() {
    return """
    error INT036 chain-broken: chain of rows is broken: sample.next of 39586f9d59004284a7114a68825e8eec row 11, whose prev is row 10 (expected mutual links)
      at row 8, v1.0-mini/sample.json, byte 2040+255\
    """;
  }
}
