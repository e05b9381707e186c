/**
 * Replication slots and publications: create, inspect, drop. Every change is idempotent: asked for twice it happens
 * once, so a daemon that died in between may ask again.
 */
@NullMarked
package io.viridian.postgres.slot;

import org.jspecify.annotations.NullMarked;
