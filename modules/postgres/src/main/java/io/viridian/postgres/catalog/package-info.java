/** Reads tables, keys, sequences and replica identities out of the system catalogs, as the plan's records. */
@NullMarked
package io.viridian.postgres.catalog;

import org.jspecify.annotations.NullMarked;
