/**
 * A hostile network between a client and a server, inside this JVM: a proxy that cuts, stalls, delays or loses one
 * direction on demand. Bytes are never changed, because TCP does not do that either.
 */
@NullMarked
package io.viridian.testkit.net;

import org.jspecify.annotations.NullMarked;
