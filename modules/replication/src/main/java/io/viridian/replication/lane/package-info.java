/**
 * The ordered lane: one thread receives the source's changes, one writes them to the target in windows of whole source
 * transactions, each in one commit with the progress row. Everybody else talks to a lane through its mailbox, which is
 * read between transactions only, so no lock is ever held across a statement.
 */
@NullMarked
package io.viridian.replication.lane;

import org.jspecify.annotations.NullMarked;
