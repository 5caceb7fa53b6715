package io.easyagent.sidecar.supervise;

import io.easyagent.sidecar.linux.Proc;
import io.easyagent.sidecar.linux.ProcStat;
import io.easyagent.sidecar.linux.ProcessIdentity;
import io.easyagent.sidecar.process.ProcessEnd;
import java.util.Optional;

/** Reads from a zombie how its process ended. */
final class EndReader {
  private static final int SIGNAL_BITS = 0x7f;

  private final Proc proc;
  private final LaunchChain chain;

  EndReader(Proc proc, LaunchChain chain) {
    this.proc = proc;
    this.chain = chain;
  }

  /**
   * The end of a process that has ended.
   *
   * @param lastOutput the reason when the program was never reached
   */
  ProcessEnd read(LaunchRecord launch, ProcessIdentity child, String lastOutput) {
    Optional<ProcStat> zombie = proc.findStat(child).filter(ProcStat::hasEnded);
    if (zombie.isEmpty() || zombie.get().parent() != launch.keeper().pid()) {
      return new ProcessEnd.Unknown("its keeper ended first");
    }
    if (launch.foreignUser() && !proc.seesEveryWaitStatus()) {
      return new ProcessEnd.Unknown(
          "the sidecar may not see another user's exit status (it lacks CAP_SYS_PTRACE)");
    }
    ProcessEnd end = decode(zombie.get().waitStatus());
    if (!end.succeeded() && chain.isOnTheWay(zombie.get().command(), launch.program())) {
      return new ProcessEnd.NotStarted(
          lastOutput.isEmpty() ? zombie.get().command() + " failed" : lastOutput);
    }
    return end;
  }

  /** As wait(2) has it; see the macros in sys/wait.h. */
  static ProcessEnd decode(int waitStatus) {
    int signal = waitStatus & SIGNAL_BITS;
    return signal == 0
        ? new ProcessEnd.Exited(waitStatus >> 8 & 0xff)
        : new ProcessEnd.Signalled(signal);
  }
}
