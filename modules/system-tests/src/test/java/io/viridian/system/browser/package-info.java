/**
 * A real browser without a window, led over its DevTools protocol: what a person sees and clicks, and what the browser
 * complains about. Every wait has a deadline. For the test's thread.
 */
@NullMarked
package io.viridian.system.browser;

import org.jspecify.annotations.NullMarked;
