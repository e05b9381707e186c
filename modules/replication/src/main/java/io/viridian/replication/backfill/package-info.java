/**
 * The first copy of every table, chunk by chunk, merged with the stream by the rule of protocol §2.1. A chunk is read
 * in a snapshot that lives no longer than the chunk, and committed together with its ledger row.
 */
@NullMarked
package io.viridian.replication.backfill;

import org.jspecify.annotations.NullMarked;
