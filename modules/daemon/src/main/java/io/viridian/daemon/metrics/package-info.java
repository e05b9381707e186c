/**
 * What the daemon measures, for Prometheus. {@link io.viridian.daemon.metrics.MigrationMetrics} reads one consistent
 * view of the migration before each scrape; every name stands in {@link io.viridian.daemon.metrics.Metric}.
 */
@NullMarked
package io.viridian.daemon.metrics;

import org.jspecify.annotations.NullMarked;
