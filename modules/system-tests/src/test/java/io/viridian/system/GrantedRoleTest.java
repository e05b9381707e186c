package io.viridian.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.viridian.daemon.engine.Checks;
import io.viridian.migration.StateName;
import io.viridian.plan.Side;
import io.viridian.testkit.server.ServerPair;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A role that is no superuser, with exactly what {@code check --grants} prints for it. */
@Timeout(180)
class GrantedRoleTest {
    private static final String ROLE = "granted_mover";

    @TempDir
    Path directory;

    private Rig rig;

    @BeforeEach
    void createRole() throws Exception {
        rig = new Rig(ServerPair.shared(15, 18), directory);
        for (Side side : Side.values()) {
            rig.execute(side, "create role " + ROLE + " login");
        }
        rig.urls(as(Side.BLUE), as(Side.GREEN)).configure("schema:\n  from: none\n");
    }

    @AfterEach
    void removeRole() throws Exception {
        for (Side side : Side.values()) {
            rig.execute(side, "reassign owned by " + ROLE + " to current_user; drop owned by " + ROLE);
            rig.execute(side, "drop role " + ROLE);
        }
    }

    @Test
    void cutsOverAndComesBack() throws Exception {
        String[] grants = Checks.grants(rig.settings()).split("(?=-- on green)", 2);
        rig.execute(Side.BLUE, grants[0]);
        rig.execute(Side.GREEN, grants[1]);
        for (Side side : Side.values()) {
            rig.execute(side, "create table item (id int primary key, name text); alter table item owner to " + ROLE);
        }
        rig.execute(Side.BLUE, "insert into item select i, 'item ' || i from generate_series(1, 100) i");
        try (DaemonHere daemon = new DaemonHere(rig)) {
            Driver driver = new Driver(daemon);
            driver.reach(StateName.READY);
            assertThat(daemon.control().view().state()).isEqualTo("READY");
            driver.cutover();
            rig.execute(Side.GREEN, "insert into item values (101, 'born on green')");
            driver.rollback();
            assertThat(rig.ask(Side.BLUE, "select name from item where id = 101"))
                    .isEqualTo("born on green");
            driver.abort();
        }
    }

    private String as(Side side) {
        String database = side == Side.BLUE ? rig.blueDatabase : rig.greenDatabase;
        return rig.on(side).url(database).replaceFirst("//[^@]+@", "//" + ROLE + "@");
    }
}
