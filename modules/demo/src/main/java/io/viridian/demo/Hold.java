package io.viridian.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/** Stays in READY, so that somebody can click around and try the verbs, until they press Enter or Ctrl-C. */
final class Hold {
    private final Narrator narrator;
    private final Path configuration;
    private final String migration;
    private final URI dashboard;

    Hold(Narrator narrator, Path configuration, String migration, URI dashboard) {
        this.narrator = narrator;
        this.configuration = configuration;
        this.migration = migration;
        this.dashboard = dashboard;
    }

    void untilAsked() throws InterruptedException {
        narrator.plain("");
        narrator.plain("The shop goes on selling. Look at %s/, and try in another terminal:", dashboard);
        for (String verb : List.of(
                "status",
                "watch",
                "tables",
                "verify --wait",
                "rehearse --wait",
                "cutover --wait --confirm " + migration,
                "rollback --wait --confirm " + migration,
                "events -f",
                "report",
                "finalize --wait --confirm " + migration)) {
            String name = verb.replaceFirst(" .*", "");
            narrator.plain("  ./viridian %s -c %s%s", name, configuration, verb.substring(name.length()));
        }
        narrator.plain("Enter ends it and checks the ledger; Ctrl-C ends it at once. Both leave nothing behind.");
        try {
            if (System.in.read() < 0) {
                // Nobody sits at a terminal: only a signal ends it.
                new CountDownLatch(1).await();
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
