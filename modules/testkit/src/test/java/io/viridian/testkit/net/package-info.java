/** Every mode of the proxy, seen from a client of a real server. */
@NullMarked
package io.viridian.testkit.net;

import org.jspecify.annotations.NullMarked;
