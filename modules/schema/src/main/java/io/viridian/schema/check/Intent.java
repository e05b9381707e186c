package io.viridian.schema.check;

import io.viridian.feed.CaptureLimits;
import io.viridian.schema.green.SchemaOrigin;

/**
 * How a migration is to be made.
 *
 * @param schema who creates green's tables
 * @param reverse whether rows must be able to travel back, so that green is a source and blue a target too
 * @param capture what the engine that reads the sources cannot carry
 * @param begun whether the migration has a journal: then what we have created is no leftover, and filled targets are as
 *     they should be
 * @param sessionsClosed whether blue is to be closed by its sessions and not by triggers
 */
public record Intent(
        SchemaOrigin schema, boolean reverse, CaptureLimits capture, boolean begun, boolean sessionsClosed) {}
