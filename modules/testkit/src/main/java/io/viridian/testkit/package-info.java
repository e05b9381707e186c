/**
 * What every test needs and no test should write twice. The packages below start real servers ({@code server}), write
 * to them while remembering what was promised ({@code ledger}), look for leftovers ({@code leak}) and break the network
 * ({@code net}). Nothing here is ever part of the daemon.
 */
@NullMarked
package io.viridian.testkit;

import org.jspecify.annotations.NullMarked;
