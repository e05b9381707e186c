/** Pages of the documentation that are made from the code, and compared with it by tests. */
@NullMarked
package io.viridian.pages;

import org.jspecify.annotations.NullMarked;
