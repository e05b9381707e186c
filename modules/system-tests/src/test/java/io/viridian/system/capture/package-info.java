/** What every capture engine has to keep, as tests that an engine's module inherits. */
@NullMarked
package io.viridian.system.capture;

import org.jspecify.annotations.NullMarked;
