package io.easyagent.simulator.host;

import io.easyagent.sidecar.journal.store.JournalSettings;
import io.easyagent.sidecar.prepare.Account;
import io.easyagent.sidecar.session.Backoff;
import io.easyagent.sidecar.session.ServerAddress;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * What all hosts of one simulator have together, so that a host costs a connection and no thread.
 *
 * @param state below which every host has its data folder
 * @param servers where the hosts look for their server
 * @param life tells this life of the simulator from others
 * @param threads a new virtual thread for each task
 * @param timer runs what is due; nothing that blocks
 * @param nanos monotonic
 * @param random from 0 (inclusive) to 1 (exclusive)
 * @param agents how many a host is born with
 * @param own as whom the simulator runs: every user of a simulated host is this one
 */
public record SharedParts(
    Path state,
    List<ServerAddress> servers,
    UUID life,
    Executor threads,
    ScheduledExecutorService timer,
    InstantSource wall,
    LongSupplier nanos,
    DoubleSupplier random,
    JournalSettings journals,
    Backoff reconnect,
    SimulatedProgram program,
    Witness witness,
    int agents,
    Account own) {}
