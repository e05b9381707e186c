package io.viridian.demo;

import io.viridian.testkit.ledger.Dialect;
import java.util.Map;

/** The gift-card bank in green's words: what {@code examples/shop/mapping.yaml} makes of the schema {@code bank}. */
final class BankDialect implements Dialect {
    private static final Map<String, String> TABLES = Map.of(
            "accounts", "vault.account",
            "counters", "vault.counter",
            "slots", "vault.slot",
            "visits", "vault.visit",
            "documents", "vault.document",
            "badges", "vault.badge",
            "entries", "vault.entry");

    private static final Map<String, String> COLUMNS = Map.of(
            "accounts.id", "number",
            "counters.value", "count",
            "slots.token", "chip",
            "visits.operation", "operation_id",
            "documents.title", "heading",
            "documents.body", "content",
            "badges.code", "number",
            "entries.op_id", "operation_id");

    @Override
    public String table(String table) {
        return TABLES.getOrDefault(table, Dialect.super.table(table));
    }

    @Override
    public String column(String table, String column) {
        return COLUMNS.getOrDefault(table + "." + column, column);
    }

    @Override
    public String read(String table, String column) {
        String stored = column(table, column);
        return switch (table + "." + column) {
            case "accounts.id" -> "(" + stored + " - 1000000)";
            case "accounts.balance" -> "(" + stored + " * 100)::bigint";
            case "visits.note" -> "lower(" + stored + ")";
            case "entries.kind" -> "upper(" + stored + ")";
            default -> stored;
        };
    }

    @Override
    public String store(String table, String column, String value) {
        return switch (table + "." + column) {
            case "accounts.id" -> "(" + value + " + 1000000)";
            case "accounts.balance" -> "((" + value + ") / 100.0)";
            case "visits.note" -> "upper(" + value + ")";
            case "entries.kind" -> "lower(" + value + ")";
            default -> value;
        };
    }
}
