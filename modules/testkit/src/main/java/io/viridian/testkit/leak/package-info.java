/**
 * What a test, or a migration, leaves behind: on the servers (slots, publications, triggers, settings, sessions, locks)
 * and in this JVM (threads). A daemon that cleans up after itself is a promise like any other, so it is checked.
 */
@NullMarked
package io.viridian.testkit.leak;

import org.jspecify.annotations.NullMarked;
