/**
 * Coming to a database the way that applications come, to see where that leads. One transaction at a time, which is
 * always undone; nothing here waits longer than it was told, and nothing needs a right that an application has not.
 */
@NullMarked
package io.viridian.postgres.route;

import org.jspecify.annotations.NullMarked;
