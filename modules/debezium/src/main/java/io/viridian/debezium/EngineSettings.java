package io.viridian.debezium;

import java.util.Properties;

/**
 * How the engine is set up: no snapshot, no publication or slot of its own, every operation, whole transactions with
 * their beginnings and ends, values as text, and an end instead of a guess wherever something fails.
 *
 * @param run names this run; also in JMX, where a name that is taken is tried for a minute
 * @param database the database's name
 * @param slot the slot to read
 * @param publication what it publishes
 */
record EngineSettings(String run, String database, String slot, String publication) {
    /** What may wait between the engine's threads: large rows make few of them. */
    private static final int QUEUE_BYTES = 16 * 1024 * 1024;

    /** It is not used: our connector knows where to go. */
    private static final String ELSEWHERE = "viridian";

    Properties properties() {
        Properties engine = new Properties();
        engine.setProperty("name", "viridian");
        engine.setProperty("connector.class", "io.debezium.connector.postgresql.PostgresConnector");
        engine.setProperty("offset.storage", "org.apache.kafka.connect.storage.MemoryOffsetBackingStore");
        engine.setProperty("offset.flush.interval.ms", "0");
        engine.setProperty("topic.prefix", run);
        engine.setProperty("database.connection.factory.class", EngineConnector.class.getName());
        engine.setProperty("database." + EngineConnector.RUN, run);
        engine.setProperty("database.hostname", ELSEWHERE);
        engine.setProperty("database.user", ELSEWHERE);
        engine.setProperty("database.password", ELSEWHERE);
        engine.setProperty("database.dbname", database);
        engine.setProperty("plugin.name", "pgoutput");
        engine.setProperty("slot.name", slot);
        engine.setProperty("slot.drop.on.stop", "false");
        engine.setProperty("slot.max.retries", "0");
        engine.setProperty("publication.name", publication);
        engine.setProperty("publication.autocreate.mode", "disabled");
        engine.setProperty("snapshot.mode", "no_data");
        engine.setProperty("lsn.flush.mode", "connector");
        engine.setProperty("status.update.interval.ms", "1000");
        engine.setProperty("skipped.operations", "none");
        engine.setProperty("tombstones.on.delete", "false");
        engine.setProperty("provide.transaction.metadata", "true");
        engine.setProperty("include.unknown.datatypes", "true");
        engine.setProperty("converters", "text");
        engine.setProperty("text.type", ValueText.class.getName());
        // Else a value that cannot be converted becomes null.
        engine.setProperty("event.converting.failure.handling.mode", "fail");
        engine.setProperty("event.processing.failure.handling.mode", "fail");
        engine.setProperty("errors.max.retries", "0");
        // What is confirmed goes out with a batch; without changes there is one with each of these.
        engine.setProperty("heartbeat.interval.ms", "200");
        engine.setProperty("poll.interval.ms", "5");
        engine.setProperty("max.queue.size.in.bytes", String.valueOf(QUEUE_BYTES));
        return engine;
    }
}
