/**
 * The change stream as the core sees it: row changes of one server in commit order, whatever engine captures them, and
 * the snapshots that decide which of those transactions a read has already seen. An engine implements
 * {@link ChangeSource}; nothing here knows the wire format.
 */
@NullMarked
package io.viridian.feed;

import org.jspecify.annotations.NullMarked;
