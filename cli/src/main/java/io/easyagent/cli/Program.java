package io.easyagent.cli;

import io.easyagent.cli.access.AuditCommands;
import io.easyagent.cli.access.AuthorityCommands;
import io.easyagent.cli.access.EnrollTokenCommands;
import io.easyagent.cli.access.LoginCommand;
import io.easyagent.cli.access.SecretCommands;
import io.easyagent.cli.access.TokenCommands;
import io.easyagent.cli.agent.AgentCommands;
import io.easyagent.cli.agent.ApplyCommand;
import io.easyagent.cli.artifact.PackageCommands;
import io.easyagent.cli.batch.BatchCommands;
import io.easyagent.cli.batch.OperationCommands;
import io.easyagent.cli.console.Line;
import io.easyagent.cli.console.Tint;
import io.easyagent.cli.event.EventsCommand;
import io.easyagent.cli.exec.ExecCommand;
import io.easyagent.cli.host.HostCommands;
import io.easyagent.cli.remote.HostAddCommand;
import io.easyagent.cli.session.ExitStatus;
import io.easyagent.cli.session.Failures;
import io.easyagent.cli.session.Session;
import io.easyagent.cli.sidecar.SidecarCommands;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** All commands in one tree, and what becomes of a command line. */
public final class Program {
  private static final int WIDEST_HELP = 100;

  private final Session session;
  private final CommandLine commands;

  public Program(Session session) {
    this.session = session;
    this.commands =
        new CommandLine(new EasyAgentCommand(session.options()))
            .addSubcommand(new ServerCommand())
            .addSubcommand(new LoginCommand(session))
            .addSubcommand(
                group(new HostCommands(session))
                    .addSubcommand(
                        new HostAddCommand(
                            session,
                            session.home(),
                            System.getProperty("user.name", "root"),
                            TerminalProbe::askSecret)))
            .addSubcommand(group(new EnrollTokenCommands(session)))
            .addSubcommand(group(new PackageCommands(session)))
            .addSubcommand(group(new SidecarCommands(session)))
            .addSubcommand(new ApplyCommand(session))
            .addSubcommand(group(new AgentCommands(session)))
            .addSubcommand(new ExecCommand(session))
            .addSubcommand(group(new BatchCommands(session)))
            .addSubcommand(group(new OperationCommands(session)))
            .addSubcommand(new EventsCommand(session))
            .addSubcommand(group(new AuditCommands(session)))
            .addSubcommand(group(new TokenCommands(session)))
            .addSubcommand(group(new AuthorityCommands(session)))
            .addSubcommand(group(new SecretCommands(session)))
            .addSubcommand(new VersionCommand(session))
            .addSubcommand(new CompletionCommand(session));
    configure();
  }

  private static CommandLine group(Object commands) {
    return new CommandLine(commands);
  }

  private void configure() {
    addHelp(commands);
    commands
        .setExpandAtFiles(false)
        .setUsageHelpWidth(Math.clamp(session.console().terminal().width(), 60, WIDEST_HELP))
        .setColorScheme(
            CommandLine.Help.defaultColorScheme(
                session.console().terminal().output() && session.console().terminal().colours()
                    ? Ansi.ON
                    : Ansi.OFF))
        .setParameterExceptionHandler((wrong, arguments) -> report(wrong))
        .setExecutionExceptionHandler((failure, command, parsed) ->
            Failures.report(session.console(), failure, session.options().debug()));
  }

  private static void addHelp(CommandLine command) {
    CommandSpec spec = command.getCommandSpec();
    spec.addOption(
        CommandLine.Model.OptionSpec.builder("-h", "--help")
            .usageHelp(true)
            .arity("0")
            .type(boolean.class)
            .description("show this")
            .build());
    spec.usageMessage().sortOptions(true);
    for (Map.Entry<String, CommandLine> sub : command.getSubcommands().entrySet()) {
      addHelp(sub.getValue());
    }
  }

  /** Every command that can be typed, with its parents' names. */
  List<String> commandNames() {
    List<String> names = new ArrayList<>();
    collectNames(commands, names);
    return names;
  }

  private static void collectNames(CommandLine command, List<String> names) {
    if (command.getSubcommands().isEmpty()) {
      names.add(command.getCommandSpec().qualifiedName());
    }
    command.getSubcommands().values().forEach(sub -> collectNames(sub, names));
  }

  /** Runs one command line and gives the exit status. */
  public int run(String... arguments) {
    StringWriter help = new StringWriter();
    commands.setOut(new PrintWriter(help));
    try {
      int status = commands.execute(arguments);
      commands.getOut().flush();
      if (!help.toString().isEmpty()) {
        session.console().printHelp(help.toString());
      }
      return status;
    } finally {
      session.console().flush();
    }
  }

  private int report(ParameterException wrong) {
    CommandLine command = wrong.getCommandLine();
    session.console().note(Line.of(Tint.bad, "error: ").add(UsageText.of(wrong)));
    session.console().note("  " + command.getCommandSpec().qualifiedName() + " --help tells more");
    return ExitStatus.USAGE;
  }
}
