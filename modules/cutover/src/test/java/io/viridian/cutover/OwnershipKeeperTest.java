package io.viridian.cutover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.viridian.cutover.OwnershipKeeper.Found;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.plan.Direction;
import io.viridian.plan.Side;
import io.viridian.postgres.Database;
import io.viridian.testkit.net.TcpProxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
final class OwnershipKeeperTest {
    private Pair pair;
    private long daemonEpoch = 1;

    @BeforeEach
    void createPair() throws SQLException {
        pair = Pair.create();
    }

    @AfterEach
    void closePair() {
        pair.close();
    }

    private Found look(Side owner) throws InterruptedException {
        return new OwnershipKeeper(pair.blue, pair.green, Pair.MIGRATION, Closing.GUARD, () -> daemonEpoch).look(owner);
    }

    /** Until the target of the direction owns. */
    private long switched(Direction direction) throws InterruptedException {
        pair.rig().complete(Direction.FORWARD);
        if (direction == Direction.REVERSE) {
            pair.rig().complete(Direction.REVERSE);
        }
        return pair.row(direction.target()).epoch();
    }

    /** As a standby says that has not received the last transfer. */
    private void forgets(Side side, String owner, long epoch, String state) {
        pair.on(side)
                .run(session -> session.transaction(() -> {
                    session.update(
                            "update viridian.ownership set owner = ?, epoch = ?, state = ?, fence_lsn = null",
                            owner,
                            epoch,
                            state);
                    if (state.equals("OPEN")) {
                        pair.guard().open(session, epoch);
                    } else {
                        pair.guard().close(session, epoch);
                    }
                }));
    }

    private void write(Side side) throws SQLException {
        try (Connection application = pair.application(side);
                Statement statement = application.createStatement()) {
            statement.execute("insert into public.accounts select coalesce(max(id), 0) + 1, 0 from public.accounts");
        }
    }

    private void assertOnlyWritable(Side side) throws SQLException {
        write(side);
        assertThatThrownBy(() -> write(side.other()))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("closed for writes");
    }

    @Test
    void beforeAnySwitchNothingIsAmiss() throws InterruptedException, SQLException {
        assertThat(look(Side.BLUE)).isEqualTo(new Found.Nothing());
        assertOnlyWritable(Side.BLUE);
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void afterASwitchNothingIsAmiss(Direction direction) throws InterruptedException, SQLException {
        switched(direction);
        assertThat(look(direction.target())).isEqualTo(new Found.Nothing());
        assertOnlyWritable(direction.target());
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void aSideThatForgotItsHandOverIsClosedAgainAndAPersonIsTold(Direction direction)
            throws InterruptedException, SQLException {
        long epoch = switched(direction);
        Side forgetful = direction.source();
        forgets(forgetful, forgetful.text(), epoch - 1, "OPEN");
        write(forgetful);

        Found found = look(direction.target());

        assertThat(found).isInstanceOfSatisfying(Found.FenceLost.class, lost -> {
            assertThat(lost.fault().code()).isEqualTo(FaultCode.FENCE_LOST);
            assertThat(lost.fault().object()).isEqualTo(forgetful.text());
            assertThat(lost.fault().detail()).contains("epoch " + (epoch - 1), "epoch " + epoch, "closed again at ");
        });
        assertOnlyWritable(direction.target());
        assertThat(pair.row(forgetful).state()).isEqualTo(Ownership.State.TRANSFERRED);
        assertThat(OwnershipRows.recover(pair.blue, pair.green, Pair.MIGRATION))
                .isEqualTo(new Recovery.EnsureRouting(direction.target(), epoch));
        assertThat(look(direction.target())).isEqualTo(new Found.Nothing());
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void anOwnerThatForgotItsOpeningIsOpenedAgain(Direction direction) throws InterruptedException, SQLException {
        long epoch = switched(direction);
        Side owner = direction.target();
        boolean first = direction == Direction.FORWARD;
        forgets(owner, owner.other().text(), first ? 1 : epoch - 1, first ? "CLOSED" : "TRANSFERRED");

        Found found = look(owner);

        assertThat(found).isInstanceOf(Found.OpenedAgain.class);
        assertOnlyWritable(owner);
        assertThat(pair.row(owner).epoch()).isEqualTo(epoch);
        assertThat(look(owner)).isEqualTo(new Found.Nothing());
    }

    @ParameterizedTest
    @EnumSource(Direction.class)
    void aGuardThatSomebodyOpenedIsClosedAgain(Direction direction) throws InterruptedException, SQLException {
        long epoch = switched(direction);
        Side follower = direction.source();
        pair.on(follower).run(session -> pair.guard().open(session, epoch));

        assertThat(look(direction.target())).isInstanceOf(Found.ClosedAgain.class);

        assertOnlyWritable(direction.target());
        assertThat(pair.guardOf(follower)).isEqualTo(new GuardState.Closed(Pair.MIGRATION, epoch));
        assertThat(look(direction.target())).isEqualTo(new Found.Nothing());
    }

    @Test
    void aGuardOfTheOwnerThatSomebodyClosedIsOpenedAgain() throws InterruptedException, SQLException {
        pair.on(Side.BLUE).run(session -> pair.guard().close(session, 1));

        assertThat(look(Side.BLUE)).isInstanceOf(Found.OpenedAgain.class);

        assertOnlyWritable(Side.BLUE);
    }

    @Test
    void aGuardThatIsGoneFromTheSideThatDoesNotOwnIsTold() throws InterruptedException {
        pair.on(Side.GREEN).run(session -> session.execute("drop function viridian.guard() cascade"));

        assertThat(look(Side.BLUE))
                .isInstanceOfSatisfying(
                        Found.Contradiction.class,
                        one -> assertThat(one.fault().detail()).contains("its guard is gone"));
    }

    @Test
    void aDaemonThatWasReplacedChangesNothing() throws InterruptedException {
        switched(Direction.FORWARD);
        forgets(Side.BLUE, "blue", 1, "OPEN");
        pair.on(Side.BLUE).run(session -> session.execute("update viridian.progress set epoch = 2"));

        assertThatThrownBy(() -> look(Side.GREEN))
                .isInstanceOfSatisfying(
                        FaultException.class,
                        one -> assertThat(one.fault().code()).isEqualTo(FaultCode.HELD_BY_ANOTHER));
        assertThat(pair.row(Side.BLUE).state()).isEqualTo(Ownership.State.OPEN);
        daemonEpoch = 2;
        assertThat(look(Side.GREEN)).isInstanceOf(Found.FenceLost.class);
    }

    /** Either the journal is from yesterday or somebody has switched since: both are for others to decide. */
    @Test
    void whatNoSingleLossExplainsIsToldAndChangesNothing() throws InterruptedException {
        switched(Direction.REVERSE);

        assertThat(look(Side.GREEN))
                .isInstanceOfSatisfying(
                        Found.Contradiction.class,
                        one -> assertThat(one.fault().code()).isEqualTo(FaultCode.OWNERSHIP_IMPOSSIBLE));
        assertThat(OwnershipRows.recover(pair.blue, pair.green, Pair.MIGRATION))
                .isEqualTo(new Recovery.EnsureRouting(Side.BLUE, 3));
        pair.on(Side.BLUE).run(session -> session.execute("delete from viridian.ownership"));
        assertThat(look(Side.BLUE)).isInstanceOf(Found.Contradiction.class);
    }

    @Test
    void fromASideThatDoesNotAnswerNothingFollows() throws InterruptedException {
        switched(Direction.FORWARD);
        forgets(Side.GREEN, "blue", 1, "CLOSED");
        try (TcpProxy nowhere = TcpProxy.to(pair.blueServer)) {
            nowhere.cut();
            try (Database gone = Pair.database(Side.BLUE, pair.blueServer, nowhere.jdbcUrl(pair.databaseName()))) {
                OwnershipKeeper keeper = new OwnershipKeeper(gone, pair.green, Pair.MIGRATION, Closing.GUARD, () -> 1);
                assertThat(keeper.look(Side.GREEN)).isEqualTo(new Found.Nothing());
            }
        }
        assertThat(pair.row(Side.GREEN).state()).isEqualTo(Ownership.State.CLOSED);
    }
}
