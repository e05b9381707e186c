/**
 * PgBouncer's admin console, and the process that ends a pause when its daemon cannot. Knows nothing of migrations;
 * what is said to a bouncer, and when, is decided in {@code cutover}.
 */
@NullMarked
package io.viridian.postgres.bouncer;

import org.jspecify.annotations.NullMarked;
