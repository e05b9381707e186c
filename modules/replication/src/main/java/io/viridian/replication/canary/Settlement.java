package io.viridian.replication.canary;

import io.viridian.fault.CrashPoint;
import io.viridian.fault.Fault;
import io.viridian.fault.FaultCode;
import io.viridian.fault.FaultException;
import io.viridian.feed.Tuple;
import io.viridian.migration.ConflictPolicy;
import io.viridian.plan.Direction;
import io.viridian.plan.RowKey;
import io.viridian.plan.RowPair;
import io.viridian.plan.Side;
import io.viridian.plan.SourceColumn;
import io.viridian.plan.Sql;
import io.viridian.postgres.Session;
import io.viridian.replication.apply.RowChange;
import io.viridian.replication.apply.Slice;
import io.viridian.replication.apply.SliceWriter;
import io.viridian.replication.apply.SourceLayout;
import io.viridian.replication.lane.LaneSettings;
import io.viridian.replication.lane.WriterSettings;
import io.viridian.time.Waiter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes rows equal on both sides while nobody writes their tables on either. The row that goes is overwritten, and the
 * conflict kept with both images, in one transaction of the side where it goes; the other side has nothing to write.
 * One thread.
 */
final class Settlement implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Settlement.class);

    /** Writers queue behind a lock that is asked for. */
    private static final String LOCK_TIMEOUT = "set local lock_timeout = '500ms'";

    private static final String IN_USE = "55006";
    private static final int LOCK_ATTEMPTS = 20;
    private static final Duration BETWEEN_ATTEMPTS = Duration.ofMillis(200);

    private static final String KEEP = """
            insert into viridian.conflict (migration, target, key, kind, blue_row, green_row, blue_at, green_at,
                blue_lsn, green_lsn, policy, outcome)
            values (?, ?, ?::text[], ?, ?::jsonb, ?::jsonb, to_timestamp(?::double precision / 1000),
                to_timestamp(?::double precision / 1000), ?::pg_lsn, ?::pg_lsn, ?, ?)
            """;

    private final CanaryParts parts;
    private final Map<Side, Session> sessions = new EnumMap<>(Side.class);
    private final Set<Side> written = EnumSet.noneOf(Side.class);

    private Settlement(CanaryParts parts) {
        this.parts = parts;
    }

    /** Locks the tables of these rows against writers on both sides. */
    static Settlement behindLocks(CanaryParts parts, List<RowKey> rows) {
        Settlement settlement = new Settlement(parts);
        try {
            for (Side side : Side.values()) {
                settlement.open(side);
            }
            settlement.lock(rows);
            return settlement;
        } catch (RuntimeException failure) {
            settlement.close();
            throw failure;
        }
    }

    private void open(Side side) {
        Session session = parts.on(side).open("settling");
        sessions.put(side, session);
        WriterSettings.apply(session, parts.migration());
        try {
            session.list(
                    "select pg_replication_origin_session_setup(?)",
                    row -> 1,
                    LaneSettings.settlingOriginOf(parts.migration()));
        } catch (FaultException refused) {
            throw refused.fault().sqlState().equals(IN_USE) ? stillInUse(side, refused) : refused;
        }
    }

    /** A session that the network cut off may live on for a while on the server. */
    private static FaultException stillInUse(Side side, FaultException refused) {
        return new Fault(
                        side == Side.BLUE ? FaultCode.BLUE_BUSY : FaultCode.GREEN_BUSY,
                        refused.fault().detail(),
                        refused.fault().object(),
                        IN_USE)
                .asException(refused);
    }

    private Session on(Side side) {
        Session session = sessions.get(side);
        if (session == null) {
            throw new IllegalStateException("no session on " + side);
        }
        return session;
    }

    private void lock(List<RowKey> rows) {
        Waiter waiter = new Waiter();
        for (int attempt = 1; ; attempt++) {
            try {
                for (Side side : List.of(Side.GREEN, Side.BLUE)) {
                    Session session = on(side);
                    session.begin();
                    session.execute(LOCK_TIMEOUT);
                    session.execute("lock table " + tables(side, rows) + " in share row exclusive mode");
                    requireOurs(session);
                }
                return;
            } catch (FaultException busy) {
                sessions.values().forEach(Session::rollback);
                boolean patient = busy.code() == FaultCode.BLUE_BUSY || busy.code() == FaultCode.GREEN_BUSY;
                if (!patient || attempt >= LOCK_ATTEMPTS) {
                    throw busy;
                }
            }
            try {
                waiter.await(BETWEEN_ATTEMPTS);
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                throw Fault.of(FaultCode.STREAM_BROKEN, "settling was broken off")
                        .asException(stopped);
            }
        }
    }

    private String tables(Side side, List<RowKey> rows) {
        return rows.stream()
                .map(row -> pair(row).on(side).sql())
                .distinct()
                .sorted()
                .collect(Collectors.joining(", "));
    }

    /** A daemon that was replaced settles nothing. */
    private void requireOurs(Session session) {
        boolean ours = session.first(
                        "select 1 from viridian.progress where migration = ? and epoch = ? for share",
                        row -> true,
                        parts.migration(),
                        parts.daemonEpoch())
                .isPresent();
        if (!ours) {
            throw Fault.about(
                            FaultCode.HELD_BY_ANOTHER,
                            parts.migration(),
                            "another daemon has taken over; this one settles nothing any more")
                    .asException();
        }
    }

    private RowPair pair(RowKey row) {
        return parts.pairs().stream()
                .filter(pair -> pair.on(Side.BLUE).equals(row.table()))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no pair of " + row));
    }

    /** Makes one row equal; {@link #commit} follows. */
    Settled settle(
            RowKey row,
            List<Touch> blue,
            List<Touch> green,
            ConflictPolicy policy,
            Marks.Mark here,
            BiFunction<Direction, RowKey, SourceLayout> layouts) {
        Optional<String> blueImage = image(Side.BLUE, row);
        Optional<String> greenImage = image(Side.GREEN, row);
        ConflictKind kind = ConflictKind.of(blue, green, blueImage.isPresent() && greenImage.isPresent());
        boolean agreed = blueImage.isEmpty() && greenImage.isEmpty();
        Side winner = agreed
                ? Side.BLUE
                : winner(policy, blue, green)
                        .orElseThrow(() -> undecided(row, kind, blue, green, blueImage, greenImage));
        Direction direction = Direction.from(winner);
        if (!agreed) {
            overwrite(direction, row, layouts.apply(direction, row));
        }
        String outcome = agreed ? "agreed" : winner.text() + "-wins";
        Side loser = winner.other();
        on(loser)
                .update(
                        KEEP,
                        parts.migration(),
                        row.table().toString(),
                        row.key().toArray(String[]::new),
                        kind.text(),
                        blueImage.orElse(null),
                        greenImage.orElse(null),
                        blue.getLast().at().toEpochMilli(),
                        green.getLast().at().toEpochMilli(),
                        here.blue().toString(),
                        here.green().toString(),
                        policy.text(),
                        outcome);
        written.add(loser);
        return new Settled(row, new ConflictCount(direction, kind, outcome));
    }

    private static Optional<Side> winner(ConflictPolicy policy, List<Touch> blue, List<Touch> green) {
        return switch (policy) {
            case HALT -> Optional.empty();
            case BLUE_WINS -> Optional.of(Side.BLUE);
            case GREEN_WINS -> Optional.of(Side.GREEN);
            case NEWEST_WINS ->
                Optional.of(green.getLast().at().isAfter(blue.getLast().at()) ? Side.GREEN : Side.BLUE);
        };
    }

    private static FaultException undecided(
            RowKey row,
            ConflictKind kind,
            List<Touch> blue,
            List<Touch> green,
            Optional<String> blueImage,
            Optional<String> greenImage) {
        return Fault.about(
                        FaultCode.CANARY_CONFLICT,
                        row.table().toString(),
                        kind.text() + " of row " + row.key() + " of " + row.table() + ": blue has "
                                + blueImage.orElse("no such row") + " since "
                                + blue.getLast().at() + ", green has " + greenImage.orElse("no such row") + " since "
                                + green.getLast().at()
                                + "; neither had seen the other, and both streams stop before it")
                .asException();
    }

    private Optional<String> image(Side side, RowKey row) {
        RowPair pair = pair(row);
        return on(side).first(
                        "select to_jsonb(t)::text from " + pair.on(side).sql() + " t where " + condition(side, pair),
                        found -> found.text(1),
                        row.key().toArray());
    }

    private static String condition(Side side, RowPair pair) {
        List<String> conditions = new ArrayList<>();
        for (String name : pair.key(side)) {
            SourceColumn column =
                    pair.from(side).sourceColumns().get(pair.from(side).sourceIndex(name));
            conditions.add("t." + Sql.identifier(name) + " = (?::text)::"
                    + column.type().sql());
        }
        return String.join(" and ", conditions);
    }

    private void overwrite(Direction direction, RowKey row, SourceLayout layout) {
        RowPair pair = pair(row);
        Side from = direction.source();
        List<String> columns = layout.source().columns().stream()
                .map(column -> "t." + Sql.identifier(column.name()) + "::text")
                .toList();
        Optional<Tuple> found = on(from).first(
                        "select " + String.join(", ", columns) + " from "
                                + pair.on(from).sql() + " t where " + condition(from, pair),
                        one -> {
                            @Nullable String[] values = new @Nullable String[columns.size()];
                            for (int index = 0; index < values.length; index++) {
                                values[index] = one.nullableText(index + 1);
                            }
                            return new Tuple(values);
                        },
                        row.key().toArray());
        Slice slice = new Slice();
        slice.add(found.<RowChange>map(whole -> new RowChange.Insert(layout, layout.key(whole), whole))
                .orElseGet(() -> gone(layout, pair, from, row)));
        new SliceWriter(on(direction.target()), false, (source, key) -> Optional.empty()).write(slice);
    }

    private static RowChange gone(SourceLayout layout, RowPair pair, Side from, RowKey row) {
        @Nullable
        String[] values = new @Nullable String[layout.source().columns().size()];
        for (int part = 0; part < row.key().size(); part++) {
            values[layout.source().index(pair.key(from).get(part))] = row.key().get(part);
        }
        Tuple old = new Tuple(values);
        return new RowChange.Delete(layout, layout.key(old), old);
    }

    /** Each side's own, one after the other: what is not committed when the daemon dies is still contested. */
    void commit() {
        parts.failpoints().pass(CrashPoint.CANARY_BEFORE_SETTLING);
        for (Side side : written) {
            on(side).commit();
            parts.failpoints().pass(CrashPoint.CANARY_SETTLED);
        }
    }

    @Override
    public void close() {
        for (Session session : sessions.values()) {
            session.rollback();
            letGo(session);
            session.close();
        }
    }

    /** The server ends a session only some time after it was closed, and until then nobody else may use its origin. */
    private static void letGo(Session session) {
        try {
            session.execute(
                    "do $$ begin perform pg_replication_origin_session_reset(); exception when others then null; end $$");
        } catch (FaultException gone) {
            LOG.debug("the session was gone already", gone);
        }
    }
}
