/**
 * Whole migrations on real servers, as their users live through them: under writers who keep a ledger, through death of
 * the daemon and of the servers, there and back. Tests share servers and take a fresh database each; those that stop
 * or freeze a server have their own. What takes longer than {@code make test} may runs in {@code make chaos}.
 */
@NullMarked
package io.viridian.system;

import org.jspecify.annotations.NullMarked;
