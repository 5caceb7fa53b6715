package io.easyagent.cli.host;

import io.easyagent.api.Host;
import io.easyagent.cli.console.Figures;
import io.easyagent.cli.console.Table;
import io.easyagent.cli.console.Tint;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;

/** The machines that claim to be one host, as a table, and what is to be decided. */
final class CopyTable {
  private CopyTable() {}

  static Table of(List<Host.Copy> copies, Instant now, ZoneId zone) {
    Table table =
        new Table()
            .column("COPY")
            .column("STANDING")
            .flexible("HOST")
            .column("ADDRESS")
            .flexible("MACHINE")
            .flexible("BOOT")
            .column("FIRST")
            .column("LAST");
    for (Host.Copy copy : copies) {
      table.row(
          copy.id(),
          new Table.Cell(
              switch (copy.standing()) {
                case claiming -> Tint.warning;
                case refused -> Tint.faint;
              },
              copy.standing().name()),
          shown(copy.hostName()),
          shown(copy.address()),
          shown(copy.machineId()),
          shown(copy.bootId()),
          Figures.shortTime(copy.firstSeen(), now, zone),
          Figures.shortTime(copy.lastSeen(), now, zone));
    }
    return table;
  }

  private static String shown(String text) {
    return text.isEmpty() ? "-" : text;
  }

  static String question(Host host) {
    return "decide: easyagent host resolve " + host.id() + " --keep COPY";
  }
}
