/**
 * What is migrated: sides, tables, columns, and the {@link Route}s that carry rows from one table to another through
 * SQL expressions. Values are immutable and validated once, by the {@link Planner}; nothing here talks to a server.
 */
@NullMarked
package io.viridian.plan;

import org.jspecify.annotations.NullMarked;
