/** The servers do what their interface promises, on every version we support. */
@NullMarked
package io.viridian.testkit.server;

import org.jspecify.annotations.NullMarked;
