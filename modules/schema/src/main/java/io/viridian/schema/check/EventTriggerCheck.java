package io.viridian.schema.check;

import io.viridian.fault.FaultException;
import io.viridian.plan.Finding;
import io.viridian.plan.Side;
import io.viridian.postgres.Session;
import java.util.List;

/** Whether blue lets us notice DDL at the statement. Tried, because managed services have rules of their own. */
final class EventTriggerCheck implements Check {
    private static final String NO_PRIVILEGE = "42501";

    private static final String TRY = """
            set local lock_timeout = '2s';
            create function pg_temp.viridian_try() returns event_trigger language plpgsql as 'begin end';
            create event trigger viridian_try on ddl_command_end execute function pg_temp.viridian_try()
            """;

    @Override
    public String id() {
        return "event-trigger";
    }

    @Override
    public List<Finding> run(CheckContext context) {
        try (Session session = context.on(Side.BLUE).open("check")) {
            session.begin();
            session.execute(TRY);
            session.rollback();
            return List.of();
        } catch (FaultException failure) {
            if (!failure.fault().sqlState().equals(NO_PRIVILEGE)) {
                throw failure;
            }
            return List.of(Finding.warning(
                    "blue.event-trigger",
                    context.on(Side.BLUE).endpoint().user(),
                    "no event trigger can be created on blue ("
                            + failure.fault().detail()
                            + "): a changed table is noticed only with its next row, a new table only by comparing catalogs",
                    "make the role superuser, or let nobody change blue's schema while the migration runs"));
        }
    }
}
