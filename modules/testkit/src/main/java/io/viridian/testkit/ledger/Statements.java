package io.viridian.testkit.ledger;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The SQL of all operations in the words of one side; built once per side, shared by all writers. */
final class Statements {

    final String creditAccount;
    final String incrementCounter;
    final String setToken;
    final String renumberBadge;
    final String rewriteDocument;
    final String retitleDocument;
    final String deleteVisit;
    final String insertVisit;
    final String insertEntry;
    final String probeEntry;

    private final Dialect dialect;

    Statements(Dialect dialect) {
        this.dialect = dialect;
        creditAccount = update("accounts", "id", set("accounts", "balance", read("accounts", "balance") + " + ?"));
        incrementCounter = update("counters", "id", set("counters", "value", read("counters", "value") + " + 1"));
        setToken = update("slots", "id", set("slots", "token", "?"));
        renumberBadge = update("badges", "code", set("badges", "code", "?"), set("badges", "stamp", "?"));
        rewriteDocument = update("documents", "id", set("documents", "body", "?"), set("documents", "revision", "?"));
        retitleDocument = update("documents", "id", set("documents", "title", "?"), set("documents", "revision", "?"));
        deleteVisit = "delete from %s where %s".formatted(dialect.table("visits"), key("visits", "id"));
        insertVisit = insert("visits", "id", "operation", "note");
        insertEntry = insert("entries", "op_id", "writer", "kind");
        probeEntry = insertEntry + " on conflict do nothing";
    }

    private String update(String table, String key, String... assignments) {
        return "update %s set %s where %s"
                .formatted(dialect.table(table), String.join(", ", assignments), key(table, key));
    }

    private String insert(String table, String... columns) {
        return "insert into %s (%s) values (%s)"
                .formatted(
                        dialect.table(table),
                        Arrays.stream(columns)
                                .map(column -> dialect.column(table, column))
                                .collect(Collectors.joining(", ")),
                        Arrays.stream(columns)
                                .map(column -> dialect.store(table, column, "?"))
                                .collect(Collectors.joining(", ")));
    }

    private String set(String table, String column, String value) {
        return dialect.column(table, column) + " = " + dialect.store(table, column, value);
    }

    private String key(String table, String column) {
        return dialect.column(table, column) + " = " + dialect.store(table, column, "?");
    }

    private String read(String table, String column) {
        return dialect.read(table, column);
    }
}
