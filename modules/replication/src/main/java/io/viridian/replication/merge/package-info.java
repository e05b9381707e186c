/**
 * Merging the backfill with the stream (protocol §2.1). Key space of a table is copied, open (a chunk of it is being
 * read) or ahead. Events for copied space are applied; events for the rest stay in the unsettled set until a snapshot
 * proves them visible, and are recorded in the windows of open chunks. Everything here runs on the lane's thread,
 * except where a method says otherwise.
 */
@NullMarked
package io.viridian.replication.merge;

import org.jspecify.annotations.NullMarked;
