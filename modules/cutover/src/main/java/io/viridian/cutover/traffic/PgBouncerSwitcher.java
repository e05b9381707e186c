package io.viridian.cutover.traffic;

import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.plan.Side;
import io.viridian.postgres.bouncer.BouncerAddress;
import io.viridian.postgres.bouncer.BouncerConsole;
import io.viridian.postgres.bouncer.BouncerDatabase;
import io.viridian.postgres.bouncer.Warden;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * For clients behind PgBouncer. Before the fence the database is paused: transactions that run end, others wait, and
 * nobody is refused. After the switch its line in the bouncer's file leads to the owner, the bouncer reads it again and
 * resumes, so that those who waited go on there. A process of its own resumes when this one dies or stands still in
 * between.
 *
 * <p>With session pooling a pause would wait until every client has left. Such a database is not paused; its clients
 * are disconnected after the switch and connect anew. The conductor's thread.
 */
public final class PgBouncerSwitcher implements TrafficSwitcher {
    private static final Logger LOG = LoggerFactory.getLogger(PgBouncerSwitcher.class);

    /** The console answers from memory; a bouncer that does not is hanging. */
    private static final Duration ANSWER = Duration.ofSeconds(2);

    private final BouncerAddress admin;
    private final DurableFile file;
    private final String database;
    private final Function<Side, BouncerTarget> targets;
    private @Nullable Warden warden;

    /**
     * The switcher.
     *
     * @param file holds the database's line; the bouncer's configuration, or a file that it includes
     * @param database as clients call it
     * @param targets where its line leads for each owner
     */
    public PgBouncerSwitcher(BouncerAddress admin, Path file, String database, Function<Side, BouncerTarget> targets) {
        this.admin = admin;
        this.file = new DurableFile(file.toAbsolutePath());
        this.database = database;
        this.targets = targets;
    }

    @Override
    public String name() {
        return "pgbouncer " + database + " at " + admin;
    }

    @Override
    public void makeReadyToHold(Duration holds) throws InterruptedException {
        dismiss();
        try (BouncerConsole console = BouncerConsole.open(admin, ANSWER)) {
            if (entry(console).sessionPooling()) {
                LOG.info("{} pools sessions and is not paused; its clients will connect anew.", name());
                return;
            }
        }
        warden = Warden.post(admin, database, holds);
    }

    @Override
    public void hold(Duration patience) {
        Warden watching = warden;
        if (watching == null) {
            return;
        }
        try (BouncerConsole console = BouncerConsole.open(admin, ANSWER)) {
            watching.hold();
            console.patience(patience);
            console.say("PAUSE", database);
        }
    }

    @Override
    public void release() {
        try (BouncerConsole console = BouncerConsole.open(admin, ANSWER)) {
            resume(console);
        }
        Warden watching = warden;
        if (watching != null) {
            watching.done();
        }
    }

    private void resume(BouncerConsole console) {
        if (entry(console).paused()) {
            console.say("RESUME", database);
        }
    }

    private void dismiss() {
        Warden watching = warden;
        warden = null;
        if (watching != null) {
            watching.close();
        }
    }

    @Override
    public void perform(Side to) {
        lead(to);
        try (BouncerConsole console = BouncerConsole.open(admin, ANSWER)) {
            boolean elsewhere = !leads(entry(console), to);
            console.reload();
            resume(console);
            if (elsewhere && entry(console).sessionPooling()) {
                console.say("KILL", database);
                console.say("RESUME", database);
            }
        }
        dismiss();
    }

    private void lead(Side to) {
        try {
            BouncerFile now =
                    new BouncerFile(file.read().orElseThrow(() -> failed("has no file " + file.path(), null)));
            BouncerFile wanted = now.leading(database, targets.apply(to))
                    .orElseThrow(
                            () -> failed("has no line for " + database + " under [databases] in " + file.path(), null));
            if (!wanted.equals(now)) {
                file.replace(wanted.text());
            }
        } catch (IOException failure) {
            throw failed("cannot be led elsewhere: " + failure, failure);
        }
    }

    private BouncerDatabase entry(BouncerConsole console) {
        return console.find(database).orElseThrow(() -> failed("knows no database " + database, null));
    }

    private boolean leads(BouncerDatabase entry, Side to) {
        BouncerTarget target = targets.apply(to);
        return entry.host().equals(target.host())
                && entry.port() == target.port()
                && entry.database().equals(target.database());
    }

    @Override
    public boolean probe(Side to) {
        try (BouncerConsole console = BouncerConsole.open(admin, ANSWER)) {
            BouncerDatabase entry = entry(console);
            return leads(entry, to) && !entry.paused();
        }
    }

    private FaultException failed(String what, @Nullable Throwable cause) {
        Fault fault = Fault.about(FaultCode.TRAFFIC_FAILED, name(), name() + " " + what);
        return cause == null ? fault.asException() : fault.asException(cause);
    }
}
