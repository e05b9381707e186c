/**
 * Real PostgreSQL servers for tests: started in well under a second, stopped, killed, frozen and thawed at will. Where
 * a Docker engine answers they may be containers, everywhere else they are child processes of this JVM; tests cannot
 * tell the difference and should not try. Every server that a JVM starts ends with that JVM, however it ends.
 */
@NullMarked
package io.viridian.testkit.server;

import org.jspecify.annotations.NullMarked;
