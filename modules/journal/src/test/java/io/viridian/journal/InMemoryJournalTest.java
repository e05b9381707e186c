package io.viridian.journal;

import io.viridian.migration.Journal;
import java.util.ArrayList;
import java.util.List;

final class InMemoryJournalTest extends JournalContract {
    private List<Journal.Entry> entries = List.of();

    @Override
    void createJournal() {
        entries = new ArrayList<>();
    }

    @Override
    Journal openedBy(String daemon) {
        return new InMemoryJournal(entries, daemon);
    }
}
