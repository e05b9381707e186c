package io.viridian.tidy.rule;

import static io.viridian.tidy.rule.Snippet.refusedLines;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TypeNamesTest {
    private final Rule rule = new TypeNames();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SlotManager",
                "ManagerOfSlots",
                "CopyHelper",
                "SqlUtil",
                "SqlUtils",
                "CommonSql",
                "BaseStep",
                "AbstractStep",
                "JournalImpl",
                "SlotInfo",
                "ChunkData",
                "EventProcessor"
            })
    void refusesWordsThatFitAnyClass(String name) {
        assertThat(refusedLines(rule, Snippet.production("class Outer {\nrecord " + name + "() {}\n}")))
                .containsExactly(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Database",
                "Base64",
                "BaseBackup",
                "DataRow",
                "InfoSchema",
                "Abstraction",
                "Implied",
                "Commonality",
                "PostgresJournal"
            })
    void acceptsNamesThatOnlyLookAlike(String name) {
        assertThat(refusedLines(rule, Snippet.production("interface " + name + " {}")))
                .isEmpty();
    }

    @Test
    void looksAtTypesOnly() {
        assertThat(refusedLines(rule, Snippet.production("class S { int rowData; void callHelper() {} }")))
                .isEmpty();
    }
}
