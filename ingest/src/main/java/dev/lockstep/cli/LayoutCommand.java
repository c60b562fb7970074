package dev.lockstep.cli;

import dev.lockstep.source.folder.FolderFormat;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `lockstep layout`: the layouts that come with the program, and what a layout may say.
@Command(
    name = "layout",
    description = "Lists the known layouts of folders, or shows one, to use or to change.")
final class LayoutCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "A known layout: it is shown.")
  private @Nullable String name;

  @Option(names = "--schema", description = "Show the JSON Schema of layouts.")
  private boolean schema;

  @Override
  public void run() {
    String known = name;
    if (schema) {
      System.out.print(FolderFormat.schema());
    } else if (known != null) {
      System.out.print(Usage.of(spec, () -> FolderFormat.preset(known)));
    } else {
      for (String preset : FolderFormat.presets()) {
        String first = FolderFormat.preset(preset).lines().findFirst().orElse("");
        System.out.println(preset + "  " + first.replaceFirst("# ", ""));
      }
    }
  }
}
