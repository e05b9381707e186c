/**
 * One class per house rule, each with a test that shows it refusing and accepting. The rules in force are the explicit
 * list in {@link io.viridian.tidy.rule.HouseRules}; nothing registers itself.
 */
@NullMarked
package io.viridian.tidy.rule;

import org.jspecify.annotations.NullMarked;
