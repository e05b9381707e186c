/**
 * The default capture engine: the {@code pgoutput} plugin over the driver's replication API (manual 14-18, sections
 * 55.4, 55.5, 55.9). One thread reads a stream; confirmation may come from any thread.
 */
@NullMarked
package io.viridian.postgres.pgoutput;

import org.jspecify.annotations.NullMarked;
