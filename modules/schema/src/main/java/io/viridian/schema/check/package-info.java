/**
 * The pre-flight checks: everything that would stop a migration later is found before anything of ours exists. One
 * class per refusal, listed in {@link Preflight#CHECKS}. A check changes nothing; where it must try something out it
 * does so in a transaction that is rolled back. What cannot be read counts as refused.
 */
@NullMarked
package io.viridian.schema.check;

import org.jspecify.annotations.NullMarked;
