/**
 * The second capture engine: Debezium's PostgreSQL connector, embedded. It reads the same slot through the same plugin;
 * what it gives are records of Kafka Connect, which become changes again here.
 */
@NullMarked
package io.viridian.debezium;

import org.jspecify.annotations.NullMarked;
