/**
 * The conditions of a switch, one small class each, in one explicit list. They only read, on pooled sessions and with a
 * limit of time; a condition that cannot be read has failed. A rollback asks the same questions with the sides swapped.
 */
@NullMarked
package io.viridian.cutover.gate;

import org.jspecify.annotations.NullMarked;
