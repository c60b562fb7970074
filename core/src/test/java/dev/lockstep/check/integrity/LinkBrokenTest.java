package dev.lockstep.check.integrity;

import dev.lockstep.check.DefectCheck;
import dev.lockstep.model.Defect;
import dev.lockstep.model.DefectKind;
import dev.lockstep.model.Evidence;
import dev.lockstep.model.Location;
import dev.lockstep.testing.DefectCheckContract;
import java.util.List;

class LinkBrokenTest implements DefectCheckContract {
  @Override
  public DefectCheck check() {
    return new LinkBroken();
  }

  @Override
  public List<Defect> violating() {
    return List.of(
        Defect.of(
            DefectKind.LINK_BROKEN,
            Location.bytes("v1.0-mini/sample_data.json", 10412, 611).withMessages(17, 17),
            new Evidence.Violation(
                "sample_data.ego_pose_token of 5ace90b379af485b9dcb1584b01e7212",
                "5ace90b379af485b9dcb1584b01e7213",
                "the token of a row of ego_pose")),
        Defect.of(
            DefectKind.TOKEN_DUPLICATED,
            Location.bytes("v1.0-mini/sample.json", 2040, 255).withMessages(8, 8),
            new Evidence.Violation(
                "sample.token 39586f9d59004284a7114a68825e8eec", "also in row 7", "unique")));
  }

  @Override
  public String expected() {
    return """
    error INT035 link-broken: row refers to a row that does not exist: sample_data.ego_pose_token of 5ace90b379af485b9dcb1584b01e7212 5ace90b379af485b9dcb1584b01e7213 (expected the token of a row of ego_pose)
      at row 17, v1.0-mini/sample_data.json, byte 10412+611
    error INT035 link-broken: token stands in two rows: sample.token 39586f9d59004284a7114a68825e8eec also in row 7 (expected unique)
      at row 8, v1.0-mini/sample.json, byte 2040+255\
    """;
  }
}
