package dev.svc0.cli;

import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Prints the script with which a shell completes commands, options and their values. */
@Command(
    name = "completion",
    description = "Print the completion script for a shell.",
    footer = {
      "",
      "Examples:",
      "  source <(./svc0 completion bash)",
      "  ./svc0 completion bash > /etc/bash_completion.d/svc0",
      "  autoload -U bashcompinit && bashcompinit && source <(./svc0 completion zsh)",
      "  ./svc0 completion fish > ~/.config/fish/completions/svc0.fish"
    })
final class CompletionCommand implements Callable<Integer> {
  /** The shells there is a script for. */
  enum Shell {
    bash,
    zsh,
    fish
  }

  @Parameters(paramLabel = "SHELL", description = "One of: ${COMPLETION-CANDIDATES}.")
  Shell shell = Shell.bash;

  @Override
  public Integer call() {
    CommandLine command = Svc0.complete();
    command.setCommandName("svc0");
    // zsh runs the same script: it brings what it needs of bash's completion into zsh.
    ImageCommand.print(
        shell == Shell.fish
            ? FishCompletion.of("svc0", command)
            : AutoComplete.bash("svc0", command));
    return 0;
  }
}
