package io.viridian.cutover;

import io.viridian.fault.FaultException;
import io.viridian.plan.Side;
import io.viridian.postgres.Database;
import io.viridian.postgres.Row;
import io.viridian.postgres.Session;
import java.util.Locale;
import java.util.Optional;

/** The ownership rows of both sides, and what follows from them. Stateless; any thread. */
public final class OwnershipRows {
    private static final String READ = """
            select side, owner, epoch, state, fence_lsn::text, reverse_lsn::text, nonce
            from viridian.ownership where migration = ?
            """;

    private static final String CREATE = """
            insert into viridian.ownership (migration, side, owner, epoch, state, changed_at)
            values (?, ?, 'blue', ?, ?, clock_timestamp()) on conflict (migration) do nothing
            """;

    /** A side that is open already is changed to what it is: its row stays locked until the guard is open, too. */
    private static final String OPEN = """
            update viridian.ownership
            set owner = ?, epoch = ?, state = 'OPEN', nonce = null, changed_at = clock_timestamp()
            where migration = ? and (epoch < ? or (epoch = ? and state = 'OPEN'))
            """;

    private OwnershipRows() {}

    /**
     * Makes the session's side the owner at this epoch, as part of the session's transaction; the guard is the
     * caller's.
     *
     * @return false when the row says something later, or does not exist; nothing was changed then
     */
    static boolean open(Session session, String migration, long epoch) {
        return session.update(OPEN, session.side().text(), epoch, migration, epoch, epoch) == 1;
    }

    /** The row on the session's side; empty when there is none, or no table for it. */
    public static Optional<Ownership> read(Session session, String migration) {
        boolean table = session.one("select to_regclass('viridian.ownership') is not null", row -> row.truth(1));
        return table ? session.first(READ, OwnershipRows::ownership, migration) : Optional.empty();
    }

    private static Ownership ownership(Row row) {
        return new Ownership(
                Side.parse(row.text(1)),
                Side.parse(row.text(2)),
                row.number(3),
                Ownership.State.valueOf(row.text(4).toUpperCase(Locale.ROOT)),
                row.optionalLsn(5),
                row.optionalLsn(6),
                row.optionalText(7));
    }

    /** Creates the first row of the session's side unless there is one: blue owns and is open, green is closed. */
    public static void create(Session session, String migration) {
        session.update(
                CREATE,
                migration,
                session.side().text(),
                Guard.FIRST_EPOCH,
                (session.side() == Side.BLUE ? Ownership.State.OPEN : Ownership.State.CLOSED).name());
    }

    /** Asks one side; never throws for a side that does not answer. */
    public static Reading ask(Database database, String migration) {
        try {
            Optional<Ownership> row = database.query(session -> read(session, migration));
            return row.isPresent() ? new Reading.Says(row.get()) : new Reading.Nothing();
        } catch (FaultException failure) {
            return new Reading.Unreachable(failure.fault().sentence());
        }
    }

    /** Asks both sides and says what follows. */
    public static Recovery recover(Database blue, Database green, String migration) {
        return recover(ask(blue, migration), ask(green, migration));
    }

    /** The recovery table: a pure function of what both sides say. */
    public static Recovery recover(Reading blue, Reading green) {
        if (blue instanceof Reading.Unreachable(String why)) {
            return new Recovery.Unknown("blue does not answer: " + why);
        }
        if (green instanceof Reading.Unreachable(String why)) {
            return new Recovery.Unknown("green does not answer: " + why);
        }
        if (blue instanceof Reading.Says(Ownership one) && green instanceof Reading.Says(Ownership other)) {
            return decide(one, other);
        }
        // Blue's row is written first, and only blue's first row is open: a lone open blue is a preparation cut short.
        if (blue instanceof Reading.Says(Ownership row) && row.state() == Ownership.State.OPEN && row.consistent()) {
            return new Recovery.Normal(Side.BLUE, row.epoch());
        }
        return new Recovery.Unknown("blue says " + word(blue) + ", green says " + word(green));
    }

    private static Recovery decide(Ownership blue, Ownership green) {
        boolean sides = blue.side() == Side.BLUE && green.side() == Side.GREEN;
        boolean bothOpen = blue.state() == Ownership.State.OPEN && green.state() == Ownership.State.OPEN;
        if (!sides || !blue.consistent() || !green.consistent() || bothOpen) {
            return contradiction(blue, green);
        }
        if (blue.state() == Ownership.State.OPEN) {
            return opened(blue, green);
        }
        if (green.state() == Ownership.State.OPEN) {
            return opened(green, blue);
        }
        return nobodyOpen(blue, green);
    }

    /** The closed side must have handed over at this epoch or before, or never have owned anything. */
    private static Recovery opened(Ownership open, Ownership closed) {
        boolean never = closed.state() == Ownership.State.CLOSED && closed.epoch() <= open.epoch();
        if (never && open.side() == Side.BLUE) {
            return new Recovery.Normal(open.side(), open.epoch());
        }
        boolean handedOver = closed.state() == Ownership.State.TRANSFERRED && closed.epoch() <= open.epoch();
        return handedOver ? new Recovery.EnsureRouting(open.side(), open.epoch()) : contradiction(open, closed);
    }

    /** The later transfer decides; the side it names was on its way to being opened. */
    private static Recovery nobodyOpen(Ownership blue, Ownership green) {
        Ownership later = blue.epoch() > green.epoch() ? blue : green;
        boolean transfer = later.state() == Ownership.State.TRANSFERRED && blue.epoch() != green.epoch();
        return transfer ? new Recovery.RollForward(later.owner(), later.epoch()) : contradiction(blue, green);
    }

    private static Recovery contradiction(Ownership one, Ownership other) {
        return new Recovery.Impossible(word(one) + ", while " + word(other));
    }

    private static String word(Reading reading) {
        return switch (reading) {
            case Reading.Says(Ownership row) -> word(row);
            case Reading.Nothing _ -> "nothing";
            case Reading.Unreachable(String why) -> why;
        };
    }

    private static String word(Ownership row) {
        return row.side().text() + " is " + row.state() + " with owner "
                + row.owner().text() + " at epoch " + row.epoch();
    }
}
