package io.viridian.system;

import io.viridian.testkit.ledger.Dialect;
import java.util.Map;

/** The ledger's bank as the mapping of {@code transformed/} leads it to green: other names, other types. */
final class TransformedBank implements Dialect {
    private static final Map<String, String> TABLES = Map.of(
            "accounts", "book.account",
            "counters", "book.counter",
            "slots", "book.slot",
            "visits", "book.visit",
            "documents", "book.document",
            "badges", "book.badge",
            "entries", "book.entry");

    private static final Map<String, String> COLUMNS = Map.of(
            "accounts.id", "account_id",
            "accounts.balance", "amount",
            "counters.id", "counter_id",
            "counters.value", "total",
            "slots.id", "slot_id",
            "visits.id", "visit_id",
            "visits.operation", "by_operation",
            "documents.id", "document_id",
            "documents.body", "content",
            "entries.op_id", "operation_id");

    @Override
    public String table(String table) {
        return TABLES.getOrDefault(table, table);
    }

    @Override
    public String column(String table, String column) {
        return table.equals("entries") && column.equals("ticket")
                ? "ticket_no"
                : COLUMNS.getOrDefault(table + "." + column, column);
    }

    @Override
    public String read(String table, String column) {
        String own = column(table, column);
        return switch (table + "." + column) {
            case "accounts.balance" -> "(" + own + " * 100)::bigint";
            case "counters.value", "slots.token" -> own + "::bigint";
            case "documents.body" -> "reverse(" + own + ")";
            default -> own;
        };
    }

    @Override
    public String store(String table, String column, String value) {
        return switch (table + "." + column) {
            case "accounts.balance" -> "((" + value + ") / 100.0)::numeric(20, 2)";
            case "slots.token" -> "(" + value + ")::bigint::text";
            case "documents.body" -> "reverse(" + value + ")";
            default -> value;
        };
    }
}
