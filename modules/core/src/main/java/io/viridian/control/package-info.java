/**
 * What an operator sees and may ask for, whatever the surface: HTTP, command line, page. Surfaces call
 * {@link MigrationControl} and nothing deeper; all of it is safe for any thread and answers from memory.
 */
@NullMarked
package io.viridian.control;

import org.jspecify.annotations.NullMarked;
