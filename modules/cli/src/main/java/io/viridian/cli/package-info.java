/**
 * The program {@code viridian}: one class per verb. Verbs that concern a running migration talk to its daemon over
 * HTTP; {@code run}, {@code check}, {@code init} and the rest of {@link io.viridian.daemon.LocalCommands} work in this
 * process. Data goes to standard output, talk to standard error, and the exit code says what happened.
 *
 * <p>Everything runs on the caller's thread. A verb knows the outside world only through its
 * {@link io.viridian.cli.Surroundings}, so that tests run it like a function.
 */
@NullMarked
package io.viridian.cli;

import org.jspecify.annotations.NullMarked;
