package io.viridian.migration;

import java.util.List;
import java.util.Optional;

/** Where operations are kept. Implementations survive a restart of the daemon and are safe for any thread. */
public interface Operations {
    /** Keeps a new operation, or a later form of one already kept. */
    void save(Operation operation);

    Optional<Operation> find(String id);

    /** Those that are not finished, oldest first. */
    List<Operation> unfinished();

    /** The newest, newest first. */
    List<Operation> recent(int most);
}
