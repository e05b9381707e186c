package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.plan.Side;
import io.viridian.testkit.ledger.Dialect;
import io.viridian.testkit.ledger.LedgerConfig;
import io.viridian.testkit.ledger.LedgerReport;
import io.viridian.testkit.ledger.LedgerWorkload;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.UnaryOperator;

/** The ledger's writers on a rig's two databases. For the test's thread. */
final class Ledger implements AutoCloseable {
    /** A table that is part of every migration under the ledger. */
    static final String TABLE = "bank.counters";

    private final Rig rig;
    private final LedgerConfig config;
    private final LedgerWorkload workload;

    private Ledger(Rig rig, LedgerConfig config, LedgerWorkload workload) {
        this.rig = rig;
        this.config = config;
        this.workload = workload;
    }

    static LedgerConfig config(Rig rig) {
        return LedgerConfig.of(
                rig.directory.resolve("ledger"),
                io.viridian.testkit.ledger.Side.of("blue", rig.blue, rig.blueDatabase),
                io.viridian.testkit.ledger.Side.of("green", rig.green, rig.greenDatabase));
    }

    /** Creates the bank on blue and lets writers loose on it. */
    static Ledger open(Rig rig, UnaryOperator<LedgerConfig> how) throws SQLException {
        LedgerConfig config = how.apply(config(rig));
        try (Connection blue = rig.connect(Side.BLUE)) {
            LedgerWorkload.install(blue, config);
        }
        return started(rig, config);
    }

    /** Lets writers loose on a bank that is there. */
    static Ledger started(Rig rig, LedgerConfig config) {
        return new Ledger(rig, config, LedgerWorkload.start(config));
    }

    LedgerWorkload workload() {
        return workload;
    }

    LedgerConfig config() {
        return config;
    }

    /** A table that is part of every migration under the ledger, as that side calls it. */
    String tableOn(Side side) {
        return dialect(side).table("counters");
    }

    private Dialect dialect(Side side) {
        return config.sides().get(side == Side.BLUE ? 0 : 1).dialect();
    }

    /** Holds the writers, compares the side with what they were promised, and lets them go on. */
    void assertCleanOn(Side owner) throws SQLException, InterruptedException {
        workload.pause();
        compare(owner);
        workload.resume();
    }

    /** The same, for the last time. */
    void assertCleanAtTheEndOn(Side owner) throws SQLException, InterruptedException {
        workload.stop();
        compare(owner);
    }

    /** The same, and no client ever had to try again. */
    void assertNobodyRefusedAtTheEndOn(Side owner) throws SQLException, InterruptedException {
        workload.stop();
        LedgerReport report = compare(owner);
        assertThat(report.refused()).as("refused: " + report).isZero();
        assertThat(report.unknown()).as("without an answer: " + report).isZero();
    }

    private LedgerReport compare(Side owner) throws SQLException {
        try (Connection connection = rig.connect(owner)) {
            LedgerReport report = workload.check().check(connection, dialect(owner));
            assertThat(report.clean()).as(report.toString()).isTrue();
            assertThat(report.acknowledged()).as("acknowledged").isPositive();
            return report;
        }
    }

    @Override
    public void close() {
        workload.close();
    }
}
